import { json } from "node:stream/consumers";
import type { Clock } from "../../../src/rehearsal/codedeploy/clock";
import type { AliasRouting } from "../../../src/rehearsal/codedeploy/lambda-api";
import { FakeServer } from "./fake-server";

export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** A change of an alias, and minutes since the clock was started. */
export interface Move extends AliasRouting {
  readonly atMinutes: number;
}

/** Lambda's API over HTTP: aliases in a map, and functions that run when an event starts them. */
export class FakeLambda {
  /** By function and alias. */
  readonly aliases = new Map<string, AliasRouting>();
  /** Published versions, by function and number. */
  readonly versions = new Set<string>();
  /** By name. */
  readonly functions = new Map<string, (event: HookEvent) => unknown>();
  readonly moves: Move[] = [];
  /** The started functions, in their order, with the invocation type. */
  readonly started: string[] = [];
  /** Refuses each change of an alias with this code. */
  refusal?: string;
  /** Each change of an alias waits for this. */
  held?: Promise<void>;
  private readonly startedAt: number;
  private readonly server = new FakeServer(async (request, response) => {
    const input = request.method === "GET" ? undefined : ((await json(request)) as Record<string, unknown>);
    if (request.method === "PUT") await this.held;
    const type = request.headers["x-amz-invocation-type"] as string | undefined;
    const { status, body, code } = this.answer(request.method ?? "", request.url ?? "", type, input);
    response
      .writeHead(status, code === undefined ? {} : { "x-amzn-errortype": code })
      .end(JSON.stringify(body));
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

  private answer(
    method: string,
    url: string,
    type: string | undefined,
    input?: Record<string, unknown>,
  ): Answer {
    const [, ofFunction, version] =
      /^\/2015-03-31\/functions\/([^/]+)\/configuration\?Qualifier=(\d+)$/.exec(url) ?? [];
    if (ofFunction !== undefined) return this.configuration(ofFunction, version);
    const [, functionName = "", alias] =
      /^\/2015-03-31\/functions\/([^/]+)\/(?:aliases\/(.+)|invocations)$/.exec(url) ?? [];
    if (method === "POST") return this.start(functionName, type, input as unknown as HookEvent);
    const routing = this.aliases.get(`${functionName}:${alias}`);
    if (routing === undefined) return refuse("ResourceNotFoundException", `Cannot find alias arn: ${alias}`);
    if (method === "GET") return { status: 200, body: aliasOf(functionName, alias, routing) };
    if (this.refusal !== undefined) return refuse(this.refusal, "no");
    const { FunctionVersion, RoutingConfig } = input as {
      FunctionVersion: string;
      RoutingConfig: { AdditionalVersionWeights: Record<string, number> };
    };
    const moved = { version: FunctionVersion, weights: RoutingConfig.AdditionalVersionWeights };
    this.aliases.set(`${functionName}:${alias}`, moved);
    const atMinutes = (this.clock.now().getTime() - this.startedAt) / 60_000;
    this.moves.push({ atMinutes, ...moved });
    return { status: 200, body: aliasOf(functionName, alias, moved) };
  }

  private configuration(functionName: string, version: string | undefined): Answer {
    if (this.versions.has(`${functionName}:${version}`)) return { status: 200, body: { Version: version } };
    return refuse("ResourceNotFoundException", `Function not found: ${functionName}:${version}`);
  }

  private start(name: string, type: string | undefined, event: HookEvent): Answer {
    this.started.push(`${name} ${type}`);
    const run = this.functions.get(name);
    if (run === undefined) return refuse("ResourceNotFoundException", `Function not found: ${name}`);
    setImmediate(() => run(event));
    return { status: 202, body: {} };
  }
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly code?: string;
}

function refuse(code: string, Message: string): Answer {
  return { status: code === "ResourceNotFoundException" ? 404 : 403, code, body: { Type: "User", Message } };
}

function aliasOf(functionName: string, alias: string | undefined, { version, weights }: AliasRouting) {
  return {
    AliasArn: `arn:aws:lambda:eu-central-1:123456789012:function:${functionName}:${alias}`,
    Name: alias,
    FunctionVersion: version,
    ...(Object.keys(weights).length > 0 && { RoutingConfig: { AdditionalVersionWeights: weights } }),
  };
}
