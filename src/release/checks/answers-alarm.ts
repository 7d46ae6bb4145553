import type { ReleaseFile } from "../defaults";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

const limits = ["threshold", "percent", "pointsAboveStable"] as const;

/** Whether the alarm on answers has something to count, and one limit. */
export function checkAnswersAlarm(file: ReleaseFile): Finding[] {
  const answers = file.alarms?.answers;
  if (answers === undefined) return [];
  const field = ["alarms", "answers"];
  const { answersScopes } = modelOf(file);
  if (answersScopes.length === 0) {
    const message = `must not be given with ${file.strategy}: there 'alarms.errors' counts answers of 500 and above`;
    return [{ field, message }];
  }
  const findings: Finding[] = [];
  const given = limits.filter((name) => answers[name] !== undefined);
  const [first = "threshold", second] = given;
  if (second !== undefined) {
    const message = `must not be given beside '${first}': an alarm has one limit`;
    findings.push({ field: [...field, second], message, value: answers[second] });
  }
  if (answers.leastRequests !== undefined && given.every((name) => name === "threshold")) {
    const message =
      "must be given with 'percent' or 'pointsAboveStable': a count needs no least number of requests";
    findings.push({ field: [...field, "leastRequests"], message, value: answers.leastRequests });
  }
  const allowed = answersScopes.map((scope) => `"${scope}"`).join(" and ");
  if (answers.on.some((scope) => !answersScopes.includes(scope))) {
    const message = `must hold no other than ${allowed} with ${file.strategy}`;
    findings.push({ field: [...field, "on"], message, value: answers.on });
  } else if (answers.pointsAboveStable !== undefined && answers.on.join() !== "canary") {
    const message = answersScopes.includes("canary")
      ? `must not be given with "stage" in 'on': only a canary's answers are compared with stable's`
      : `must not be given with ${file.strategy}, whose stage has no canary; give 'threshold' or 'percent'`;
    findings.push({ field: [...field, "pointsAboveStable"], message, value: answers.pointsAboveStable });
  }
  return findings;
}
