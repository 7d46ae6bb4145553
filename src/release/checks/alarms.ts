import { alarmMetrics } from "../alarms/alarm-names";
import { alarmsOf } from "../alarms/alarms";
import { awsLimits } from "../aws/aws-limits";
import { functionNames } from "../functions/service-functions";
import type { ReleaseContext } from "../release-context";
import { modelOf } from "../strategies/strategies";
import { checkAnswersAlarm } from "./answers-alarm";
import type { Finding } from "./finding";

const mostAlarms = awsLimits.deploymentGroupAlarms.most;
const longestSeconds = awsLimits.alarmSeconds.most;

/** What CloudWatch and CodeDeploy refuse of alarms, and what a strategy has nothing to look at for. */
export function checkAlarms(context: ReleaseContext): Finding[] {
  const { file } = context;
  const alarms = alarmsOf(file);
  if (alarms === undefined) return [];
  const { versionKind, alarmScopes, movedBy } = modelOf(file);
  const findings: Finding[] = [];
  for (const metric of [...alarmMetrics, "answers"] as const) {
    const settings = alarms[metric];
    if (settings === undefined) continue;
    const { periodSeconds, evaluationPeriods, datapointsToAlarm } = settings;
    const field = ["alarms", metric];
    if (datapointsToAlarm > evaluationPeriods) {
      const message = `must be at most 'evaluationPeriods', ${evaluationPeriods}`;
      findings.push({ field: [...field, "datapointsToAlarm"], message, value: datapointsToAlarm });
    }
    if (periodSeconds * evaluationPeriods > longestSeconds) {
      const message = `must be at most ${Math.floor(longestSeconds / periodSeconds)} with periods of ${periodSeconds} seconds: an alarm looks back a day at most`;
      findings.push({ field: [...field, "evaluationPeriods"], message, value: evaluationPeriods });
    }
  }
  for (const metric of alarmMetrics) {
    const settings = alarms[metric];
    if (settings === undefined) continue;
    const field = ["alarms", metric];
    if (versionKind === "container" && settings.on.some((scope) => !alarmScopes.includes(scope))) {
      const message = `must not be given with ${file.strategy}: the alarms watch both target groups, because either may have the new version`;
      findings.push({ field: [...field, "on"], message, value: settings.on });
    } else if (settings.on.includes("alias") && !alarmScopes.includes("alias")) {
      const message = `must be ["version"] with ${file.strategy}, which has no alias that serves all versions`;
      findings.push({ field: [...field, "on"], message, value: settings.on });
    }
  }
  findings.push(...checkAnswersAlarm(file));
  const { errors, latency, answers, own } = alarms;
  const functions = versionKind === "lambda" ? functionNames(context).length : 1;
  const ofFunction = [errors, latency].flatMap((one) => one?.on ?? []).length;
  const count = ofFunction * functions + (answers?.on.length ?? 0) + own.length;
  if (movedBy === "codedeploy" && count > mostAlarms) {
    const why = functions === 1 ? "" : `, and each of the ${functions} functions has its own`;
    const message = `must be at most ${mostAlarms} in all: CodeDeploy watches no more${why}`;
    findings.push({ field: ["alarms"], message, value: count });
  }
  return findings;
}
