import { seededRandom } from "../../../../src/rehearsal/random";
import type { Faults } from "../../../../src/rehearsal/rollout/faults";
import { faultsOf, parseFailing } from "../../../../src/rehearsal/rollout/given-faults";
import { howBadTable, howBadText, triedAt } from "../../../../src/rehearsal/rollout/how-bad";
import { drawRelease } from "../../../../src/rehearsal/rollout/steps/drawn-release";
import { countsOf } from "../../../../src/rehearsal/rollout/totals";
import { handler, shop } from "../../../support/project";
import { drawable, rehearseRelease, type Stepped, steppedShop } from "./rehearsed-release";

jest.setTimeout(180_000);

const nine = "2026-11-27T09:00:00Z";
const steps = [
  { percent: 10, bakeMinutes: 5 },
  { percent: 50, bakeMinutes: 5 },
];
const none: Faults = { failing: new Map(), slow: new Map() };
type Drawable = Awaited<ReturnType<typeof drawable>>;

const drawnAt = (failingPercent: number, of: Drawable, { rate = 5, draws = 100, faults = none } = {}) =>
  triedAt(failingPercent, {
    planned: of.planned,
    faults,
    seed: 1,
    draws,
    draw: async (faults, random) =>
      countsOf(await drawRelease({ ...of, rate, faults, random, lateMinutes: 0 }), of.planned),
  });

/** Results of releases, each with how often it came. */
async function resultsOf(of: Drawable, failing: Record<string, number>, draws = 20) {
  const random = seededRandom(1);
  const onset = (share: number) => [
    { fromMs: Number.NEGATIVE_INFINITY, value: { share, kind: "throw" as const } },
  ];
  const faults = {
    ...none,
    failing: new Map(Object.entries(failing).map(([version, share]) => [version, onset(share)])),
  };
  const results = new Set<string>();
  for (let drawn = 0; drawn < draws; drawn++)
    results.add((await drawRelease({ ...of, rate: 5, faults, random, lateMinutes: 0 })).result);
  return [...results];
}

describe("a canary stage with a guard", () => {
  let stepped: Stepped;
  let guarded: Drawable;
  beforeAll(async () => {
    stepped = await steppedShop(shop({ steps, guard: {}, stableSince: nine }));
    guarded = await drawable(stepped);
  });

  test("a version without a fault is released, in the time that its steps take", async () => {
    const release = await drawRelease({
      ...guarded,
      rate: 5,
      faults: none,
      random: seededRandom(1),
      lateMinutes: 0,
    });
    expect(countsOf(release, guarded.planned)).toMatchObject({
      result: "released",
      tookMs: 600_000,
      failed: 0,
    });
  });

  test("the worse a version, the sooner it is stopped, within a minute and a look of the guard", async () => {
    const rate = 50;
    const rows = [];
    for (const failingPercent of [0, 0.1, 100]) rows.push(await drawnAt(failingPercent, guarded, { rate }));
    const [good, bad, worst] = rows;
    expect(rows.map(({ stopped }) => stopped)).toEqual([0, 1, 1]);
    expect(good?.stoppedAfterMs).toBeUndefined();
    expect(bad?.stoppedAfterMs?.median).toBeGreaterThan(worst?.stoppedAfterMs?.median ?? 0);
    expect(worst?.stoppedAfterMs?.ninetyPercent).toBeLessThanOrEqual(65_000);
    expect(worst?.failed.ninetyPercent).toBeLessThanOrEqual(65 * rate * 0.2);
  });

  test("a version that always fails is stopped within a minute and a look of the guard, in each draw", async () => {
    const random = seededRandom(1);
    const { kinds } = guarded.planned.subject;
    const faults = faultsOf([parseFailing("canary=100%")], [], { ...guarded.planned, kinds });
    for (let drawn = 0; drawn < 40; drawn++) {
      const release = await drawRelease({ ...guarded, rate: 50, faults, random, lateMinutes: 0 });
      expect(countsOf(release, guarded.planned).tookMs).toBeLessThanOrEqual(65_000);
    }
  });

  test("a person who is paged moves the users back so many minutes after the alarm", async () => {
    const random = seededRandom(1);
    const { kinds } = guarded.planned.subject;
    const faults = faultsOf([parseFailing("canary=100%@30s"), parseFailing("canary=0%@2m")], [], {
      ...guarded.planned,
      kinds,
    });
    const options = { ...guarded, rate: 50, faults, random, lateMinutes: 0, personAfterMinutes: 3 };
    const totals = countsOf(await drawRelease(options), guarded.planned);
    expect(totals.result).toBe("stopped by the guard");
    expect(totals.tookMs).toBeGreaterThan(30_000 + 180_000);
    expect(totals.tookMs).toBeLessThanOrEqual(30_000 + 60_000 + 180_000);
  });

  test("what is drawn is what is played", async () => {
    const { stoppedAfterMs, failed } = await drawnAt(40, guarded, { rate: 4, draws: 200 });
    const { totals } = await rehearseRelease(stepped, { rate: 4, fail: ["canary=40%"] });
    expect(totals.result).toBe("stopped by the guard");
    expect(totals.tookMs).toBeLessThanOrEqual((stoppedAfterMs?.ninetyPercent ?? 0) * 1.5);
    expect(totals.failedUntilEnd).toBeLessThanOrEqual(failed.ninetyPercent * 2);
  });

  test("the guard decides: where stable is in ALARM too, it moves nobody", async () => {
    expect(await resultsOf(guarded, { v2: 1 })).toEqual(["stopped by the guard"]);
    expect(await resultsOf(guarded, { v1: 1, v2: 1 })).toEqual(["held"]);
    expect(await resultsOf(guarded, { v1: 1 })).toEqual(["released"]);
  });

  test("an alarm that goes off after the last step returns the users to the former version", async () => {
    const { planned } = guarded;
    const moves = planned.moves.map((move) => ({ ...move, atMinutes: 0 }));
    expect(await resultsOf({ ...guarded, planned: { ...planned, moves } }, { v2: 0.5 })).toEqual([
      "stopped by the guard",
    ]);
  });
});

test("without a guard a bad version is held at its step, and no alarm stops it before", async () => {
  const of = await drawable(await steppedShop(shop({ steps, alarms: {} })));
  const { stopped, stoppedAfterMs } = await drawnAt(100, of);
  expect([stopped, stoppedAfterMs]).toEqual([1, { median: 300_000, ninetyPercent: 300_000 }]);
  expect(await resultsOf(of, { v2: 1 })).toEqual(["held"]);
});

test("a weighted alias is drawn by the metrics of its versions", async () => {
  const files = shop(
    { strategy: "weighted-alias", versions: [1], stable: 1, stableSince: nine, guard: {} },
    { "lambdas/shop/shop.ts": handler("1") },
  );
  const of = await drawable(await steppedShop(files));
  const rows = [await drawnAt(0, of), await drawnAt(50, of), await drawnAt(100, of)];
  expect(rows.map(({ stopped }) => stopped)).toEqual([0, 1, 1]);
  expect(howBadTable(rows, of.planned)).toMatch(/^version 2 fails +stopped +after.*\n0 % +0 % +-/);
  expect(howBadText(rows, { tried: "releases", stopped: "stopped" })).toBe(
    "A version that fails in 50 % or more is stopped in at least 9 of 10 releases.",
  );
});
