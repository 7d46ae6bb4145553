import type { Values } from "./cloudwatch-minutes";

/** When the canary got its share, by the file. */
export const since = "2026-11-27T10:00:00Z";
/** An hour and three minutes and a half later. */
export const now = new Date("2026-11-27T11:03:30Z");

/** What CloudWatch counts each minute where both versions are as good. */
export const even: Values = {
  "StableRequests Sum": 5400,
  "CanaryRequests Sum": 600,
  "Stable5xx Sum": 5,
  "Canary5xx Sum": (minute) => (minute % 2 === 0 ? 1 : 0),
  "StableLatency p50": 40,
  "CanaryLatency p50": 41,
  "StableLatency p95": 120,
  "CanaryLatency p95": 131,
};
/** The same where the canary fails more. */
export const failing: Values = { ...even, "Canary5xx Sum": 12 };
/** The same with too few requests to tell. */
export const rare: Values = {
  ...even,
  "StableRequests Sum": 54,
  "CanaryRequests Sum": 6,
  "Stable5xx Sum": 0,
  "Canary5xx Sum": 0,
};
