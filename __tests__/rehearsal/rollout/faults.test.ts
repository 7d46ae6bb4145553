import { announcementOf } from "../../../src/rehearsal/rollout/announcement";
import { faultFields } from "../../../src/rehearsal/rollout/fault-text";
import { faultsOf, parseFailing, parseSlow } from "../../../src/rehearsal/rollout/given-faults";
import { badnessAt } from "../../../src/rehearsal/rollout/how-bad";
import { handler } from "../../support/project";
import { type Play, type Rehearsed, rehearseShift, shopStack } from "./rehearsed-shift";

jest.setTimeout(120_000);

const minute = 60_000;

describe("a fault that begins late", () => {
  test("fails nothing before, and its alarm stops the shift after", async () => {
    const shift = await rehearseShift([await shopStack()], { rate: 4, fail: ["canary=100%@90s"] });
    expect(failedBetween(shift, 0, 90_000)).toBe(0);
    expect(shift.totals).toMatchObject({ result: "rolled back", failedUntilEnd: shift.totals.failed });
    expect(shift.totals.tookMs).toBeGreaterThan(90_000);
    expect(shift.totals.tookMs).toBeLessThanOrEqual(90_000 + 70_000);
    expect(failedBetween(shift, 90_000, shift.totals.tookMs)).toBe(shift.totals.byVersion.get("2")?.failed);
  });

  test("counts from when it begins until the next one of its version does", async () => {
    const alarms = { errors: false, own: ["payments-declined"] };
    const fail = ["canary=0%@2m", "canary=100%@30s", "stable=100%@3m", "stable=0%@210s"];
    const shift = await rehearseShift([await shopStack({ alarms })], { rate: 4, fail });
    expect(failedBetween(shift, 0, 30_000)).toBe(0);
    expect(failedBetween(shift, 30_000, 120_000)).toBe(shift.totals.byVersion.get("2")?.failed);
    expect(failedBetween(shift, 180_000, 210_000)).toBe(shift.totals.byVersion.get("1")?.failed);
    expect(shift.totals.byVersion.get("2")?.failed).toBeGreaterThan(0);
    expect(shift.totals.byVersion.get("1")?.failed).toBeGreaterThan(30 * 4 * 0.8);
  });

  test("after the end of the shift is played too: alarms see it, and nothing rolls it back", async () => {
    const shift = await rehearseShift([await shopStack()], { rate: 0.5, fail: ["canary=100%@20m"] });
    expect(shift.totals).toMatchObject({ result: "shifted", tookMs: 5 * minute, failedUntilEnd: 0 });
    expect(shift.totals.failed).toBe(5 * 60 * 0.5);
    const red = shift.played.alarmChanges.filter(({ state }) => state === "ALARM");
    const started = shift.played.startedAt.getTime();
    expect(red.filter(({ at }) => at.getTime() < started + 20 * minute)).toEqual([]);
    expect(red.map(({ alarm }) => alarm)).toContain("shop-dev-version-errors");
  });

  test("of answers that take longer is seen by an alarm on the latency", async () => {
    const alarms = { errors: false, latency: { p95Ms: 800, on: ["version"] } };
    const { totals } = await rehearseShift([await shopStack({ alarms })], { slow: ["canary=900@2m"] });
    expect(totals).toMatchObject({ result: "rolled back", failed: 0 });
    expect(totals.tookMs).toBeGreaterThan(2 * minute);
  });

  test("is met by shifts that are drawn, as by those that are played", async () => {
    const { planned } = await rehearseShift([await shopStack()], { rate: 0.1 });
    const given = [parseFailing("canary@150s"), parseFailing("stable=0%")];
    const faults = faultsOf(given, [], { ...planned, kinds: planned.subject.kinds });
    const options = { planned, rate: 10, faults, seed: 1, draws: 50, leadMs: 2 * minute, lateMinutes: 0 };
    const { stopped, stoppedAfterMs, failed } = await badnessAt(100, options);
    expect(stopped).toBe(1);
    expect(stoppedAfterMs?.median).toBeGreaterThan(150_000);
    expect(stoppedAfterMs?.ninetyPercent).toBeLessThanOrEqual(150_000 + 70_000);
    expect(failed.ninetyPercent).toBeLessThanOrEqual(70 * 10 * 0.2);
  });
});

