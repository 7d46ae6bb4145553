import { announcementOf } from "../../../src/rehearsal/rollout/announcement";
import { faultsOf, parseFailing, parseSlow } from "../../../src/rehearsal/rollout/given-faults";
import { AliasSubject } from "../../../src/rehearsal/rollout/lambda/alias-subject";
import type { PlannedShift } from "../../../src/rehearsal/rollout/planned-shift";

const moved = { functionName: "shop-dev", alias: "live", from: "1", to: "2" };
const planned: PlannedShift = {
  from: moved.from,
  to: moved.to,
  subject: new AliasSubject(moved, { api: "shop-dev", stage: "dev" }),
  group: {
    applicationName: "shop-dev",
    deploymentGroupName: "shop-dev",
    serviceRoleArn: "arn:aws:iam::123456789012:role/CodeDeploy_shop-dev",
    deploymentConfigName: "CodeDeployDefault.LambdaAllAtOnce",
  },
  hooks: { BeforeAllowTraffic: "ask" },
  alarms: [],
  silentAlarms: [],
  silentHooks: {},
};
const faults = faultsOf([parseFailing("canary=0.5%")], [parseSlow("stable=1200")], {
  ...moved,
  kinds: planned.subject.kinds,
});
const options = { rate: 0.1, seed: 7, lateMinutes: 0, isSameCode: false };

test("what could stop the shift and what cannot is told before", () => {
  const silentAlarms = [{ name: "payments-declined", reason: "the stack does not create it" }];
  const group: PlannedShift["group"] = {
    ...planned.group,
    autoRollbackConfiguration: { events: ["DEPLOYMENT_FAILURE"] },
  };
  const silentHooks = { AfterAllowTraffic: "arn:aws:lambda:eu-central-1:123456789012:function:ask" };
  const silent = { ...planned, silentAlarms, silentHooks, group };
  const told = announcementOf(silent, faults, { ...options, lateMinutes: 1 });
  expect(told).toEqual([
    ["to shift", "shop-dev:live from 1 to 2 by CodeDeployDefault.LambdaAllAtOnce"],
    ["alarm", "payments-declined: not evaluated here: the stack does not create it"],
    ["rolls back", "on DEPLOYMENT_FAILURE alone"],
    ["hook", "BeforeAllowTraffic ask"],
    [
      "hook",
      `AfterAllowTraffic ${silentHooks.AfterAllowTraffic}: not called here: the stack does not create it`,
    ],
    ["failing", "0.5 % of the invocations of 2"],
    ["slow", "invocations of 1 by 1,200 ms"],
    ["late", "metrics, by 1 minute"],
    ["traffic", "0.1 requests per second, seed 7"],
  ]);
});

test("where nothing stops it, that is told, and hooks are not where none is asked", () => {
  const told = announcementOf(planned, { failing: new Map(), slow: new Map() }, { ...options, howBad: true });
  expect(told.slice(1)).toEqual([
    ["alarm", "none: only a hook can stop this shift"],
    ["rolls back", "never"],
    ["traffic", "0.1 requests per second, seed 7"],
  ]);
});
