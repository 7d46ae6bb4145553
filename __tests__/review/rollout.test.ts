import type { LiveShare } from "../../src/release/steps/live-share";
import { checkBakeTime, endsBakeTime } from "../../src/review/checks/bake-time";
import { checkOneKind } from "../../src/review/checks/one-kind";
import { checkRollout } from "../../src/review/checks/rollout";
import { fingerprintOf, plainFingerprint, wider } from "../support/shop";
import { between, lines } from "./between";

const two = { versions: ["v1", "v2"], stable: "v1" };
const three = { versions: ["v1", "v2", "v3"], stable: "v1" };
const canary = (percent: number, since?: string, version = "v2") => ({ canary: { version, percent, since } });
const steps = [{ percent: 10, bakeMinutes: 60 }, { percent: 25 }, { percent: 50, bakeMinutes: 120 }];
const planned = { ...two, steps };
const own = (strategy: string) => ({ strategy, versions: [1, 2], stable: 1 });

const check = (...args: Parameters<typeof between>) => {
  const change = between(...args);
  return lines([checkRollout, checkBakeTime, checkOneKind].flatMap((one) => one(change)));
};

describe("the planned steps", () => {
  test.each<[string, object, object]>([
    ["starting at the first", planned, { ...planned, ...canary(10) }],
    ["starting below the first", planned, { ...planned, ...canary(1) }],
    ["the next", { ...planned, ...canary(25) }, { ...planned, ...canary(50) }],
    ["less than the next", { ...planned, ...canary(25) }, { ...planned, ...canary(30) }],
    ["going back", { ...planned, ...canary(25) }, { ...planned, ...canary(1) }],
    ["rolling back", { ...planned, ...canary(25) }, planned],
    [
      "promoting after the last",
      { ...planned, ...canary(50, "2026-11-21T09:00:00Z") },
      { ...planned, stable: "v2", former: "v1" },
    ],
    ["rolling back after promotion", { ...planned, stable: "v2", former: "v1" }, planned],
    [
      "a hotfix",
      { ...three, steps, ...canary(10) },
      { ...three, stable: "v3", former: "v1", steps, ...canary(10) },
    ],
    ["any share without steps", two, { ...two, stable: "v2" }],
  ])("are kept by %s", (_, base, head) => {
    expect(check(base, head)).toEqual([]);
  });

  test.each<[string, object, object, string]>([
    [
      "starting beyond the first",
      planned,
      { ...planned, ...canary(25) },
      "releases/dev/shop.json:21 the planned step after 0 % is 10 %, but v2 gets 25 %",
    ],
    [
      "shifting beyond the next",
      { ...planned, ...canary(25) },
      { ...planned, ...canary(75) },
      "releases/dev/shop.json:23 the planned step after 25 % is 50 %, but v2 gets 75 %",
    ],
    [
      "shifting after the last",
      { ...planned, ...canary(50, "2026-11-21T09:00:00Z") },
      { ...planned, ...canary(75, "2026-11-21T11:00:00Z") },
      "releases/dev/shop.json:23 the planned step after 50 % is promote, but v2 gets 75 %",
    ],
    [
      "promoting from below the last",
      { ...planned, ...canary(25) },
      { ...planned, stable: "v2" },
      "releases/dev/shop.json:7 the planned step after 25 % is 50 %, but v2 gets 100 %",
    ],
    [
      "switching without a canary",
      planned,
      { ...planned, stable: "v2" },
      "releases/dev/shop.json:7 the planned step after 0 % is 10 %, but v2 gets 100 %",
    ],
    [
      "another canary that begins where the former was",
      { ...three, steps, ...canary(25) },
      { ...three, steps, ...canary(25, undefined, "v3") },
      "releases/dev/shop.json:23 the planned step after 0 % is 10 %, but v3 gets 25 %",
    ],
    [
      "other steps in the same change",
      { ...planned, ...canary(25) },
      { ...two, steps: [{ percent: 75 }], ...canary(75) },
      "releases/dev/shop.json:15 the planned step after 25 % is 50 %, but v2 gets 75 %",
    ],
  ])("are skipped by %s", (_, base, head, expected) => {
    expect(check(base, head)).toEqual([expected]);
  });
});

