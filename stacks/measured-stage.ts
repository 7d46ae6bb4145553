import { Construct } from "constructs";
import { AccessMetrics } from "../constructs/access-metrics";
import { AnswersAlarm, type CountedAnswers } from "../constructs/answers-alarms";
import type { ApiStage } from "../constructs/api-stage";
import type { ShownAnswers } from "../constructs/service-dashboard";
import {
  type AccessRole,
  accessMetric,
  isCountedInAccessLogs,
  type Metric,
} from "../src/release/alarms/access-metrics";
import type { AnswersScope } from "../src/release/alarms/alarm-scopes";
import { alarmsId, constructIds } from "../src/release/construct-ids";
import type { ApiRelease } from "../src/release/release";
import { modelOf } from "../src/release/strategies/strategies";

export interface MeasuredStage {
  /** The stage that users call. */
  readonly stage: ApiStage;
  /** Invocations of the version on trial, where its answers cannot be separated from stable's. @default - they can */
  readonly trial?: readonly Metric[];
}

/**
 * The metrics of what users get of a stage, where something shows or judges them, and the alarms that do.
 *
 * @returns the names of the alarms
 */
export function measureStage(
  scope: Construct,
  release: ApiRelease,
  { stage, trial }: MeasuredStage,
): readonly string[] {
  const { name, alarms } = release;
  const settings = alarms?.answers;
  const groups = stage.accessGroups;
  if (groups !== undefined && isCountedInAccessLogs(release))
    new AccessMetrics(scope, constructIds.accessMetrics, { name, groups });
  if (settings === undefined) return [];
  return settings.on.map((one) => {
    const alarm = new AnswersAlarm(new Construct(scope, alarmsId(one)), "answers", {
      name,
      scope: one,
      settings,
      answers: answersOf(release, one),
      stable: settings.limit.by === "points above stable" ? inAccessLog(name, "stable") : undefined,
      onlyWhile: trial,
    });
    return alarm.name;
  });
}

/** What a dashboard shows of a stage: what most users get, and beside it what is on trial. */
export function shownAnswers(release: ApiRelease): readonly ShownAnswers[] {
  const [trial] = modelOf(release).answersScopes;
  if (trial === "canary" && isCountedInAccessLogs(release))
    return (["stable", "canary"] as const).map((role) => ({
      label: role,
      ...inAccessLog(release.name, role),
    }));
  const { name } = release.stage;
  const users = { label: name, ...ofStage(release, name) };
  return trial === "blue" ? [users, { label: "blue", ...ofStage(release, "blue") }] : [users];
}

function answersOf(release: ApiRelease, scope: AnswersScope): CountedAnswers {
  if (scope === "canary") return inAccessLog(release.name, "canary");
  return ofStage(release, scope === "blue" ? "blue" : release.stage.name);
}

type Measured = Omit<ShownAnswers, "label">;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html */
function ofStage({ name }: ApiRelease, stage: string): Measured {
  const dimensions = { ApiName: name, Stage: stage };
  const metric = (metricName: string): Metric => ({ namespace: "AWS/ApiGateway", metricName, dimensions });
  return { requests: metric("Count"), failed: metric("5XXError"), latency: metric("Latency") };
}

function inAccessLog(name: string, role: AccessRole): Measured {
  return {
    requests: accessMetric(name, role, "Requests"),
    failed: accessMetric(name, role, "5xx"),
    latency: accessMetric(name, role, "Latency"),
  };
}
