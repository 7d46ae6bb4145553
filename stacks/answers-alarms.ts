import { Construct } from "constructs";
import { AccessMetrics } from "../constructs/access-metrics";
import { AnswersAlarm, type CountedAnswers } from "../constructs/answers-alarms";
import type { ApiStage } from "../constructs/api-stage";
import { accessMetric, type Metric } from "../src/release/access-metrics";
import { alarmsId, constructIds } from "../src/release/construct-ids";
import type { ApiRelease } from "../src/release/release";
import type { AnswersScope } from "../src/release/schema/answers";

export interface MeasuredStage {
  /** The stage that users call. */
  readonly stage: ApiStage;
  /** Invocations of each function's version on trial, where it cannot be told which answers are its own. @default - it can */
  readonly trial?: readonly Metric[];
}

/** The metrics and alarms of what users get of a stage, where the file asks for them. @returns the names of the alarms */
export function addAnswersAlarms(
  scope: Construct,
  release: ApiRelease,
  { stage, trial }: MeasuredStage,
): readonly string[] {
  const { name, alarms } = release;
  const settings = alarms?.answers;
  const isCounted = settings?.on.includes("canary") === true;
  const groups = stage.accessGroups;
  if (isCounted && groups !== undefined)
    new AccessMetrics(scope, constructIds.accessMetrics, { name, groups });
  if (settings === undefined) return [];
  return settings.on.map((one) => {
    const alarm = new AnswersAlarm(new Construct(scope, alarmsId(one)), "answers", {
      name,
      scope: one,
      settings,
      answers: answersOf(release, one),
      stable: settings.limit.by === "points above stable" ? accessAnswers(name, "stable") : undefined,
      onlyWhile: trial,
    });
    return alarm.name;
  });
}

function answersOf({ name, stage }: ApiRelease, scope: AnswersScope): CountedAnswers {
  if (scope === "canary") return accessAnswers(name, "canary");
  const dimensions = { ApiName: name, Stage: scope === "blue" ? "blue" : stage.name };
  const metric = (metricName: string): Metric => ({ namespace: "AWS/ApiGateway", metricName, dimensions });
  return { requests: metric("Count"), failed: metric("5XXError") };
}

function accessAnswers(name: string, role: "stable" | "canary"): CountedAnswers {
  return { requests: accessMetric(name, role, "Requests"), failed: accessMetric(name, role, "5xx") };
}
