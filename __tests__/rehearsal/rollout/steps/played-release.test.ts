import { reactionOf, releaseSentences } from "../../../../src/rehearsal/rollout/steps/release-text";
import { handler, shop } from "../../../support/project";
import { eventsOf, rehearseRelease, type Stepped, steppedShop } from "./rehearsed-release";

jest.setTimeout(180_000);

const topic = "arn:aws:sns:eu-central-1:111122223333:releases";
const nine = "2026-11-27T09:00:00Z";
const steps = [
  { percent: 10, bakeMinutes: 5 },
  { percent: 50, bakeMinutes: 5 },
];
const minutes = (count: number) => count * 60_000;

describe("a canary stage with a guard", () => {
  let stepped: Stepped;
  beforeAll(async () => {
    stepped = await steppedShop(
      shop({
        steps,
        guard: { topics: [topic] },
        stableSince: nine,
        stage: { accessLogs: true },
        canary: { version: "v2", percent: 10, since: nine },
      }),
    );
  });

  test("gives a good version all users, step by step, and no request fails", async () => {
    const release = await rehearseRelease(stepped, { rate: 4 });
    expect(eventsOf(release)).toEqual([
      "start: v2 has 10 %",
      "advance: v2 has 50 %",
      "promote: v2 has 100 %",
      "v2 is released",
      "the rehearsal ends",
    ]);
    const { totals, played } = release;
    expect(totals).toMatchObject({ result: "released", tookMs: minutes(10), failed: 0, stoppedBy: [] });
    expect(played.shares.map(({ percent }) => percent)).toEqual([10, 50, 100]);
    // 30 and 150 of 300 requests each, and then all of them for as long as a failure could be seen.
    const all = totals.byVersion.get("v2")?.requests ?? 0;
    expect(Math.abs(all - (1200 * 0.1 + 1200 * 0.5 + 4 * 60 * 4))).toBeLessThan(90);
    expect(played).toMatchObject({ stale: undefined, messages: [], troubles: [] });
  });

  test("stops a version that fails: its own calls move the users, and the stale file is refused", async () => {
    const logged = jest.spyOn(console, "error").mockImplementation(() => {});
    const release = await rehearseRelease(stepped, { rate: 4, fail: ["canary=30%"] });
    // Nor does a call leave this machine: there are no credentials for one.
    expect(logged.mock.calls).toEqual([]);
    logged.mockRestore();
    const { totals, played, planned } = release;
    const events = eventsOf(release);
    expect(played.troubles).toEqual([]);
    expect(events).toEqual(
      expect.arrayContaining([
        "alarm shop-dev-v2-errors is ALARM",
        "the guard stops v2: users go to v1",
        "v1 has 100 %",
        "SNS: dev/shop: the guard stopped v2",
      ]),
    );
    expect(totals).toMatchObject({ result: "stopped by the guard", failuresNeeded: 1 });
    expect(totals.stoppedBy).toContain("shop-dev-v2-errors");
    expect(played.shares.map(({ percent }) => percent)).toEqual([10, 0]);
    expect(totals.byVersion.get("v2")).toEqual({
      requests: expect.any(Number),
      failed: totals.failed,
      failedUntilEnd: totals.failed,
    });
    expect(totals.failed).toBeGreaterThan(0);
    const { secondsToAlarm, secondsToMove } = reactionOf(played);
    expect(secondsToAlarm).toBeGreaterThanOrEqual(0);
    expect(secondsToAlarm).toBeLessThanOrEqual(60);
    expect(secondsToMove).toBe(5);
    const at = played.endedAt
      .toISOString()
      .replace(".000", "")
      .replace(/\.\d{3}/, "");
    expect(played.stale?.move.verb).toBe("start");
    expect(played.stale?.refused).toMatch(/^aws_api_gateway_stage\.[\w-]+: v2 of dev\/shop was stopped at /);
    expect(played.stale?.refused).toContain(`stopped at ${at} by guard (alarm shop-dev-v2-errors: `);
    expect(played.stale?.refused).toContain(
      "the decision of the file is older ('canary.since' is 2026-11-27T10:00:00Z). Run 'lambda-release sync dev/shop'",
    );
    expect(releaseSentences(played, planned)).toEqual(
      expect.arrayContaining([
        "An apply of the file as it was before the stop (start, 10 %) is refused:",
        played.stale?.refused,
      ]),
    );
  });

  test("what the guard tells people has the numbers of the version", async () => {
    const { played, totals } = await rehearseRelease(stepped, { rate: 4, fail: ["canary=30%"] });
    const [message] = played.messages;
    expect(message).toMatchObject({ topic, subject: "dev/shop: the guard stopped v2" });
    const [, failed] = /with (\d+) answers of 500 and above/.exec(message?.text ?? "") ?? [];
    expect(Number(failed)).toBeGreaterThan(0);
    expect(Number(failed)).toBeLessThanOrEqual(totals.failed);
  });

  test("a seed plays the same again", async () => {
    const play = async (seed: number) =>
      eventsAndTimes(await rehearseRelease(stepped, { seed, fail: ["canary=20%"] }));
    const [one, again] = [await play(7), await play(7)];
    expect(again).toEqual(one);
  });

  const eventsAndTimes = ({ played, totals }: Awaited<ReturnType<typeof rehearseRelease>>) => ({
    took: totals.tookMs,
    failed: totals.failed,
    requests: totals.requests,
    alarms: played.alarmChanges.map(({ at, alarm, state }) => [at.getTime(), alarm, state]),
  });
});

