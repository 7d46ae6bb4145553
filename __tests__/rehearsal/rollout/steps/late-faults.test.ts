import { shop } from "../../../support/project";
import { eventsOf, rehearseRelease, steppedShop } from "./rehearsed-release";

jest.setTimeout(180_000);

test("a canary that answers 500 late is stopped by the guard after that, and fails nothing before", async () => {
  const steps = [{ percent: 10, bakeMinutes: 10 }];
  const stageLogs = { stage: { accessLogs: true }, stableSince: "2026-11-27T09:00:00Z" };
  const release = await rehearseRelease(await steppedShop(shop({ steps, guard: {}, ...stageLogs })), {
    rate: 4,
    fail: ["canary=100%:500@6m"],
  });
  const { totals, played } = release;
  expect(totals).toMatchObject({ result: "stopped by the guard", stoppedBy: ["shop-dev-canary-answers"] });
  expect(totals.unseen).toBe(totals.failed);
  expect(eventsOf(release)).toContain(
    "failing from now on: 100 % of the invocations of v2, as answers of 500",
  );
  const onset = played.startedAt.getTime() + 360_000;
  const failed = (isBefore: boolean) =>
    played.stretches
      .filter(({ toMs }) => toMs <= onset === isBefore)
      .reduce((sum, one) => sum + one.failed, 0);
  expect([failed(true), failed(false)]).toEqual([0, totals.failed]);
  expect(totals.failed).toBeGreaterThan(0);
  expect(totals.tookMs).toBeGreaterThan(360_000);
});
