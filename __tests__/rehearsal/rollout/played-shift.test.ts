import { timelineOf } from "../../../src/rehearsal/rollout/timeline";
import { totalsText } from "../../../src/rehearsal/rollout/totals";
import { handler } from "../../support/project";
import { eventsOf, type Rehearsed, rehearseShift, shopStack } from "./rehearsed-shift";

jest.setTimeout(120_000);

const hooks = { beforeTraffic: "before-traffic", afterTraffic: "after-traffic" };

test("a version without a fault gets all traffic after its hooks were asked, and no request fails", async () => {
  const shift = await rehearseShift([await shopStack({ hooks })], { rate: 5 });
  expect(eventsOf(shift)).toEqual([
    "d-000000001 is started",
    "BeforeAllowTraffic Succeeded",
    "version 2 has 10 %",
    "version 2 has 100 %",
    "AfterAllowTraffic Succeeded",
    "d-000000001 Succeeded",
    "the rehearsal ends",
  ]);
  expect(shift.totals).toMatchObject({
    result: "shifted",
    tookMs: 300_000,
    failed: 0,
    requests: 10 * 60 * 5,
  });
  // A tenth of 1,500 requests, and then all of as many.
  expect(Math.abs((shift.totals.byVersion.get("2")?.requests ?? 0) - 1650)).toBeLessThan(50);
});

test("a version that fails is stopped by its alarm, and the failures are those of the log", async () => {
  const shift = await rehearseShift([await shopStack()], { rate: 2, fail: ["canary=25%"] });
  const { totals, records } = shift;
  expect(totals).toMatchObject({
    result: "rolled back",
    stoppedBy: ["shop-dev-version-errors", "shop-dev-alias-errors"],
    failuresNeeded: 1,
  });
  expect(totals.failed).toBeGreaterThan(0);
  expect(totals.failed).toBe(records.filter(({ status }) => status === 502).length);
  expect(totals.byVersion.get("2")?.failed).toBe(totals.failed);
  expect(totals.failedUntilEnd).toBe(totals.failed);
  const told = eventsOf(shift);
  const [red, stopped, back] = [
    "alarm shop-dev-version-errors is ALARM",
    "d-000000001 Stopped: ALARM_ACTIVE",
    "version 1 has 100 %",
  ].map((event) => told.indexOf(event));
  expect([red, stopped, back].every((index) => index !== -1)).toBe(true);
  expect([red, stopped, back]).toEqual([red, stopped, back].sort((a, b) => Number(a) - Number(b)));
});

test("CodeDeploy looks at the alarms every 10 seconds from when the hook is asked", async () => {
  const { totals, played } = await rehearseShift([await shopStack()], { rate: 2, fail: ["canary=50%"] });
  expect(totals.tookMs % 10_000).toBe(0);
  const red = played.alarmChanges.find(({ state }) => state === "ALARM")?.at.getTime() ?? 0;
  const stopped = played.endedAt.getTime();
  expect(stopped - red).toBeGreaterThanOrEqual(0);
  expect(stopped - red).toBeLessThan(10_000);
});

test("a version that always fails fails in the hook, before any user meets it", async () => {
  const shift = await rehearseShift([await shopStack({ hooks })], { fail: ["canary=100%"] });
  expect(eventsOf(shift)).toEqual([
    "d-000000001 is started",
    "BeforeAllowTraffic Failed",
    expect.stringContaining("version 2 fails"),
    "d-000000001 Failed: HOOK_EXECUTION_FAILURE",
    "d-000000002 rolls it back",
    "version 1 has 100 %",
    "d-000000002 Succeeded",
    "the rehearsal ends",
  ]);
  expect(shift.totals).toMatchObject({ result: "rolled back", failed: 0 });
});

test("a hook tells what the new version fails with in a line, without its stack", async () => {
  const broken = "export const handler = async () => { throw new Error('no database'); };\n";
  const stacks = [await shopStack({ hooks }), await shopStack({ hooks }, { "lambdas/shop/shop.ts": broken })];
  const [, , why] = eventsOf(await rehearseShift(stacks, {}));
  expect(why).toMatch(/version 2 fails: {"errorMessage":"Error: no database"}$/);
});

test("a function's own answer of 500 fails a request, and is no error to Lambda's alarms", async () => {
  const broken = "export const handler = async () => ({ statusCode: 500, body: '' });\n";
  const stacks = [await shopStack(), await shopStack({}, { "lambdas/shop/shop.ts": broken })];
  const { totals, planned, played } = await rehearseShift(stacks, { rate: 1 });
  expect(totals).toMatchObject({ result: "shifted", stoppedBy: [] });
  expect(played.alarmChanges.filter(({ state }) => state === "ALARM")).toEqual([]);
  expect(totals.byVersion.get("2")).toMatchObject({ failed: totals.failed, requests: totals.failed });
  expect(totals.unseen).toBe(totals.failed);
  expect(totalsText(totals, planned)).toContain("\nAll of them are answers of the function itself: ");
});