describe("what metrics see of", () => {
  const alarms = {
    errors: { on: ["version"] },
    answers: {},
    latency: { p95Ms: 4000, evaluationPeriods: 1, on: ["version"] },
  };

  test.each([
    ["a thrown error", "throw", 502, ["stage-answers", "version-errors"]],
    ["an answer of 500", "500", 500, ["stage-answers"]],
    ["a timeout", "timeout", 502, ["stage-answers", "version-errors", "version-latency"]],
  ])("%s makes its alarms ALARM, also where it is drawn", async (_, kind, status, red) => {
    const shift = await rehearseShift([await shopStack({ alarms })], { fail: [`canary=100%:${kind}`] });
    const { totals, played, planned } = shift;
    expect(totals.stoppedBy.map((name) => name.replace("shop-dev-", "")).sort()).toEqual(red);
    expect(statusesOf(shift)).toEqual([status]);
    expect(totals.unseen).toBe(kind === "500" ? totals.failed : 0);
    const options = { rate: 10, faults: played.faults, seed: 1, leadMs: 2 * minute, lateMinutes: 0 };
    for (const alarm of planned.alarms) {
      const one = { ...planned, alarms: [alarm] };
      const { stopped } = await badnessAt(100, { ...options, planned: one, draws: 5 });
      expect([alarm.name, stopped]).toEqual([
        alarm.name,
        red.some((name) => alarm.name.endsWith(name)) ? 1 : 0,
      ]);
    }
  });

  test("a thrown error is what there is by default", async () => {
    const play = async (fail: string) => {
      const shift = await rehearseShift([await shopStack()], { rate: 2, fail: [fail] });
      return [shift.totals, statusesOf(shift)];
    };
    expect(await play("canary=25%")).toEqual(await play("canary=25%:throw"));
  });

  test("a handler that throws late is its time, which an alarm on the latency sees", async () => {
    const late = { errors: false, latency: { p95Ms: 100, evaluationPeriods: 1, on: ["version"] } };
    const throws =
      "export const handler = () => new Promise((_, no) => setTimeout(no, 150, new Error('no')));\n";
    const code = (text: string) => shopStack({ alarms: late }, { "lambdas/shop/shop.ts": text });
    const stacks = [await code(handler("1")), await code(throws)];
    expect((await rehearseShift(stacks, { rate: 0.5 })).totals.stoppedBy).toEqual([
      "shop-dev-version-latency",
    ]);
  });

  test("a function that has longer than API Gateway waits is answered for with 504", async () => {
    const stack = await shopStack({ settings: { timeoutSeconds: 60 } });
    expect(statusesOf(await rehearseShift([stack], { fail: ["canary=100%:timeout"] }))).toEqual([504]);
  });

  test("answers that take longer than their function may are timeouts, also where they are drawn", async () => {
    const stack = await shopStack({ settings: { timeoutSeconds: 1 } });
    const slow = await rehearseShift([stack], { slow: ["canary=1500"] });
    expect(slow.totals).toMatchObject({
      result: "rolled back",
      failed: slow.totals.byVersion.get("2")?.failed,
    });
    expect(statusesOf(slow)).toEqual([502]);
    const { planned, played } = slow;
    const options = { rate: 10, faults: played.faults, seed: 1, leadMs: 2 * minute, lateMinutes: 0 };
    const drawn = await badnessAt(0, { ...options, planned, draws: 5 });
    expect(drawn.stopped).toBe(1);
    expect(drawn.failed.median).toBeGreaterThan(0);
  });

  function statusesOf({ records }: Rehearsed): number[] {
    return [...new Set(records.map(({ status }) => status).filter((status) => status !== 200))];
  }
});

