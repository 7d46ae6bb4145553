import { matchRoute } from "../../../release/definition/route-match";
import { targetOf } from "../../api-gateway/integration-target";
import type { ServedDeployment } from "../../api-gateway/stage";
import { pathnameOf } from "../../callable-routes";
import { sharesOf } from "../../lambda/alias";
import type { Invoked } from "../../lambda/invocation";
import type { InvocationTarget } from "../../lambda/lambda-service";
import type { Rehearsal } from "../../rehearsal";
import type { FunctionsOutput } from "../../split";
import { versionNames } from "../../split";
import { ApiMetrics, type MeteredStage, meteredStage } from "../lambda/api-metrics";
import { LambdaMetrics } from "../lambda/lambda-metrics";
import type { Metrics } from "../metrics";
import type { DrawnSubject } from "../subject";
import { AccessLogMetrics, type LogFilter, logFiltersOf } from "./access-log-metrics";

/** What answers the requests of a version. */
interface Answerer {
  readonly invoked: Invoked;
  /** Whether the stage's canary does. */
  readonly isCanary: boolean;
}

/** Who answers a request by version, and what CloudWatch is told of it, after one apply or several. */
export class Answerers {
  private readonly byVersion = new Map<string, Answerer>();
  private filters: readonly LogFilter[] = [];
  private metered?: MeteredStage;

  /** Adds who answers after the last apply. @param path of the requests; nothing without an API */
  add(rehearsal: Rehearsal, path: string, method = "GET"): void {
    const { blocks } = rehearsal;
    const versionOf = versionNames(rehearsal.outputs["functions"] as FunctionsOutput | undefined);
    this.filters = logFiltersOf(blocks);
    for (const { target, isCanary } of targetsOf(rehearsal, path, method)) {
      const { functionName, qualifier } = target;
      const alias = rehearsal.functions.get(functionName)?.aliases.get(qualifier ?? "");
      const versions =
        alias === undefined ? [qualifier ?? "$LATEST"] : sharesOf(alias).map(({ version }) => version);
      for (const version of versions) {
        const name = versionOf(functionName, version, qualifier);
        this.byVersion.set(name, { invoked: { functionName, qualifier, version }, isCanary });
      }
    }
    if (!rehearsal.isWithoutApi) this.metered = meteredStage(rehearsal);
  }

  /** Tells metrics of answers without a request. */
  draw(metrics: Metrics): Pick<DrawnSubject, "record"> {
    const lambda = new LambdaMetrics(metrics);
    const api = new ApiMetrics(metrics);
    const log = new AccessLogMetrics(metrics, this.filters);
    return {
      record: (version, { failure, tookMs }, count) => {
        const answerer = this.byVersion.get(version);
        if (answerer === undefined) return;
        const isError = failure === "throw" || failure === "timeout";
        const status = failure === undefined ? 200 : isError ? 502 : 500;
        lambda.record(answerer.invoked, isError, tookMs, count);
        if (this.metered === undefined) return;
        api.record(this.metered, status, count);
        log.record({ isCanary: answerer.isCanary, status }, count);
      },
    };
  }
}

function targetsOf(
  rehearsal: Rehearsal,
  path: string,
  method: string,
): readonly { readonly target: InvocationTarget; readonly isCanary: boolean }[] {
  if (rehearsal.isWithoutApi) {
    return [...rehearsal.functions.values()].flatMap(({ name, aliases }) =>
      [...aliases.keys()].map((qualifier) => ({
        target: { functionName: name, qualifier },
        isCanary: false,
      })),
    );
  }
  const [stage] = rehearsal.api.stages;
  if (stage === undefined) return [];
  const sides = [stage.stable, ...(stage.canary === undefined ? [] : [stage.canary.served])];
  return sides.flatMap((served) => {
    const target = targetOfPath(served, path, method);
    return target === undefined ? [] : [{ target, isCanary: served.isCanary }];
  });
}

function targetOfPath(
  { definition, variables }: ServedDeployment,
  path: string,
  method: string,
): InvocationTarget | undefined {
  const integration = matchRoute(definition.routes, method, pathnameOf(path))?.route.integration;
  if (integration?.type !== "lambda") return undefined;
  const target = targetOf(integration.uri, variables);
  return "functionName" in target ? target : undefined;
}
