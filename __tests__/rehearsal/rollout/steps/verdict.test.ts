import { releaseAnnouncement } from "../../../../src/rehearsal/rollout/steps/release-text";
import { shop } from "../../../support/project";
import { eventsOf, type Rehearsed, rehearseRelease, type Stepped, steppedShop } from "./rehearsed-release";

jest.setTimeout(180_000);

const nine = "2026-11-27T09:00:00Z";
const steps = [{ percent: 50, bakeMinutes: 2, verdict: "as-good" }];
// An alarm that sees nothing of a version that is slightly worse.
const alarms = { errors: false, answers: { percent: 30 } };
const stepped = (fields: object) =>
  steppedShop(shop({ steps, alarms, stableSince: nine, stage: { accessLogs: true }, ...fields }));
const minutesOf = ({ totals }: Rehearsed) => totals.tookMs / 60_000;

describe("a step that waits for the verdict", () => {
  let unguarded: Stepped;
  beforeAll(async () => {
    unguarded = await stepped({});
  });

  test("is left by a good version once enough is known, which takes longer than it bakes", async () => {
    const release = await rehearseRelease(unguarded, { rate: 20 });
    expect(eventsOf(release)).toEqual([
      "start: v2 has 50 %",
      expect.stringMatching(/^promote waits for the verdict: not enough yet: /),
      "the verdict is as good: nothing that matters is worse in v2",
      "promote: v2 has 100 %",
      "v2 is released",
      "the rehearsal ends",
    ]);
    expect(release.totals).toMatchObject({ result: "released", failed: 0, stoppedBy: [] });
    expect(minutesOf(release)).toBeGreaterThan(5);
    expect(minutesOf(release)).toBeLessThan(60);
  });

  test("is not left by one that is slightly worse, which no alarm sees: without a guard it is held", async () => {
    const release = await rehearseRelease(unguarded, { rate: 20, fail: ["canary=3%"] });
    const events = eventsOf(release);
    expect(events).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^the verdict is worse: failed answers \([\d.]+ % of [\d,]+, beside 0 % of [\d,]+\)$/,
        ),
        "promote is refused: the verdict is worse",
      ]),
    );
    expect(events.join()).not.toContain("ALARM");
    expect(release.totals).toMatchObject({ result: "held", stoppedBy: ["the verdict"] });
    expect(release.played.shares.map(({ percent }) => percent)).toEqual([50]);
  });
});

test("a guard that compares takes back a canary that is slightly worse, which no alarm sees", async () => {
  const release = await rehearseRelease(await stepped({ guard: { verdict: true } }), {
    rate: 20,
    fail: ["canary=3%"],
  });
  const { totals, played, planned } = release;
  expect(played.troubles).toEqual([]);
  const events = eventsOf(release);
  const stop = events.indexOf("the guard stops v2: users go to v1");
  expect(events[stop - 1]).toMatch(
    /^the verdict is worse than v1: failed answers \([\d.]+ % of [\d,]+, beside 0 % of [\d,]+\)$/,
  );
  expect(events.join()).not.toContain("ALARM");
  expect(totals).toMatchObject({ result: "stopped by the guard", stoppedBy: ["the verdict"] });
  expect(played.shares.map(({ percent }) => percent)).toEqual([50, 0]);
  expect(played.stale?.refused).toContain("by guard (the verdict is worse than v1: failed answers");
  const announced = releaseAnnouncement(planned, played.faults, {
    rate: 20,
    seed: 1,
    lateMinutes: 0,
    wakers: { patterns: [], eachMinute: true },
    isSameCode: false,
  });
  expect(announced).toContainEqual([
    "to release",
    "v2 of dev/shop, which v1 serves: 50 % for 2 minutes and the verdict, then everybody",
  ]);
  expect(announced).toContainEqual([
    "verdict",
    "compares failed answers; no latency, which is this machine's; a step waits at most 6 hours for it",
  ]);
});