test("a hook that says nothing is waited for an hour, which takes no time here", async () => {
  const files = { "lambdas/hooks/silent.ts": "export const handler = async () => {};\n" };
  const stack = await shopStack({ hooks: { beforeTraffic: "silent" } }, files);
  const { totals } = await rehearseShift([stack], { rate: 0.1 });
  expect(totals).toMatchObject({ result: "rolled back", tookMs: 3_600_000 });
  expect(totals.stoppedBy).toEqual(["HOOK_EXECUTION_FAILURE"]);
});

test("stable's failures keep CodeDeploy from beginning, where an alarm looks at the alias", async () => {
  const { totals } = await rehearseShift([await shopStack()], { fail: ["stable=20%"] });
  expect(totals).toMatchObject({ result: "rolled back", tookMs: 0 });
  expect(totals.byVersion.get("2")).toBeUndefined();
});

test("a slow version is stopped by an alarm on the latency", async () => {
  const alarms = { errors: false, latency: { p95Ms: 800, on: ["version"] } };
  const { totals } = await rehearseShift([await shopStack({ alarms })], { slow: ["canary=900"] });
  expect(totals).toMatchObject({ result: "rolled back", failed: 0 });
  expect(totals.stoppedBy).toEqual(["shop-dev-version-latency"]);
});

test("an alarm of somebody else's is told as one that is never red", async () => {
  const alarms = { errors: false, own: ["payments-declined"] };
  const { planned, totals } = await rehearseShift([await shopStack({ alarms })], { fail: ["canary=50%"] });
  expect(planned.silentAlarms).toEqual([
    { name: "payments-declined", reason: "the stack does not create it" },
  ]);
  expect(totals.result).toBe("shifted");
});

test("without a rollback a stopped shift leaves the alias split, and goes on failing", async () => {
  const stack = await shopStack({ rollout: { rollbackOn: [] } });
  const { totals, played } = await rehearseShift([stack], { rate: 2, fail: ["canary=50%"] });
  expect(totals.result).toBe("stopped");
  expect(totals.failed).toBeGreaterThan(totals.failedUntilEnd);
  expect(played.shares.at(-1)?.percent).toBe(10);
});

test("a configuration of the stack's own and a throttled stage are the clock's, not this machine's", async () => {
  const stack = await shopStack(
    { rollout: { linear: { percent: 10, minutes: 4 } } },
    {
      "releases/dev/environment.json": {
        region: "eu-central-1",
        throttling: { rateLimit: 3, burstLimit: 2 },
      },
    },
  );
  const startedAt = performance.now();
  const { planned, totals, played } = await rehearseShift([stack], { rate: 2 });
  expect(planned.group.deploymentConfigName).toBe("shop-dev-Linear10PercentEvery4Minutes");
  expect(played.shares.map(({ percent }) => percent)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  expect(totals).toMatchObject({ result: "shifted", tookMs: 36 * 60_000, failed: 0 });
  expect(performance.now() - startedAt).toBeLessThan(60_000);
});

test("a seed plays the same again, and another one something else", async () => {
  const stack = await shopStack();
  const play = async (seed: number) => {
    const { played, planned, totals } = await rehearseShift([stack], { seed, fail: ["canary=15%"] });
    return JSON.stringify([timelineOf(played, planned), totals, [...totals.byVersion]]);
  };
  const [one, again, other] = [await play(7), await play(7), await play(8)];
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});

describe("the version that is shifted to", () => {
  const answers = async (release: object, version: string) =>
    shopStack(release, { "lambdas/shop/shop.ts": handler(version) });

  test.each<[string, () => Promise<Rehearsed>, [string, string]]>([
    [
      "is another one of the same code where there is no newer",
      async () => rehearseShift([await answers({}, "1")]),
      ["1", "2"],
    ],
    [
      "is the one that a later commit publishes",
      async () => rehearseShift([await answers({}, "1"), await answers({}, "2")]),
      ["1", "2"],
    ],
    [
      "is the canary of the stack, whose numbers are published before it",
      async () =>
        rehearseShift([await answers({ versions: [3, 4], stable: 3, canary: { version: 4 } }, "1")]),
      ["3", "4"],
    ],
    [
      "is the canary that a later commit records without other code",
      async () =>
        rehearseShift([
          await answers({}, "1"),
          await answers({ versions: [1, 2], canary: { version: 2 } }, "1"),
        ]),
      ["1", "2"],
    ],
  ])("%s", async (_, rehearse, [from, to]) => {
    const { planned, totals } = await rehearse();
    expect(planned).toMatchObject({ from, to });
    expect(planned.alarms[0]?.metrics.get("metric")?.dimensions["ExecutedVersion"]).toBe(to);
    expect([...totals.byVersion.keys()].sort()).toEqual([from, to]);
    expect(totals.result).toBe("shifted");
  });
});
