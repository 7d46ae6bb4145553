import { hold, release } from "../../../src/release/verbs/hold";
import { hotfix, next, promote, rollback, shift, start } from "../../../src/release/verbs/transitions";
import { type Files, problemsOf } from "../../support/project";
import {
  blueGreen,
  canary,
  codedeploy,
  after as fileAfter,
  longAgo,
  now,
  project,
  since,
  steps,
  type Verb,
} from "../verb-files";

const why = "support looks at a complaint";
const held = (fields: object = {}): Files =>
  project({ canary: { ...canary("v2", 10, longAgo).canary, hold: { why, since: longAgo } }, ...fields });

describe("a hold", () => {
  test("stands with the canary, with its reason in one line", () => {
    const files = project(canary("v2", 10, longAgo));
    expect(fileAfter(files, (s) => hold(s, " support looks\nat a complaint ", now))).toMatchObject({
      canary: { version: "v2", percent: 10, since: longAgo, hold: { why, since } },
    });
  });

  test("goes with 'release', and with the canary when it is rolled back", () => {
    expect(fileAfter(held(), release)).toEqual(fileAfter(project(canary("v2", 10, longAgo)), (s) => s && []));
    expect(fileAfter(held(), (s) => rollback(s, { now }))).not.toHaveProperty("canary");
  });

  test("lets the canary have fewer users, and a hotfix of stable", () => {
    expect(fileAfter(held(), (s) => shift(s, 5, { now }))).toMatchObject({
      canary: { percent: 5, hold: { why } },
    });
    expect(fileAfter(held(), (s) => hotfix(s, "v3", { now }))).toMatchObject({
      stable: "v3",
      canary: { hold: { why } },
    });
  });

  const refused = `v2 is held since ${longAgo}: ${why}; to go on, run: npx lambda-release release dev/shop`;
  test.each<[string, Verb]>([
    ["shift", (s) => shift(s, 50, { now, skip: true })],
    ["next", (s) => next(s, { now, skip: true })],
    ["promote", (s) => promote(s, { now, skip: true })],
    ["start --replace", (s) => start(s, "v3", { now, replace: true, skip: true })],
  ])("lets no '%s' pass, whatever is skipped", (_, verb) => {
    expect(() => fileAfter(held({ steps }), verb)).toThrow(refused);
  });

  test.each<[string, Files, Verb, string]>([
    [
      "it has no reason",
      project(canary("v2", 10)),
      (s) => hold(s, undefined, now),
      'a hold needs its reason: -m "<why>"',
    ],
    [
      "its reason is blank",
      project(canary("v2", 10)),
      (s) => hold(s, " \n", now),
      'a hold needs its reason: -m "<why>"',
    ],
    ["there is no canary", project({}), (s) => hold(s, why, now), "there is no canary to hold"],
    ["blue is on trial", blueGreen({}), (s) => hold(s, why, now), "there is no canary to hold"],
    [
      "CodeDeploy shifts",
      codedeploy({ canary: { version: 2 } }),
      (s) => hold(s, why, now),
      "CodeDeploy shifts this release",
    ],
    ["it is held", held(), (s) => hold(s, "again", now), `v2 is held already, since ${longAgo}: ${why}`],
    ["it is not held", project(canary("v2", 10)), release, "v2 is not held"],
    ["there is nothing to release", project({}), release, "there is no canary to release"],
  ])("is refused where %s", (_, files, verb, message) => {
    expect(() => fileAfter(files, verb)).toThrow(message);
  });

  test("is not for a canary whose share CodeDeploy sets", () => {
    const files = codedeploy({ canary: { version: 2, hold: { why, since } } });
    expect(problemsOf(files).join("\n")).toMatch(/'canary.hold' must not be given with codedeploy-alias/);
  });
});

describe("'auto' of a step", () => {
  const auto = (step: object, fields: object = {}) =>
    problemsOf(project({ steps: [{ percent: 10, ...step }], ...fields }));

  test("needs an end of the step", () => {
    expect(auto({ auto: true, bakeMinutes: 30 })).toEqual([]);
    expect(auto({ auto: true, verdict: "as-good" })).toEqual([]);
    expect(auto({ auto: false })).toEqual([]);
    expect(auto({ auto: true })).toEqual([
      "releases/dev/shop.json:12:15 'steps[0].auto' must not be true without 'bakeMinutes' above 0 or 'verdict': nothing says when the step is over, got true",
    ]);
  });

  test("needs a guard where Lambda does not say since when a share is live", () => {
    const files = (fields: object) => ({
      ...project({}),
      "lambdas/shop/shop.ts": "export const handler = async () => ({ statusCode: 200 });",
      "releases/dev/shop.json": {
        strategy: "weighted-alias",
        versions: [1, 2],
        stable: 1,
        steps: [{ percent: 10, bakeMinutes: 30, auto: true }],
        ...fields,
      },
    });
    expect(problemsOf(files({ guard: {} }))).toEqual([]);
    expect(problemsOf(files({})).join("\n")).toContain("'steps[0].auto' must not be true without 'guard'");
  });
});
