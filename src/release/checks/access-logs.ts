import type { ReleaseContext } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/** Whether the access logs are there, in which stable's answers and a canary's are told apart. */
export function checkAccessLogs({ file }: ReleaseContext): Finding[] {
  const { answersScopes } = modelOf(file);
  if (file.stage.accessLogs || !answersScopes.includes("canary")) return [];
  const needs = file.alarms?.answers?.on.includes("canary") ? "alarms.answers" : "dashboard";
  if (needs === "dashboard" && !file.dashboard) return [];
  const message = `must be true with '${needs}': a canary's answers are counted in the access logs`;
  return [{ field: ["stage", "accessLogs"], message, value: false }];
}
