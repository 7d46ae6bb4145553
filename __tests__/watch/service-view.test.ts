import type { Seen } from "../../src/live/live-view";
import { sharesOf } from "../../src/release/split";
import { notAsked } from "../../src/release/steps/live-share";
import { type ServiceView, serviceView } from "../../src/watch/service-view";
import { releaseOf } from "../live/shop-context";
import { type Files, shop } from "../support/project";

const since = "2026-11-27T10:00:00Z";
const now = new Date("2026-11-27T10:12:00.500Z");
const steps = [
  { percent: 1, bakeMinutes: 10 },
  { percent: 10, bakeMinutes: 30, auto: true },
  { percent: 50, bakeMinutes: 0 },
];
const onTrial = { steps, canary: { version: "v2", percent: 10, since } };

const traffic = (percent: number) => {
  const split = { stable: "v1", canary: { version: "v2", percent } };
  return { ...split, shares: sharesOf(split), unknown: [] };
};

const seen: Seen = {
  place: { accountId: "111122223333", region: "eu-central-1" },
  traffic: traffic(10),
  share: { is: "live", since: new Date("2026-11-27T10:02:00Z") },
  alarms: [
    { name: "shop-dev-v2-errors", state: "ALARM", since: new Date("2026-11-27T10:11:00Z"), reason: "5 of 5" },
  ],
  minutes: {
    of: "requests",
    from: new Date("2026-11-27T10:10:00Z"),
    stable: [{ requests: 90, failed: 0, p95: 120 }, undefined],
    canary: [{ requests: 10, failed: 1 }, undefined],
    metrics: 8,
  },
  verdict: { notKnown: "no version is on trial" },
  stops: [],
  troubles: [],
};

function view(release: object = onTrial, of: Partial<Seen> = {}, files: Files = {}): ServiceView {
  const read = { release: releaseOf(shop(release, files)), name: "dev/shop", path: "releases/dev/shop.json" };
  return serviceView(read, { ...seen, ...of }, [{ command: "next dev/shop", effect: "goes on" }], now);
}

test("a view is plain JSON", () => {
  expect(JSON.parse(JSON.stringify(view()))).toEqual(view());
});

test("it tells who serves in AWS and by the file, and what points at each", () => {
  const { versions, isAsInFile } = view(onTrial, { traffic: traffic(25) });
  expect(versions).toEqual([
    { version: "v1", roles: ["stable"], file: 90, aws: 75 },
    { version: "v2", roles: ["canary"], file: 10, aws: 25 },
  ]);
  expect(isAsInFile).toBe(false);
  expect(view().isAsInFile).toBe(true);
});

test("a version that AWS serves and the file does not list is there, one that nobody gets is not", () => {
  const split = { stable: "v9" };
  const { versions } = view({}, { traffic: { ...split, shares: sharesOf(split), unknown: ["v9"] } });
  expect(versions).toEqual([
    { version: "v1", roles: ["stable"], file: 100, aws: 0 },
    { version: "v9", roles: [], aws: 100 },
  ]);
});

test("steps are done, now and ahead, with all that the file says of each", () => {
  expect(view().steps).toEqual([
    { ...steps[0], is: "done" },
    { ...steps[1], is: "now" },
    { ...steps[2], is: "ahead" },
  ]);
  expect(view({ steps }).steps?.map(({ is }) => is)).toEqual(["ahead", "ahead", "ahead"]);
});

test("a bake time counts from when the share is live", () => {
  expect(view().bakeTime).toEqual({
    is: "counted",
    percent: 10,
    until: "2026-11-27T10:32:00Z",
    text: "10 % has been live since 2026-11-27T10:02:00Z (AWS)",
  });
  const { bakeTime } = view(onTrial, { share: { is: "other", why: "AWS sends 100 % to v1" } });
  expect(bakeTime).toEqual({
    is: "not live",
    percent: 10,
    text: "10 % is not live, so it has not begun: AWS sends 100 % to v1",
  });
  expect(view({ canary: onTrial.canary }, { share: notAsked() })).not.toHaveProperty("bakeTime");
});

test("a hold says why", () => {
  const hold = { why: "support looks at it", since };
  expect(view({ ...onTrial, canary: { ...onTrial.canary, hold } }).hold).toEqual(hold);
  expect(view()).not.toHaveProperty("hold");
});

test("a minute that CloudWatch has yet to count is null, and one without a latency has none", () => {
  expect(view().minutes).toEqual({
    of: "requests",
    from: "2026-11-27T10:10:00Z",
    stable: { version: "v1", requests: [90, null], failed: [0, null], p95: [120, null] },
    canary: { version: "v2", requests: [10, null], failed: [1, null], p95: [null, null] },
    metrics: 8,
  });
});

test("what is not known says why", () => {
  const notKnown = { notKnown: "access denied" };
  const { minutes, alarms, verdict, stops, versions, isAsInFile } = view(onTrial, {
    traffic: notKnown,
    minutes: notKnown,
    alarms: notKnown,
    verdict: notKnown,
    stops: notKnown,
  });
  expect([minutes, alarms, verdict, stops, isAsInFile]).toEqual(Array(5).fill(notKnown));
  expect(versions).toEqual([
    { version: "v1", roles: ["stable"], file: 90 },
    { version: "v2", roles: ["canary"], file: 10 },
  ]);
});

test("where CodeDeploy shifts, the file knows no share to compare", () => {
  const release = {
    strategy: "codedeploy-alias",
    versions: [1, 2],
    stable: 1,
    canary: { version: 2, since },
  };
  const files = { "lambdas/shop/shop.ts": "export const handler = async () => ({});" };
  expect(view(release, {}, files).isAsInFile).toEqual({
    notKnown: "AWS shifts the users by itself: the file knows no share",
  });
});
