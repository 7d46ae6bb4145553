import { minutesOf } from "../../../../src/rehearsal/rollout/minutes";
import { timelineOf } from "../../../../src/rehearsal/rollout/timeline";
import { totalsText } from "../../../../src/rehearsal/rollout/totals";
import { eventsOf, type Rehearsed } from "../rehearsed-shift";
import { rehearseService, server, serviceStack, version } from "./rehearsed-service";

jest.setTimeout(120_000);

const waitMinutes = 30;
const toTest = { afterAllowTestTraffic: "ask-test-port" };

/** Answers to users, by version and status. */
function answers({ records }: Rehearsed): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { version: by, status } of records) {
    counts[`${by} ${status}`] = (counts[`${by} ${status}`] ?? 0) + 1;
  }
  return counts;
}

test("a version without a fault is asked by its hook and the operator, gets all users, and the old tasks end", async () => {
  const stack = await serviceStack({
    rollout: { waitMinutes, terminationMinutes: 3 },
    hooks: { afterAllowTestTraffic: "end-to-end" },
  });
  const shift = await rehearseService([stack], { rate: 2, operator: { afterMinutes: 4 } });
  const timeline = timelineOf(shift.played, shift.planned).map(
    ({ atMs, event, percent }) => `${atMs / 1000} ${event}, ${percent} %`,
  );
  expect(timeline).toEqual([
    "0 d-000000001 is started, 0 %",
    "0 tasks of v2 are started, 0 %",
    "15 tasks of v2 are healthy, 0 %",
    "15 the test port leads to v2, 0 %",
    "15 AfterAllowTestTraffic Succeeded, 0 %",
    "15 waits for the operator, 30 minutes at most, 0 %",
    "255 the operator continues it, 0 %",
    "255 version v2 has 10 %, 10 %",
    "555 version v2 has 100 %, 100 %",
    "735 tasks of v1 are ended, 100 %",
    "735 d-000000001 Succeeded, 100 %",
    "1035 the rehearsal ends, 100 %",
  ]);
  expect(shift.totals).toMatchObject({ result: "shifted", failed: 0 });
  // A tenth of the five minutes of the canary, and all of the eight after it, at two in a second.
  const moved = shift.totals.byVersion.get("v2")?.requests ?? 0;
  expect(Math.abs(moved - 0.1 * 600 - 960)).toBeLessThan(3 * Math.sqrt(600 * 0.1 * 0.9));
  // Ten of them are the hook's.
  expect(shift.records).toHaveLength(shift.played.stretches.reduce((sum, one) => sum + one.requests, 10));
  expect(Object.keys(answers(shift)).sort()).toEqual(["v1 200", "v2 200"]);
});

test("a hook that the stack does not make is told and not asked", async () => {
  const arn = "arn:aws:lambda:eu-central-1:123456789012:function:end-to-end";
  const stack = await serviceStack({ hooks: { afterAllowTestTraffic: arn } });
  const { totals, planned } = await rehearseService([stack]);
  expect(totals.result).toBe("shifted");
  expect(planned.silentHooks).toEqual({ AfterAllowTestTraffic: arn });
});

test("each minute has the requests of a minute, also around a wait that begins within one", async () => {
  const stack = await serviceStack({ rollout: { waitMinutes, terminationMinutes: 0 } });
  const { played } = await rehearseService([stack], { rate: 2, seed: 3, operator: { afterMinutes: 1 } });
  const whole = minutesOf(played).slice(0, -1);
  expect(new Set(whole.map(({ requests }) => requests))).toEqual(new Set([120]));
});

test("with HTTPS, ports and a network of its own it is called over HTTP here, by its hook too", async () => {
  const network = {
    vpcId: "vpc-1",
    loadBalancerSubnetIds: ["subnet-1", "subnet-2"],
    taskSubnetIds: ["subnet-3"],
  };
  const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d";
  const listener = { certificateArn, port: 4430, testPort: 4431, testSources: ["203.0.113.7/32"] };
  const ecs = { count: 1, healthCheck: { path: "/health" }, network, listener };
  const shift = await rehearseService([await serviceStack({ ecs, hooks: toTest })]);
  expect(eventsOf(shift)).toContain("AfterAllowTestTraffic Succeeded");
  expect(shift.totals).toMatchObject({ result: "shifted", failed: 0 });
});