describe("the bake time", () => {
  const baking = { ...planned, ...canary(10, "2026-11-21T11:00:00Z") };
  const shifted = (since?: string) => ({ ...planned, ...canary(25, since) });
  const at = (time: string) => ({ now: new Date(time) });
  const early = "releases/dev/shop.json:23 v2 must stay at 10 % until 2026-11-21T12:00Z, but moves on";

  test.each<[string, object, string]>([
    ["the file says that it was over", shifted("2026-11-21T12:00:00Z"), "2026-11-21T12:00:00Z"],
    ["it is over now, and the file does not say since when", shifted(), "2026-11-21T12:00:00Z"],
    ["it goes down", { ...planned, ...canary(5) }, "2026-11-21T11:01:00Z"],
    ["it is rolled back", planned, "2026-11-21T11:01:00Z"],
  ])("is kept where %s", (_, head, now) => {
    expect(check(baking, head, at(now))).toEqual([]);
  });

  test.each<[string, object, string, string]>([
    [
      "the file tells an earlier time",
      shifted("2026-11-21T11:30:00Z"),
      "2026-11-21T13:00:00Z",
      `${early} 30 min before that`,
    ],
    ["it is not over now", shifted(), "2026-11-21T11:50:00Z", `${early} 10 min before that`],
    [
      "the file tells a time to come",
      shifted("2026-11-21T12:30:00Z"),
      "2026-11-21T11:15:00Z",
      `${early} 45 min before that`,
    ],
    [
      "its beginning is told anew",
      shifted("2026-11-21T11:00:00Z"),
      "2026-11-21T11:15:00Z",
      `${early} 45 min before that`,
    ],
  ])("is cut short where %s", (_, head, now, expected) => {
    expect(check(baking, head, at(now))).toEqual([expected]);
  });

  test("has to be over before a promotion, too", () => {
    const last = { ...planned, ...canary(50, "2026-11-21T11:00:00Z") };
    expect(check(last, { ...planned, stable: "v2" }, at("2026-11-21T12:00:00Z"))).toEqual([
      "releases/dev/shop.json:7 v2 must stay at 50 % until 2026-11-21T13:00Z, but moves on 60 min before that",
    ]);
  });

  test("cannot be judged where nobody wrote when it began", () => {
    expect(check({ ...planned, ...canary(10) }, shifted())).toEqual([
      "releases/dev/shop.json:23 it is unknown when the bake time at 10 % began: releases/dev/shop.json of main has no 'canary.since'",
    ]);
  });

  describe("counts from when AWS had the share live", () => {
    const live = (time: string) => ({ is: "live" as const, since: new Date(time) });
    const found = (answer: LiveShare | undefined, now = "2026-11-21T12:30:00Z", head = shifted()) =>
      checkBakeTime(between(baking, head, { ...at(now), live: answer })).map(
        ({ message, isNote }) => `${isNote ? "note: " : ""}${message}`,
      );

    test("so a step that was deployed late bakes as long", () => {
      const late = live("2026-11-21T11:41:07Z");
      const since = "10 % has been live since 2026-11-21T11:41:07Z (AWS)";
      expect(found(late)).toEqual([`v2 must stay at 10 % until 2026-11-21T12:41Z: ${since}`]);
      expect(found(late, "2026-11-21T12:41:07Z")).toEqual([`note: the bake time of v2 is over: ${since}`]);
    });

    test("and not from before it was decided, whatever the clocks say", () => {
      const counted =
        "counted from 'canary.since' in the file, 2026-11-21T11:00:00Z: 10 % was live by then (AWS)";
      expect(found(live("2026-11-21T10:59:58Z"))).toEqual([`note: the bake time of v2 is over: ${counted}`]);
      expect(found(live("2026-11-21T10:59:58Z"), "2026-11-21T11:59:59Z")).toEqual([
        expect.stringContaining("moves on 1 min before that"),
      ]);
      expect(found(live("2026-11-21T12:30:09Z"))).toEqual([
        expect.stringContaining("until 2026-11-21T13:30Z"),
      ]);
    });

    test("so what is not deployed does not bake", () => {
      expect(found({ is: "other", why: "AWS sends 100 % to v1" })).toEqual([
        "v2 must bake at 10 %, but main is not live: AWS sends 100 % to v1",
      ]);
    });

    test("and the file's time counts, which is told, where AWS does not say", () => {
      expect(found({ is: "unknown", why: "AWS was not asked" })).toEqual([
        "note: the bake time of v2 is over: counted from 'canary.since' in the file, 2026-11-21T11:00:00Z: AWS was not asked",
      ]);
    });

    test.each([
      ["goes down", { ...planned, ...canary(5) }],
      ["is rolled back", planned],
    ])("and is no matter where the version %s", (_, head) => {
      const change = between(baking, head);
      expect([endsBakeTime(change), endsBakeTime(between(baking, shifted()))]).toEqual([false, true]);
    });
  });

  test("does not begin earlier because somebody edits since when it holds", () => {
    expect(check(baking, { ...planned, ...canary(10, "2026-11-21T09:00:00Z") })).toEqual([
      "releases/dev/shop.json:24 'canary.since' changes from 2026-11-21T11:00:00Z to 2026-11-21T09:00:00Z, but the share is the same",
    ]);
  });
});

