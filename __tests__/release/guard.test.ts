import { guardedOf } from "../../src/release/guarded";
import type { FunctionsRelease } from "../../src/release/release";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { releaseOf } from "../live/shop-context";
import { problemsOf, shop as shopWithCode } from "../support/project";
import { shop } from "../support/shop";

const alarms = { latency: { p95Ms: 500 }, answers: {}, own: ["pager", "errors"] };
const environment = (guard: object) => ({
  "releases/dev/environment.json": { region: "eu-central-1", guard },
});

function guardedAlarms(guard: object, files = {}) {
  const release = releaseOf(shop({ guard, alarms }, files)) as FunctionsRelease;
  const { ofVersion, ofAll } = guardedOf(release)?.alarms ?? { ofVersion: {}, ofAll: [] };
  return [...(ofVersion["v2"] ?? []), ...ofAll];
}

const all = ["shop-dev-v2-errors", "shop-dev-v2-latency", "shop-dev-canary-answers", "pager", "errors"];

test.each<[string, object, string[]]>([
  ["all, by default", {}, all],
  ["those of a kind", { alarms: ["latency"] }, ["shop-dev-v2-latency"]],
  ["those of kinds and a name", { alarms: ["answers", "pager"] }, ["shop-dev-canary-answers", "pager"]],
  ["all of your own", { alarms: ["own"] }, ["pager", "errors"]],
  ["those of the kind where one of your own has its name", { alarms: ["errors"] }, ["shop-dev-v2-errors"]],
])("a guard acts on %s", (_, guard, expected) => {
  expect(guardedAlarms(guard)).toEqual(expected);
});

describe("a guard that compares the canary with stable", () => {
  const comparing = { "releases/dev/environment.json": { region: "eu-central-1", guard: { verdict: true } } };

  test("is asked for by the file or by its environment, and the file decides", () => {
    const guardOf = (fields: object, files = {}) => releaseOf(shop(fields, files)).guard;
    expect(guardOf({ guard: { verdict: true } })).toMatchObject({ verdict: true });
    expect(guardOf({}, comparing)).toMatchObject({ verdict: true });
    expect(guardOf({ guard: { afterPromotionMinutes: 5 } }, comparing)).toMatchObject({ verdict: true });
    expect(guardOf({ guard: { verdict: false } }, comparing)).not.toHaveProperty("verdict");
    expect(guardOf({ guard: {} })).not.toHaveProperty("verdict");
  });

  test("needs no alarm beside it", () => {
    const none = { errors: false };
    expect(problemsOf(shop({ guard: { verdict: true }, alarms: none }))).toEqual([]);
    expect(problemsOf(shop({ guard: {}, alarms: none }))).toHaveLength(1);
  });

  test("knows how to compare, and another guard does not need to", () => {
    const knownBy = (guard: object) => guardedOf(releaseOf(shop({ guard })) as FunctionsRelease)?.release;
    expect(knownBy({ verdict: true })).toHaveProperty("verdict.leastRequests", 100);
    expect(knownBy({})).not.toHaveProperty("verdict");
  });

  test("is none where nothing is compared: the file is refused, and the environment means the others", () => {
    const blueGreen = (fields: object) =>
      oneFunction("blue-green-stage", "code", { versions: [1], ...fields });
    expect(problemsOf(blueGreen({ guard: { verdict: true } }))).toEqual([
      expect.stringContaining(
        "'guard.verdict' must not be true with blue-green-stage, which has no canary to compare with stable: it belongs to canary-stage, alias-canary-stage, weighted-alias, got true",
      ),
    ]);
    expect(releaseOf({ ...blueGreen({}), ...comparing }).guard).not.toHaveProperty("verdict");
  });
});

test("a guard acts on those that its environment names, unless its file says others", () => {
  const files = environment({ alarms: ["own"] });
  expect(guardedAlarms({}, files)).toEqual(["pager", "errors"]);
  expect(guardedAlarms({ alarms: ["latency"] }, files)).toEqual(["shop-dev-v2-latency"]);
});

test("on trial it acts on the canary's answers, and on those of the stage after a promotion alone", () => {
  const alarmsOf = (on?: string[]) => {
    const files = shop({ guard: {}, alarms: { answers: { on } } });
    return guardedOf(releaseOf(files) as FunctionsRelease)?.alarms;
  };
  const [canary, stage] = ["shop-dev-canary-answers", "shop-dev-stage-answers"];
  for (const on of [undefined, ["canary", "stage"]])
    expect(alarmsOf(on)).toMatchObject({ ofAll: [canary], ofTrial: [canary], afterPromotion: [stage] });
  expect(alarmsOf(["canary"])).not.toHaveProperty("afterPromotion");
  expect(alarmsOf(["stage"])).toMatchObject({ ofAll: [stage] });
});

test("of blue-green-stage it acts on what users get, and not on what testers of blue get", () => {
  const blueGreen = (fields: object) =>
    oneFunction("blue-green-stage", "code", { versions: [1], guard: {}, ...fields });
  const answersOf = (fields: object) =>
    guardedOf(releaseOf(blueGreen(fields)) as FunctionsRelease)?.alarms.ofAll;
  for (const fields of [{}, { alarms: { answers: {} } }, { alarms: { answers: { on: ["blue", "stage"] } } }])
    expect(answersOf(fields)).toEqual(["shop-dev-stage-answers"]);
  const onBlue = { alarms: { errors: false, answers: { on: ["blue"] } } };
  expect(problemsOf(blueGreen(onBlue))).toEqual([
    expect.stringContaining("'guard' must have an alarm to act on: 'alarms' leaves none"),
  ]);
  const { alarms: without } = releaseOf(blueGreen({ guard: undefined, alarms: { answers: {} } }));
  expect(without?.answers?.on).toEqual(["blue"]);
});

const kinds = `"errors", "latency", "answers", "own"`;

test.each<[string, object, string]>([
  [
    "a name that is no alarm of the file",
    { guard: { alarms: ["errors", "pgaer"] }, alarms },
    `'guard.alarms[1]' must be ${kinds} or a name in 'alarms.own', got "pgaer"`,
  ],
  [
    "a kind of which there is no alarm",
    { guard: { alarms: ["errors", "latency"] }, alarms: {} },
    `'guard.alarms[1]' must be a kind of alarm that the release has: 'alarms.latency' makes none, got "latency"`,
  ],
  [
    "what is no text",
    { guard: { alarms: [1] }, alarms },
    `'guard.alarms[0]' must be one of ${kinds}, or a name in 'alarms.own', got 1`,
  ],
  [
    "an empty list",
    { guard: { alarms: [] }, alarms },
    "'guard.alarms' must be a list of 1 to 100 different kinds and names of alarms, got []",
  ],
  [
    "a guard without an alarm",
    { guard: {}, alarms: { errors: false } },
    "'guard' must have an alarm to act on: 'alarms' leaves none",
  ],
])("%s is refused", (_, release, expected) => {
  const [problem, ...others] = problemsOf(shopWithCode(release));
  expect(others).toEqual([]);
  expect(problem).toContain(expected);
});

test("a service that has none of the alarms of its environment's guard is refused, unless it has no guard", () => {
  const files = environment({ alarms: ["latency"] });
  expect(problemsOf(shopWithCode({}, files))).toEqual([
    expect.stringContaining(
      "must have an alarm to act on: the release has none of 'guard.alarms' in releases/dev/environment.json",
    ),
  ]);
  expect(problemsOf(shopWithCode({ guard: false }, files))).toEqual([]);
});