test("a version that always fails fails in its hook on the test port, before any user", async () => {
  const shift = await rehearseService([await serviceStack({ hooks: toTest })], { fail: ["canary=100%"] });
  expect(eventsOf(shift)).toEqual([
    "d-000000001 is started",
    "tasks of v2 are started",
    "tasks of v2 are healthy",
    "the test port leads to v2",
    "AfterAllowTestTraffic Failed",
    "  Failed, deployment d-000000001: the test port answers 500",
    "d-000000001 Failed: HOOK_EXECUTION_FAILURE",
    "d-000000002 rolls it back",
    "version v1 has 100 %",
    "the test port leads to v1",
    "tasks of v2 are ended",
    "d-000000002 Succeeded",
    // The hook's own request is one of the metric's.
    "alarm web-dev-green-errors is ALARM",
    "alarm web-dev-green-errors is OK",
    "the rehearsal ends",
  ]);
  expect(shift.totals).toMatchObject({ result: "rolled back", failed: 0 });
  expect(shift.totals.byVersion.get("v2")).toBeUndefined();
});

test("an alarm on the new tasks' target group stops a version that fails in the middle of its canary", async () => {
  const shift = await rehearseService([await serviceStack()], { rate: 2, fail: ["canary=50%"] });
  expect(shift.totals).toMatchObject({
    result: "rolled back",
    stoppedBy: ["web-dev-green-errors"],
    failuresNeeded: 1,
  });
  expect(shift.totals.failed).toBeGreaterThan(0);
  expect(shift.totals.failed).toBe(answers(shift)["v2 500"]);
  expect(shift.totals.failedUntilEnd).toBe(shift.totals.failed);
  expect(shift.played.shares.map(({ percent }) => percent)).toEqual([10, 0]);
  expect(eventsOf(shift)).toEqual(expect.arrayContaining(["version v1 has 100 %", "tasks of v2 are ended"]));
});

test("an alarm while the old tasks are kept brings them back", async () => {
  const stack = await serviceStack({ rollout: { config: "ECSAllAtOnce", terminationMinutes: 30 } });
  const shift = await rehearseService([stack], { fail: ["canary=1%"] });
  expect(shift.played.shares.map(({ percent }) => percent)).toEqual([100, 0]);
  expect(shift.totals).toMatchObject({ result: "rolled back", stoppedBy: ["web-dev-green-errors"] });
  expect(Object.keys(answers(shift)).sort()).toEqual(["v1 200", "v2 200", "v2 500"]);
});

test("a slow version is stopped by an alarm on the time that its targets take", async () => {
  const alarms = { errors: false, latency: { p95Ms: 800 } };
  const shift = await rehearseService([await serviceStack({ alarms })], { slow: ["canary=900"] });
  expect(shift.totals).toMatchObject({ stoppedBy: ["web-dev-green-latency"], failed: 0 });
});

describe("a deployment that waits for its operator", () => {
  const waitMinutes = 5;
  const rollout = { waitMinutes, config: "ECSAllAtOnce", terminationMinutes: 0 };

  test("is stopped by CodeDeploy where nobody comes", async () => {
    const shift = await rehearseService([await serviceStack({ rollout })], {
      operator: { action: "absent" },
    });
    expect(eventsOf(shift)).toEqual(
      expect.arrayContaining(["no operator has answered", "d-000000001 Stopped: TIMEOUT"]),
    );
    expect(shift.totals).toMatchObject({ failed: 0, tookMs: waitMinutes * 60_000 + 15_000 });
    expect(Object.keys(answers(shift))).toEqual(["v1 200"]);
  });

  test("is stopped by CodeDeploy where somebody comes too late", async () => {
    const shift = await rehearseService([await serviceStack({ rollout })], {
      operator: { afterMinutes: waitMinutes + 1 },
    });
    expect(eventsOf(shift)).toContain("no operator has answered");
    expect(shift.totals.result).not.toBe("shifted");
  });

  test("is stopped by the operator", async () => {
    const shift = await rehearseService([await serviceStack({ rollout })], {
      operator: { action: "stop", afterMinutes: 2 },
    });
    expect(shift.totals).toMatchObject({
      result: "rolled back",
      tookMs: 135_000,
      stoppedBy: ["MANUAL_STOP"],
    });
    expect(eventsOf(shift)).toContain("the operator stops it");
    expect(Object.keys(answers(shift))).toEqual(["v1 200"]);
  });
});

