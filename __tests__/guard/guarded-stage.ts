import { decisionText } from "../../src/release/steps/decision";
import type { Stop } from "../../src/release/steps/stops";
import type { Table } from "../live/answering-endpoint";
import { stageCall } from "../live/live-answers";
import { shop } from "../support/shop";
import { alarms, calm, guardedBy, nine, ten, topic, writes } from "./guard-answers";

/** A shop whose canary has half of the users since nine. */
export const shopWith = (fields: object) =>
  shop({
    guard: { topics: [topic] },
    alarms: {},
    stage: { variables: { source: "web" } },
    stableSince: nine,
    former: undefined,
    canary: { version: "v2", percent: 50, since: nine },
    ...fields,
  });
/** The same, as the guard knows it. */
export const guarded = guardedBy(shopWith({}));
export const deployments = [
  { id: "d1", description: "v1", createdDate: 1 },
  { id: "d2", description: "v2", createdDate: 2 },
];
export const onV1 = {
  deploymentId: "d1",
  variables: { source: "web", shopFunction: "shop-dev-v1" },
  description: decisionText({
    stable: { version: "v1", since: nine },
    canary: { version: "v2", since: nine },
  }),
};
export const canarySettings = {
  percentTraffic: 50,
  deploymentId: "d2",
  stageVariableOverrides: { shopFunction: "shop-dev-v2" },
};
/** The stage and the deployments as API Gateway tells them. */
export const stage = (fields: object): Table => ({
  [`GET ${stageCall}`]: { body: { stageName: "dev", ...fields } },
  "GET /restapis/abc/deployments": { body: { item: deployments } },
});
export const onTrial = stage({ ...onV1, canarySettings });
/** The canary's alarm is in ALARM, and the guard may do all that it has to. */
export const v2IsBad: Table = { ...calm, ...alarms("shop-dev-v2-errors"), ...onTrial, ...writes };
/** The stop that the guard then records, and what it decides. */
export const stop: Stop = {
  version: "v2",
  at: ten,
  by: "guard",
  alarm: "shop-dev-v2-errors",
  reason: "alarm shop-dev-v2-errors: 3 errors",
  from: { v1: 50, v2: 50 },
  to: { v1: 100 },
};
export const stopsV2 = {
  kind: "stop",
  version: "v2",
  to: "v1",
  reason: stop.reason,
  alarms: [stop.alarm],
  isAgain: false,
};
/** The operations that drop the canary. */
export const drop = [
  { op: "remove", path: "/canarySettings" },
  { op: "replace", path: "/description", value: `stable v1 since ${nine}` },
];
