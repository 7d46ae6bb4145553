import { decide, type RedAlarm, type Sight } from "../../src/guard/decide";
import type { Stop } from "../../src/release/steps/stops";

const alarms = {
  ofVersion: { v1: ["v1-errors"], v2: ["v2-errors", "v2-latency"], v3: ["v3-errors"] },
  ofAll: ["shop-dev-stage-answers", "checkout"],
};

/** A time of that day. */
const at = (time: string) => `2026-11-27T${time}Z`;
const red = (...names: string[]): RedAlarm[] =>
  names.map((name) => ({ name, since: new Date(at("09:59:00")) }));
const stop = (version: string, time: string): Stop => ({
  version,
  at: time,
  by: "guard",
  reason: "alarm v2-errors",
  from: { v1: 50, v2: 50 },
  to: { v1: 100 },
});

/** v2 serves half of the users since nine, and it is ten. */
const onTrial: Sight = {
  traffic: { stable: "v1", canary: { version: "v2", percent: 50 } },
  decision: {
    stable: { version: "v1", since: at("07:00:00") },
    former: "v0",
    canary: { version: "v2", since: at("09:00:00") },
  },
  red: [],
  stops: [],
  now: new Date(at("10:00:00")),
};

/** v2 serves everybody since half past nine. */
const promoted: Sight = {
  ...onTrial,
  traffic: { stable: "v2" },
  decision: { stable: { version: "v2", since: at("09:30:00") }, former: "v1" },
};

const action = (sight: Sight, afterPromotionMinutes = 60) => decide({ afterPromotionMinutes }, alarms, sight);
const nothing = { kind: "nothing" };
const takenBack = (reason: string, isAgain = false) => ({
  kind: "stop",
  version: "v2",
  to: "v1",
  reason,
  alarms: [...reason.matchAll(/alarm (\S+?)(?=[:;]|$)/g)].map(([, name]) => name),
  isAgain,
});
const again = (time: string) => `it was stopped at ${time}, and got users again by an older decision`;

describe("a version on trial", () => {
  test.each(["v2-errors", "v2-latency", "shop-dev-stage-answers", "checkout"])(
    "is stopped when %s is in ALARM",
    (name) => {
      expect(action({ ...onTrial, red: red(name) })).toEqual(takenBack(`alarm ${name}`));
    },
  );

  test.each<[string, Partial<Sight>]>([
    ["no alarm is in ALARM", {}],
    ["the alarm is stable's", { red: red("v1-errors") }],
    ["the alarm is another version's", { red: red("v3-errors") }],
    ["the alarm is none of the release's", { red: red("elsewhere") }],
    [
      "it has no users",
      {
        red: red("v2-errors"),
        traffic: { stable: "v1", canary: { version: "v2", percent: 0 } },
      },
    ],
    ["it is gone", { red: red("v2-errors"), traffic: { stable: "v1" } }],
  ])("stays as it is when %s", (_, differing) => {
    expect(action({ ...onTrial, ...differing })).toEqual(nothing);
  });

  test("is stopped once for two alarms, with CloudWatch's reasons for both", () => {
    const both = [{ name: "v2-errors", reason: "3 errors" }, { name: "checkout" }];
    expect(action({ ...onTrial, red: both })).toEqual(takenBack("alarm v2-errors: 3 errors; alarm checkout"));
  });

  test("is stopped where the pointer says of no decision, and however short the time after a promotion is", () => {
    expect(action({ ...onTrial, decision: undefined, red: red("v2-errors") }, 0)).toEqual(
      takenBack("alarm v2-errors"),
    );
  });

  test("is left to a person when the stable version is in ALARM too", () => {
    expect(action({ ...onTrial, red: red("v2-errors", "v1-errors") })).toEqual({
      kind: "tell",
      version: "v2",
      reason: "alarm v2-errors; but v1 is in ALARM too (v1-errors)",
    });
  });
});

describe("a version that was promoted", () => {
  test.each(["v2-errors", "checkout"])("returns its users to the former one when %s is in ALARM", (name) => {
    expect(action({ ...promoted, red: red(name) })).toEqual(takenBack(`alarm ${name}`));
  });

  test.each<[string, number, object]>([
    ["within the minutes", 31, takenBack("alarm v2-errors")],
    ["after them", 30, nothing],
    ["where there are none", 0, nothing],
  ])("is watched %s", (_, minutes, expected) => {
    expect(action({ ...promoted, red: red("v2-errors") }, minutes)).toEqual(expected);
  });

  test.each<[string, Sight["decision"]]>([
    ["the pointer says nothing", undefined],
    ["there is no former version", { stable: { version: "v2", since: at("09:30:00") } }],
    ["nobody knows since when", { stable: { version: "v2" }, former: "v1" }],
    ["it is the former version itself", { stable: { version: "v2", since: at("09:30:00") }, former: "v2" }],
    [
      "the pointer speaks of another version",
      { stable: { version: "v3", since: at("09:30:00") }, former: "v1" },
    ],
  ])("stays when %s", (_, decision) => {
    expect(action({ ...promoted, decision, red: red("v2-errors") })).toEqual(nothing);
  });

  test("is not judged by the verdict that it had on trial", () => {
    expect(action({ ...promoted, worse: "the verdict is worse than v1" })).toEqual(nothing);
  });

  test("is left to a person when the former version is in ALARM too", () => {
    expect(action({ ...promoted, red: red("v2-errors", "v1-errors") })).toMatchObject({
      kind: "tell",
      version: "v2",
    });
  });
});