test("a version whose tasks do not start never gets users, and CodeDeploy waits an hour for them", async () => {
  const command = ["node", "-e", "throw new Error('no database')"];
  const stack = await serviceStack({ versions: { v1: version(1), v2: version(2, { command }) } });
  const shift = await rehearseService([stack], { rate: 0.5 });
  expect(eventsOf(shift)).toContain(
    "a task of v2 is not healthy: it ends with exit code 1: Error: no database",
  );
  expect(shift.totals).toMatchObject({ result: "rolled back", stoppedBy: ["TIMEOUT"], failed: 0 });
  expect(shift.totals.tookMs).toBe(3_600_000);
});

test("a server that takes its time until it is well is waited for", async () => {
  const warming = server.replace('=== "/health" ? 200', '=== "/health" && Date.now() < wellAt ? 503');
  const files = { "containers/web/server.js": `const wellAt = Date.now() + 1500;\n${warming}` };
  const shift = await rehearseService([await serviceStack({}, files)], { rate: 0.1 });
  expect(eventsOf(shift)).toContain("tasks of v2 are healthy");
});

test("a stable version that does not start cannot be rehearsed", async () => {
  const stack = await serviceStack({ versions: { v1: version(1, { command: ["node", "nowhere.js"] }) } });
  await expect(rehearseService([stack])).rejects.toThrow(
    /^a task of v1 is not healthy: it ends with exit code 1: Error: Cannot find module/,
  );
});

test("a task that ends leaves a 502, which no alarm on the targets' answers sees", async () => {
  const v2 = version(2, { environment: { ENDS_AFTER: "20" } });
  const shift = await rehearseService([await serviceStack({ versions: { v1: version(1), v2 } })], {
    rate: 2,
  });
  expect(shift.totals).toMatchObject({ result: "shifted" });
  expect(shift.totals.failed).toBeGreaterThan(100);
  expect(shift.totals.failed).toBe(answers(shift)["v2 502"]);
  expect(totalsText(shift.totals, shift.planned)).toContain(
    "\nAll of them are below 500, or come of the load balancer itself, and no alarm on errors sees them.",
  );
});

test("the old version runs the folder of the earlier commit, the new one that of now", async () => {
  const versions = { v1: version(1), v2: version(2) };
  const other = { "containers/web/server.js": server.replace('STATUS = "200"', 'STATUS = "404"') };
  const stacks = [await serviceStack({ versions }), await serviceStack({ versions }, other)];
  const shift = await rehearseService(stacks, { rate: 1 });
  expect(Object.keys(answers(shift)).sort()).toEqual(["v1 200", "v2 404"]);
  expect(shift.totals).toMatchObject({ result: "shifted", unseen: shift.totals.failed });
});

test("a seed plays the same again, and another one something else", async () => {
  const stack = await serviceStack();
  const play = async (seed: number) => {
    const { played, planned, totals } = await rehearseService([stack], {
      rate: 1,
      seed,
      fail: ["canary=15%"],
    });
    return JSON.stringify([timelineOf(played, planned), totals, [...totals.byVersion]]);
  };
  const [one, again, other] = [await play(7), await play(7), await play(8)];
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});

test.each<[string, object, [string, string]]>([
  ["the one that follows the stable one", {}, ["v1", "v2"]],
  [
    "the last that follows it",
    { versions: { v2: version(2), v9: version(3), v10: version(4) }, stable: "v2" },
    ["v2", "v10"],
  ],
  ["another one that runs the same where none follows", { stable: "v2" }, ["v2", "v2-new"]],
])("the version that is shifted to is %s", async (_, release, [from, to]) => {
  const { planned, totals } = await rehearseService([await serviceStack(release)], { rate: 1 });
  expect(planned).toMatchObject({ from, to });
  expect([...totals.byVersion.keys()]).toEqual([from, to]);
  expect(totals.result).toBe("shifted");
});