describe("what is given", () => {
  const parts = { from: "1", to: "2", kinds: ["throw", "500", "timeout"] } as const;

  test.each([
    ["canary=5%", { percent: 5, kind: "throw" }],
    ["2=5%", { percent: 5, kind: "throw" }],
    ["canary=0.5%:500", { percent: 0.5, kind: "500" }],
    ["canary=5%:timeout@20m", { percent: 5, kind: "timeout", fromMs: 20 * minute }],
    ["canary=5%@90s", { percent: 5, kind: "throw", fromMs: 90_000 }],
    ["canary=5%@1.5h", { percent: 5, kind: "throw", fromMs: 90 * minute }],
    ["canary=5%@0s", { percent: 5, kind: "throw", fromMs: 0 }],
  ])("%s is told to scripts as %j", (given, told) => {
    const { failing } = faultFields(faultsOf([parseFailing(given)], [], parts));
    expect(failing).toEqual([{ version: "2", ...told }]);
  });

  test("of one version is put in the order of time, and the last of a moment counts last", () => {
    const given = ["canary=3%@2m", "canary=1%", "canary=2%@2m", "canary=4%"].map(parseFailing);
    const { failing } = faultFields(faultsOf(given, [], parts));
    expect(failing.map((one) => "percent" in one && one.percent)).toEqual([1, 4, 3, 2]);
  });

  const looks = "it must look like canary=5%: canary, stable or a version, and 0 to 100 %";
  test.each<[string, string]>([
    ["canary=120%", looks],
    ["canary", looks],
    ["canary=5", looks],
    ["canary=5%:", 'it must have 500, throw or timeout behind the colon, got ""'],
    ["canary=5%:502", 'it must have 500, throw or timeout behind the colon, got "502"'],
    ["canary=5%@", 'it must have a time such as @90s, @20m or @1h, at most 48 h, got "@"'],
    ["canary=5%@20", 'it must have a time such as @90s, @20m or @1h, at most 48 h, got "@20"'],
    ["canary=5%@-1m", 'it must have a time such as @90s, @20m or @1h, at most 48 h, got "@-1m"'],
    ["canary=5%@49h", 'it must have a time such as @90s, @20m or @1h, at most 48 h, got "@49h"'],
    ["canary=5%@2m:throw", 'it must have a time such as @90s, @20m or @1h, at most 48 h, got "@2m:throw"'],
  ])("%s is refused", (text, message) => {
    expect(() => parseFailing(text)).toThrow(message);
  });

  test("a time of answers that take longer is refused alike", () => {
    expect(parseSlow("canary=200ms@20m")).toEqual({ who: "canary", value: 200, fromMs: 20 * minute });
    expect(() => parseSlow("canary=200@soon")).toThrow('at most 48 h, got "@soon"');
  });

  test("a kind that a service cannot fail with is refused", () => {
    const withoutApi = { ...parts, kinds: ["throw", "timeout"] } as const;
    expect(() => faultsOf([parseFailing("canary=5%:500")], [], withoutApi)).toThrow(
      `'--fail' must be throw or timeout for this service, got "500" for canary`,
    );
  });
});

test("what is wrong, how and from when on, is told before it is played", async () => {
  const play: Play = { rate: 0.1, fail: ["canary=1%", "canary=50%:500@20m"], slow: ["stable=200@1h"] };
  const { planned, played } = await rehearseShift([await shopStack()], play);
  const options = { rate: 0.1, seed: 1, lateMinutes: 0, isSameCode: false };
  const lines = announcementOf(planned, played.faults, options).filter(([what]) => /failing|slow/.test(what));
  expect(lines).toEqual([
    ["failing", "1 % of the invocations of 2"],
    ["failing", "50 % of the invocations of 2, as answers of 500, from 20:00 on"],
    ["slow", "invocations of 1 by 200 ms, from 60:00 on"],
  ]);
});

/** Requests that failed in a part of a shift. */
function failedBetween(
  { played: { stretches, startedAt } }: Rehearsed,
  fromMs: number,
  toMs: number,
): number {
  const start = startedAt.getTime();
  return stretches
    .filter((one) => one.fromMs >= start + fromMs && one.toMs <= start + toMs)
    .reduce((sum, { failed }) => sum + failed, 0);
}