describe("a promotion that was deployed later than it was decided", () => {
  const live = (time: string): Sight => ({
    ...promoted,
    promoted: new Date(at(time)),
    red: red("v2-errors"),
  });

  test.each<[string, number, Sight, object]>([
    ["from when it was live", 6, live("09:55:00"), takenBack("alarm v2-errors")],
    ["and no longer", 5, live("09:55:00"), nothing],
    ["from its decision where the pointer was older", 31, live("09:00:00"), takenBack("alarm v2-errors")],
    [
      "from its decision where the pointer was changed more than a day later",
      60,
      {
        ...live("09:55:00"),
        decision: { stable: { version: "v2", since: "2026-11-26T09:54:59Z" }, former: "v1" },
      },
      nothing,
    ],
  ])("is watched %s", (_, minutes, sight, expected) => {
    expect(action(sight, minutes)).toEqual(expected);
  });

  test("is left to a person when an alarm on all versions was in ALARM before: it tells of the former one", () => {
    const checkout = { name: "checkout", since: new Date(at("09:54:59")) };
    const told = "checkout was in ALARM before v2 served everybody, so v1 may be no better";
    const hotfix = { ...live("09:55:00"), red: [checkout] };
    expect(action(hotfix)).toEqual({ kind: "tell", version: "v2", reason: told });
    expect(action({ ...hotfix, red: [checkout, ...red("v2-errors")] })).toMatchObject({
      kind: "tell",
      reason: `alarm v2-errors; ${told}`,
    });
    expect(action(hotfix, 5)).toEqual(nothing);
    const later = { ...hotfix, red: [{ name: "checkout", since: new Date(at("09:55:00")) }] };
    expect(action(later)).toEqual(takenBack("alarm checkout"));
    // An alarm on the canary's answers tells of the version that was it.
    const asTrial = { ...alarms, ofTrial: ["checkout"] };
    expect(decide({ afterPromotionMinutes: 60 }, asTrial, hotfix)).toEqual(takenBack("alarm checkout"));
    // On trial, all versions are those that serve now.
    expect(action({ ...onTrial, red: [checkout] })).toEqual(takenBack("alarm checkout"));
    const stops = [stop("v2", at("09:40:00"))];
    expect(action({ ...hotfix, stops })).toMatchObject({ kind: "stop", isAgain: true });
  });
});

test("an alarm that counts after a promotion alone is of stable while a version is on trial", () => {
  const names = { ...alarms, afterPromotion: ["stage-answers"] };
  const by = (sight: Sight) =>
    decide({ afterPromotionMinutes: 60 }, names, { ...sight, red: red("stage-answers") });
  expect(by(onTrial)).toEqual(nothing);
  expect(by(promoted)).toEqual(takenBack("alarm stage-answers"));
});

describe("a version that was stopped before", () => {
  const older = at("09:10:00");
  const onTrialOf = (since?: string) => ({
    ...onTrial,
    decision: { stable: { version: "v1" }, canary: { version: "v2", since } },
  });

  test.each<[string, Sight]>([
    ["an older decision", { ...onTrial, stops: [stop("v2", older)] }],
    ["one of the same second", { ...onTrialOf(older), stops: [stop("v2", older)] }],
    ["one without a time", { ...onTrialOf(), stops: [stop("v2", older)] }],
    ["nobody knows what", { ...onTrial, decision: undefined, stops: [stop("v2", older)] }],
  ])("is stopped again, though no alarm is in ALARM, when it has users by %s", (_, sight) => {
    expect(action(sight)).toEqual(takenBack(again(older), true));
  });

  test("is stopped again when an older decision promoted it, also long after", () => {
    const stops = [stop("v2", at("09:40:00"))];
    expect(action({ ...promoted, stops }, 0)).toEqual(takenBack(again(at("09:40:00")), true));
  });

  test.each<[string, Sight]>([
    ["on trial", { ...onTrial, stops: [stop("v2", at("08:59:59"))] }],
    ["promoted", { ...promoted, stops: [stop("v2", at("09:29:59"))] }],
    ["another one", { ...onTrial, stops: [stop("v3", older)] }],
  ])("stays with its users by a younger decision: %s", (_, sight) => {
    expect(action(sight)).toEqual(nothing);
  });

  test("is stopped by an alarm after a younger decision as if for the first time", () => {
    const sight = { ...onTrial, stops: [stop("v2", at("08:00:00"))], red: red("v2-errors") };
    expect(action(sight)).toEqual(takenBack("alarm v2-errors"));
  });
});

describe("a version that took over from one that was stopped", () => {
  /** v2 was promoted at half past nine, v3 on trial beside it was stopped at ten, and it is three minutes later. */
  const after: Sight = { ...promoted, stops: [stop("v3", at("10:00:00"))], now: new Date(at("10:03:00")) };
  const checkout = (since: string) => [{ name: "checkout", since: new Date(since) }];

  test.each([
    ["is in ALARM still", at("09:59:30")],
    ["sees the stopped version's errors a little later", at("10:02:00")],
  ])("keeps its users when an alarm on all versions %s", (_, since) => {
    expect(action({ ...after, red: checkout(since) })).toEqual(nothing);
  });

  test("loses them by its own alarm", () => {
    expect(action({ ...after, red: red("v2-errors") })).toEqual(takenBack("alarm v2-errors"));
  });

  test("loses them by an alarm on all versions that comes long after", () => {
    const late = { ...after, red: checkout(at("10:05:01")), now: new Date(at("10:06:00")) };
    expect(action(late)).toEqual(takenBack("alarm checkout"));
  });
});
