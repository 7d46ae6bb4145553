import { badnessAt } from "../../../src/rehearsal/rollout/how-bad";
import { handler } from "../../support/project";
import { eventsOf, rehearseShift, shopStack } from "./rehearsed-shift";

jest.setTimeout(120_000);

const answers = { alarms: { errors: false, answers: { threshold: 3 } } };
const failing = "export const handler = async () => ({ statusCode: 500, body: 'no database' });\n";

test("a version that answers 500 itself is stopped, which no alarm on errors would do", async () => {
  const stacks = (release: object) =>
    Promise.all([
      shopStack(release, { "lambdas/shop/shop.ts": handler("1") }),
      shopStack(release, { "lambdas/shop/shop.ts": failing }),
    ]);
  const unseen = await rehearseShift(await stacks({}), { rate: 1 });
  expect(unseen.totals).toMatchObject({ result: "shifted", stoppedBy: [] });
  expect(unseen.totals.failed).toBeGreaterThan(0);

  const seen = await rehearseShift(await stacks(answers), { rate: 1 });
  expect(seen.totals).toMatchObject({
    result: "rolled back",
    stoppedBy: ["shop-dev-stage-answers"],
    failuresNeeded: 3,
  });
  expect(eventsOf(seen)).toContain("alarm shop-dev-stage-answers is ALARM");
});

test("answers of a stable version that fails while nobody has the new one stop nothing", async () => {
  const allFail = await shopStack(
    { ...answers, rollout: { canary: { percent: 1, minutes: 1 } } },
    { "lambdas/shop/shop.ts": failing },
  );
  const { planned, played } = await rehearseShift([allFail], { rate: 1 });
  expect(planned.silentAlarms).toEqual([]);
  const started = played.startedAt.getTime();
  const red = played.alarmChanges.filter(({ state }) => state === "ALARM");
  expect(red.filter(({ at }) => at.getTime() < started)).toEqual([]);
});

test("a shift whose requests are drawn is stopped by it too", async () => {
  const { planned } = await rehearseShift([await shopStack(answers)], { rate: 0.1 });
  const options = { planned, rate: 10, faults: { failing: new Map(), slow: new Map() }, seed: 1, draws: 50 };
  const { stopped } = await badnessAt(100, { ...options, leadMs: 120_000, lateMinutes: 0 });
  expect(stopped).toBe(1);
});
