import { seededRandom } from "../../../src/rehearsal/random";
import { drawBinomial } from "../../../src/rehearsal/rollout/draw-binomial";
import { badnessAt, howBadTable, howBadText } from "../../../src/rehearsal/rollout/how-bad";
import type { PlannedShift } from "../../../src/rehearsal/rollout/planned-shift";
import type { Configuration } from "../../../src/rehearsal/terraform/configuration";
import { rehearseService, serviceStack } from "./ecs/rehearsed-service";
import { rehearseShift, shopStack } from "./rehearsed-shift";

jest.setTimeout(300_000);

const none = { failing: new Map(), slow: new Map() };
let stack: Configuration;
let planned: PlannedShift;
beforeAll(async () => {
  stack = await shopStack();
  planned = (await rehearseShift([stack], { rate: 0.1 })).planned;
});

const drawn = (failingPercent: number, rate: number, draws = 400) =>
  badnessAt(failingPercent, { planned, rate, faults: none, seed: 1, draws, leadMs: 120_000, lateMinutes: 0 });

test("what is drawn is what is played", async () => {
  const rate = 0.5;
  const failingPercent = 8;
  const seeds = Array.from({ length: 16 }, (_, index) => index + 1);
  const plays = [];
  for (const seed of seeds) {
    plays.push((await rehearseShift([stack], { rate, seed, fail: [`canary=${failingPercent}%`] })).totals);
  }
  const badness = await drawn(failingPercent, rate);
  const stopped = plays.filter(({ result }) => result !== "shifted");
  const share = stopped.length / plays.length;
  // Three standard deviations of as many plays.
  expect(Math.abs(share - badness.stopped)).toBeLessThan(
    3 * Math.sqrt((badness.stopped * (1 - badness.stopped)) / plays.length),
  );
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const minutes = mean(stopped.map(({ tookMs }) => tookMs)) / 60_000;
  expect(Math.abs(minutes - (badness.stoppedAfterMs?.median ?? 0) / 60_000)).toBeLessThan(1.5);
  const failed = mean(plays.map(({ failedUntilEnd }) => failedUntilEnd));
  expect(failed).toBeLessThanOrEqual(badness.failed.ninetyPercent);
});

test("a version that always fails is stopped by the first alarm after it has users", async () => {
  const { stopped, stoppedAfterMs, failed } = await drawn(100, 10);
  expect(stopped).toBe(1);
  // An evaluation in each minute, and a look at it every 10 seconds.
  expect(stoppedAfterMs?.ninetyPercent).toBeLessThanOrEqual(70_000);
  expect(failed.ninetyPercent).toBeLessThanOrEqual(70 * 10 * 0.2);
});

test("the worse the version, the surer and the sooner it is stopped", async () => {
  const rows = [await drawn(0.1, 10), await drawn(1, 10), await drawn(10, 10)];
  const [good, bad, worst] = rows;
  expect(rows.map(({ stopped }) => stopped)).toEqual([...rows.map(({ stopped }) => stopped)].sort());
  expect(good?.stopped).toBeLessThan(0.5);
  expect(bad?.stoppedAfterMs?.median).toBeGreaterThan(worst?.stoppedAfterMs?.median ?? 0);
});

test("where hardly anybody calls, an alarm sees hardly anything", async () => {
  const row = await drawn(5, 0.1);
  expect(row.stopped).toBeLessThan(0.25);
  expect(howBadTable([row], planned)).toMatch(/^5 % +\d+ % +\d:\d\d +\d:\d\d +0 +\d$/m);
});

test("the table comes to how bad a version has to be", () => {
  const rows = (...stopped: number[]) =>
    stopped.map((share, index) => ({
      failingPercent: index + 1,
      stopped: share,
      failed: { median: 0, ninetyPercent: 0 },
    }));
  expect(howBadText(rows(0.2, 0.9, 1))).toBe(
    "A version that fails in 2 % or more is stopped in at least 9 of 10 shifts.",
  );
  expect(howBadText(rows(0.9, 0.8, 1))).toBe(
    "A version that always fails is stopped in at least 9 of 10 shifts.",
  );
  expect(howBadText(rows(0.2, 0.5, 0.8))).toBe(
    "Even a version that always fails is stopped in only 80 % of shifts.",
  );
});

test("for a service the operator continues it, and its alarms stop what is bad", async () => {
  const rollout = { waitMinutes: 60 };
  const { planned: service } = await rehearseService([await serviceStack({ rollout })], { rate: 0.1 });
  const options = { planned: service, rate: 10, faults: none, seed: 1, leadMs: 120_000, lateMinutes: 0 };
  const [good, bad] = [
    await badnessAt(0, { ...options, draws: 20 }),
    await badnessAt(50, { ...options, draws: 20, operatorAfterMinutes: 30 }),
  ];
  expect(good).toMatchObject({ stopped: 0, failed: { ninetyPercent: 0 } });
  expect(bad.stopped).toBe(1);
  expect(bad.stoppedAfterMs?.median).toBeGreaterThan(30 * 60_000);
  expect(bad.stoppedAfterMs?.ninetyPercent).toBeLessThan(33 * 60_000);
});

test("what no alarm sees is never stopped", async () => {
  const blind = { ...planned, alarms: [] };
  const options = {
    planned: blind,
    rate: 10,
    faults: none,
    seed: 1,
    draws: 20,
    leadMs: 120_000,
    lateMinutes: 0,
  };
  const row = await badnessAt(100, options);
  expect(row).toMatchObject({ stopped: 0, stoppedAfterMs: undefined });
  expect(row.failed.median).toBeGreaterThan(200);
});

test.each([
  [100, 0.002],
  [600, 0.1],
  [600, 0.9],
  [100_000, 0.3],
  [10, 0],
  [10, 1],
])("of %i tries with a chance of %d as many succeed as must", (count, chance) => {
  const random = seededRandom(1);
  const draws = Array.from({ length: 4000 }, () => drawBinomial(count, chance, random));
  const mean = draws.reduce((sum, hits) => sum + hits, 0) / draws.length;
  const variance = draws.reduce((sum, hits) => sum + (hits - mean) ** 2, 0) / draws.length;
  const expected = count * chance * (1 - chance);
  expect(Math.abs(mean - count * chance)).toBeLessThanOrEqual(4 * Math.sqrt(expected / draws.length));
  expect(variance).toBeGreaterThanOrEqual(expected * 0.85);
  expect(variance).toBeLessThanOrEqual(expected * 1.15);
});
