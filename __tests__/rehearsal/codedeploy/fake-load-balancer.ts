import { text } from "node:stream/consumers";
import type { Clock } from "../../../src/rehearsal/codedeploy/clock";
import { FakeServer } from "./fake-server";

interface Rule {
  readonly arn: string;
  /** An ARN of a listener for its default rule. */
  readonly listener: string;
  /** Weights by the name of a target group, or none for a rule that does not forward. */
  weights?: Readonly<Record<string, number>>;
  /** Whether users stay at a target group. */
  sticky?: boolean;
}

/** A change of a rule, and minutes since the clock was started. */
export interface Rerouted {
  readonly atMinutes: number;
  readonly rule: string;
  readonly weights: Readonly<Record<string, number>>;
}

/** The API of load balancers over HTTP, with the target groups `one` and `two`. */
export class FakeLoadBalancer {
  readonly rules: Rule[] = [];
  readonly moves: Rerouted[] = [];
  /** Refuses each change with this code. */
  refusal?: string;
  private readonly startedAt: number;
  private readonly server = new FakeServer(async (request, response) => {
    const input = new URLSearchParams(await text(request));
    const action = input.get("Action") ?? "";
    if (this.refusal !== undefined && action.startsWith("Modify")) {
      const error = `<Error><Code>${this.refusal}</Code><Message>no &amp; no</Message></Error>`;
      response.writeHead(400).end(`<ErrorResponse>${error}</ErrorResponse>`);
      return;
    }
    const result = this.answer(action, input);
    response.end(`<?xml version="1.0"?>\n<${action}Response xmlns="http://elb"><${action}Result>\n${result}
</${action}Result></${action}Response>`);
  });

  constructor(private readonly clock: Clock) {
    this.startedAt = clock.now().getTime();
  }

  listen(): Promise<string> {
    return this.server.listen();
  }

  close(): void {
    this.server.close();
  }

  weightsOf(rule: string): Rule["weights"] {
    return this.rules.find(({ arn }) => arn === rule)?.weights;
  }

  private answer(action: string, input: URLSearchParams): string {
    if (action === "DescribeTargetGroups") {
      const groups = ["one", "two"].filter((name) => [...input.values()].includes(name));
      return list("TargetGroups", groups, (name) => [
        ["TargetGroupName", name],
        ["TargetGroupArn", targetGroupArn(name)],
      ]);
    }
    if (action === "DescribeRules") {
      const rules = this.rules.filter(({ listener }) => listener === input.get("ListenerArn"));
      return list("Rules", rules, ({ arn, listener, weights, sticky }) => [
        ["RuleArn", arn],
        ["IsDefault", String(arn === listener)],
        ["Actions", actionOf(weights, sticky)],
      ]);
    }
    this.move(input);
    return "";
  }

  private move(input: URLSearchParams): void {
    const rule = input.get("RuleArn") ?? input.get("ListenerArn") ?? "";
    const found = this.rules.find(({ arn }) => arn === rule);
    const prefix = `${input.has("RuleArn") ? "" : "Default"}Actions.member.1.`;
    const weights: Record<string, number> = {};
    const all = input.get(`${prefix}TargetGroupArn`);
    if (all !== null) weights[nameOf(all)] = 1;
    for (const index of [1, 2]) {
      const member = `${prefix}ForwardConfig.TargetGroups.member.${index}.`;
      const arn = input.get(`${member}TargetGroupArn`);
      if (arn !== null) weights[nameOf(arn)] = Number(input.get(`${member}Weight`));
    }
    if (found !== undefined) {
      found.weights = weights;
      found.sticky = input.get(`${prefix}ForwardConfig.TargetGroupStickinessConfig.Enabled`) === "true";
    }
    this.moves.push({ atMinutes: (this.clock.now().getTime() - this.startedAt) / 60_000, rule, weights });
  }
}

export function targetGroupArn(name: string): string {
  return `arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/${name}/0123456789abcdef`;
}

function nameOf(arn: string): string {
  return arn.split("/").at(-2) ?? "";
}

function actionOf(weights: Rule["weights"], sticky = false): string {
  if (weights === undefined) return "<member><Type>fixed-response</Type></member>";
  const [[only] = []] = Object.entries(weights);
  const type = "<Type>forward</Type>";
  if (Object.keys(weights).length === 1 && !sticky) {
    return `<member>${type}<TargetGroupArn>${targetGroupArn(String(only))}</TargetGroupArn></member>`;
  }
  const groups = list("TargetGroups", Object.entries(weights), ([name, weight]) => [
    ["TargetGroupArn", targetGroupArn(name)],
    ["Weight", String(weight)],
  ]);
  const stickiness = `<TargetGroupStickinessConfig><Enabled>${sticky}</Enabled></TargetGroupStickinessConfig>`;
  return `<member>${type}<ForwardConfig>${groups}${stickiness}</ForwardConfig></member>`;
}

function list<T>(name: string, of: readonly T[], fields: (one: T) => [string, string][]): string {
  const members = of.map((one) => {
    const elements = fields(one).map(([field, content]) => `<${field}>${content}</${field}>`);
    return `<member>${elements.join("\n")}</member>`;
  });
  return `<${name}>${members.join("\n")}</${name}>`;
}