describe("publishing and moving traffic in one change", () => {
  const code = new Map([["shop-dev", ["lambdas/shop/shop.ts"]]]);
  const message = "and moves traffic in one change: publish first, in a change that moves no traffic";

  test.each<[string, object, object, string]>([
    [
      "as the canary",
      { versions: ["v1"], stable: "v1" },
      { ...two, ...canary(0) },
      `releases/dev/shop.json:8 publishes v2 ${message}`,
    ],
    [
      "as the stable version",
      { versions: ["v1"], stable: "v1" },
      { ...two, stable: "v2" },
      `releases/dev/shop.json:7 publishes v2 ${message}`,
    ],
    [
      "behind an alias of its own",
      { ...own("alias-canary-stage"), versions: [1] },
      { ...own("alias-canary-stage"), canary: { version: 2 } },
      `releases/dev/shop.json:8 publishes version 2 ${message}`,
    ],
  ])("is found %s", (_, base, head, expected) => {
    expect(check(base, head)).toEqual([expected]);
  });

  test.each(["alias-canary-stage", "weighted-alias"])("is found where the code of %s changes", (strategy) => {
    expect(check(own(strategy), { ...own(strategy), canary: { version: 2 } }, { code })).toEqual([
      `releases/dev/shop.json:8 publishes the next version ${message}`,
    ]);
  });

  test("is none where recording a number brings nothing", () => {
    expect(
      check(
        { ...own("weighted-alias"), versions: [1] },
        { ...own("weighted-alias"), canary: { version: 2 } },
      ),
    ).toEqual([]);
  });

  test("is none where it is looked at behind a preview", () => {
    const preview = { version: "v2", sources: ["203.0.113.0/24"] };
    expect(check({ versions: ["v1"], stable: "v1" }, { ...two, preview })).toEqual([]);
  });

  test("is none at a first deploy", () => {
    expect(check(undefined, { ...two, ...canary(10) })).toEqual([]);
  });
});

describe("a move of traffic is alone in its change", () => {
  const shifted = (head: object, base: object = {}, beside = {}) =>
    check({ ...three, ...canary(25), ...base }, { ...three, ...canary(30), ...head }, beside);
  const green = (provisionedConcurrency: number) => ({
    ...own("blue-green-stage"),
    versions: { 1: {}, 2: { provisionedConcurrency } },
  });

  test.each<[string, string[], RegExp]>([
    [
      "another version is published",
      shifted({}, { versions: ["v1", "v2"] }),
      /publishes v3 and moves traffic/,
    ],
    ["one that nobody has is pruned", shifted({ versions: ["v1", "v2"] }), /more in one change, prune v3/],
    [
      "code of another version changes",
      shifted({}, {}, { code: new Map([["shop-dev-v3", ["a.ts"]]]) }),
      /code of v3/,
    ],
    [
      "the stage is set otherwise",
      shifted({ stage: { tracing: true } }),
      /settings of the stage \(`tracing`\)/,
    ],
    ["alarms change", shifted({ alarms: {} }), /alarms \(`alarms`\): make two changes/],
    [
      "executions are kept ready for the one switched to",
      check({ ...green(5), former: 2 }, { ...green(10), stable: 2, former: 1 }),
      /keep 10 executions of version 2 ready .*: make two changes, so that each can be rolled back/,
    ],
    [
      "a Lambda version brings a definition",
      check(
        {
          ...own("blue-green-stage"),
          versions: { 1: { fingerprint: plainFingerprint }, 2: { fingerprint: plainFingerprint } },
        },
        {
          ...own("blue-green-stage"),
          versions: {
            1: { fingerprint: plainFingerprint },
            2: { fingerprint: plainFingerprint },
            3: { fingerprint: fingerprintOf(wider) },
          },
          api: wider,
          stable: 2,
          former: 1,
        },
      ),
      /publishes version 3 and moves traffic/,
    ],
  ])("else it is found: %s", (_, found, message) => {
    expect(found).toEqual([expect.stringMatching(message)]);
  });

  test("but for a stage to look at, and what is no traffic", () => {
    const preview = { version: "v3", sources: ["203.0.113.0/24"] };
    expect(shifted({ preview, requests: [{ path: "/" }] })).toEqual([]);
  });
});