test("a function's own answers of 500 are seen by the alarm on answers alone, and the guard stops them", async () => {
  const files = shop(
    { steps, guard: {}, stableSince: nine, stage: { accessLogs: true } },
    { "lambdas/shop/v2/shop.ts": "export const handler = async () => ({ statusCode: 500, body: '' });\n" },
  );
  const { totals } = await rehearseRelease(await steppedShop(files), { rate: 2 });
  expect(totals).toMatchObject({ result: "stopped by the guard", stoppedBy: ["shop-dev-canary-answers"] });
  expect(totals.unseen).toBe(totals.failed);
});

test("without a guard nothing moves the users back: an alarm refuses the next step", async () => {
  const stepped = await steppedShop(shop({ steps, alarms: {} }));
  const { totals, played, planned } = await rehearseRelease(stepped, { rate: 2, fail: ["canary=100%"] });
  expect(totals).toMatchObject({ result: "held", tookMs: minutes(5), stoppedBy: ["shop-dev-v2-errors"] });
  expect(played.shares.map(({ percent }) => percent)).toEqual([10]);
  expect(totals.failed).toBeGreaterThan(totals.failedUntilEnd);
  expect(played.stale).toBeUndefined();
  expect(releaseSentences(played, planned)).toEqual(
    expect.arrayContaining(["v2 keeps 10 % of the users: the release has no guard."]),
  );
});

describe("a weighted alias with a guard", () => {
  const release = { strategy: "weighted-alias", versions: [1], stable: 1, stableSince: nine, guard: {} };
  let stepped: Stepped;
  beforeAll(async () => {
    stepped = await steppedShop(shop(release, { "lambdas/shop/shop.ts": handler("1") }));
  });

  test("gives the next number of the same code all users, with the steps that are assumed", async () => {
    const { totals, planned, played, recorded } = await rehearseRelease(stepped);
    expect(planned).toMatchObject({ from: "1", to: "2" });
    expect(planned.assumed).toEqual([
      "version 2: the file has none after 1",
      "steps: 10 % for 15 minutes, then everybody: the file has no 'steps'",
    ]);
    expect(totals).toMatchObject({ result: "released", tookMs: minutes(15), failed: 0 });
    expect(played.shares.map(({ percent }) => percent)).toEqual([10, 100]);
    // Since when each share is live, as the guard that is deployed records it.
    const shareOf = (percent: number) => expect.objectContaining({ version: "2", percent });
    expect(recorded).toEqual([undefined, shareOf(10), shareOf(100)]);
    const [, share] = recorded;
    const seconds = (Date.parse(share?.at ?? "") - Date.parse(share?.since ?? "")) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  test("loses its weights to the guard, and a stale apply is refused", async () => {
    const { totals, played } = await rehearseRelease(stepped, { rate: 4, fail: ["canary=50%"] });
    expect(played.troubles).toEqual([]);
    expect(totals).toMatchObject({ result: "stopped by the guard" });
    expect(played.shares.map(({ percent }) => percent)).toEqual([10, 0]);
    expect(totals.byVersion.get("2")?.failed).toBe(totals.failed);
    expect(played.stale?.refused).toMatch(/^aws_lambda_alias\.[\w-]+: 2 of dev\/shop was stopped at /);
  });
});

test("a blue/green stage that turns bad after its switch gets its former version back", async () => {
  const stepped = await steppedShop(
    shop(
      { strategy: "blue-green-stage", versions: [1, 2], stable: 1, stableSince: nine, guard: {} },
      { "lambdas/shop/shop.ts": handler("1") },
    ),
  );
  const { totals, played } = await rehearseRelease(stepped, { rate: 2, fail: ["canary=50%"] });
  expect(played.troubles).toEqual([]);
  expect(totals.result).toBe("stopped by the guard");
  expect(played.shares.map(({ percent }) => percent)).toEqual([100, 0]);
  expect(played.stale?.move.verb).toBe("promote");
  expect(played.stale?.refused).toContain("2 of dev/shop was stopped at");
});