describe("the time from which a share counts", () => {
  const since = "2026-11-21T11:00:00Z";
  const baking = { ...two, steps, ...canary(10, since) };

  test("is no other where the default share is written down", () => {
    const implicit = { ...two, steps, canary: { version: "v2", since } };
    expect(check(implicit, { ...two, steps, ...canary(10, "2026-11-20T11:00:00Z") })).toEqual([
      expect.stringContaining("'canary.since' changes from 2026-11-21T11:00:00Z to 2026-11-20T11:00:00Z"),
    ]);
  });

  test("is a note where there was none", () => {
    const change = between({ ...two, steps, ...canary(10) }, baking);
    expect(checkBakeTime(change)).toEqual([expect.objectContaining({ isNote: true })]);
  });

  test.each([since, "2026-11-20T11:00:00Z"])(
    "is later than that of the canary before, and not %s",
    (written) => {
      const [base, head] = [canary(10, since), canary(10, written, "v3")].map((one) => ({
        ...three,
        steps,
        ...one,
      }));
      expect(check(base, head)).toEqual([
        expect.stringContaining(
          `'canary.since' is ${written}, but v2 at 10 % began at ${since}: the bake time at 10 %`,
        ),
      ]);
      expect(check(base, { ...head, ...canary(10, "2026-11-21T11:30:00Z", "v3") })).toEqual([]);
    },
  );

  test.each([since, "2026-11-20T11:00:00Z"])(
    "is later than that of the share before, and not %s",
    (written) => {
      const head = {
        ...two,
        steps: [...steps.slice(0, 1), { percent: 25, bakeMinutes: 60 }],
        ...canary(25, written),
      };
      const base = { ...head, ...canary(10, since) };
      expect(check(base, head, { now: new Date("2026-11-21T13:00:00Z") }).at(-1)).toContain(
        "the bake time at 25 % would begin before that share",
      );
    },
  );
});

test.each<[string, object]>([
  ["a promotion that starts the next canary", { ...three, stable: "v2", ...canary(10, undefined, "v3") }],
  ["a hotfix that shifts the canary", { ...three, stable: "v3", ...canary(25) }],
])("stable and canary do not move together: %s", (_, head) => {
  expect(check({ ...three, ...canary(10) }, head)).toEqual([
    expect.stringMatching(
      /shop\.json:8 the stable version and the canary move in one change \(stable v1 -> v[23], .*\): move one at a time, so that each can be rolled back$/,
    ),
  ]);
});

test("a hotfix has the definition of the version whose place it takes", () => {
  const [plain, wide] = [{ fingerprint: plainFingerprint }, { fingerprint: fingerprintOf(wider) }];
  const release = (v3: object) => ({ versions: { v1: plain, v2: plain, v3 }, ...canary(10) });
  const check3 = (v3: object) =>
    check({ ...release(v3), stable: "v1" }, { ...release(v3), stable: "v3", former: "v1" });
  expect(check3(plain)).toEqual([]);
  expect(check3(wide)).toEqual([
    "releases/dev/shop.json:14 v3 has another API definition than v1 and brings it to all users but the canary's at once",
  ]);
});

test("a version that users have is not pruned with the change that takes it from them", () => {
  expect(check({ ...two, ...canary(25) }, { versions: ["v2"], stable: "v2" })).toEqual([
    "releases/dev/shop.json:3 prunes v1, which serves 75 % until this is applied: move its traffic first",
  ]);
  expect(check({ ...two, stable: "v2", former: "v1" }, { versions: ["v2"], stable: "v2" })).toEqual([]);
  expect(check({ ...two, ...canary(0) }, { versions: ["v1"], stable: "v1" })).toEqual([
    "releases/dev/shop.json:3 prunes v2, which serves 0 % until this is applied: drop the canary first, because API Gateway refuses to delete a deployment that a canary still names",
  ]);
});
