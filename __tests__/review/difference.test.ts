import { fingerprintOf, plainFingerprint, wider } from "../support/shop";
import { oneOfEach } from "../support/triggers";
import { between } from "./between";

const v1 = { versions: ["v1", "v2"], stable: "v1" };
const canary = (percent: number, version = "v2") => ({ canary: { version, percent } });
const own = { strategy: "weighted-alias", versions: [1, 2], stable: 1 };
const blueGreen = { strategy: "blue-green-stage", versions: [1, 2], stable: 1 };
const codeDeploy = { strategy: "codedeploy-alias", versions: [1, 2], stable: 1 };
const sources = ["203.0.113.0/24"];

const steps = (...[base, head, beside]: Parameters<typeof between>) =>
  between(base, head, beside).steps.map(({ kind, text, shownBy }) => `${kind}: ${text} (${shownBy})`);

test.each<[string, object | undefined, object | undefined, string[]]>([
  ["nothing", v1, v1, []],
  ["another notation", v1, { versions: { v1: {}, v2: {} }, stable: "v1" }, []],
  [
    "a first deploy",
    undefined,
    v1,
    ["deploy: deploy for the first time, with v1 as stable (the file is new)"],
  ],
  ["a file that is gone", v1, undefined, ["remove: remove the service (the file is gone)"]],
  ["publishing", { versions: ["v1"], stable: "v1" }, v1, ["publish: publish v2 (versions with v2)"]],
  ["removing the API", own, { ...own, api: false }, ["remove API: remove the API (api false)"]],
  ["adding an API", { ...own, api: false }, own, ["add API: add an API (without api false)"]],
  ["starting", v1, { ...v1, ...canary(10) }, ["start: start v2 at 10 % (canary none -> v2 at 10 %)"]],
  [
    "shifting",
    { ...v1, ...canary(10) },
    { ...v1, ...canary(25) },
    ["shift: shift v2 to 25 % (canary.percent 10 -> 25)"],
  ],
  [
    "promoting",
    { ...v1, ...canary(25) },
    { ...v1, stable: "v2", former: "v1" },
    ["promote: promote v2 (stable v1 -> v2, canary v2 at 25 % -> none)"],
  ],
  ["rolling back", { ...v1, ...canary(25) }, v1, ["roll back: roll back v2 (canary v2 at 25 % -> none)"]],
  [
    "rolling back after promotion",
    { ...v1, stable: "v2", former: "v1" },
    v1,
    ["roll back: roll back to v1 (stable v2 -> v1)"],
  ],
  [
    "rolling back both",
    { versions: ["v1", "v2", "v3"], stable: "v2", former: "v1", ...canary(10, "v3") },
    { versions: ["v1", "v2", "v3"], stable: "v1" },
    ["roll back: roll back to v1 (stable v2 -> v1, canary v3 at 10 % -> none)"],
  ],
  [
    "a hotfix",
    { versions: ["v1", "v2", "v3"], stable: "v1", ...canary(10) },
    { versions: ["v1", "v2", "v3"], stable: "v3", former: "v1", ...canary(10) },
    ["hotfix: replace v1 with v3 beside the canary (stable v1 -> v3)"],
  ],
  [
    "another canary",
    { versions: ["v1", "v2", "v3"], stable: "v1", ...canary(10) },
    { versions: ["v1", "v2", "v3"], stable: "v1", ...canary(5, "v3") },
    ["replace: replace the canary v2 with v3 at 5 % (canary v2 at 10 % -> v3 at 5 %)"],
  ],
  [
    "starting what CodeDeploy shifts",
    codeDeploy,
    { ...codeDeploy, canary: { version: 2 } },
    ["start: start version 2 by CodeDeploy (canary none -> 2 by CodeDeploy)"],
  ],
  [
    "how CodeDeploy shifts",
    codeDeploy,
    { ...codeDeploy, rollout: { config: "LambdaAllAtOnce" }, alarms: { errors: false } },
    ["rollout: how CodeDeploy shifts (rollout)", "alarms: alarms (alarms)"],
  ],
  [
    "a share that is given as what it is by default",
    { ...v1, canary: { version: "v2" } },
    { ...v1, ...canary(10) },
    [],
  ],
  [
    "all traffic at once",
    v1,
    { ...v1, stable: "v2" },
    ["switch: switch all traffic to v2 (stable v1 -> v2)"],
  ],
  [
    "returning to an older version than the former one",
    { versions: ["v1", "v2", "v3"], stable: "v3", former: "v2" },
    { versions: ["v1", "v2", "v3"], stable: "v1" },
    ["roll back: roll back to v1 (stable v3 -> v1)"],
  ],
  [
    "stable and canary that change places",
    { ...v1, ...canary(10) },
    { ...v1, stable: "v2", canary: { version: "v1", percent: 10 } },
    [
      "two moves: move the stable version and the canary together (stable v1 -> v2, canary v2 at 10 % -> v1 at 10 %)",
    ],
  ],
  [
    "pruning",
    { ...v1, stable: "v2", former: "v1" },
    { versions: ["v2"], stable: "v2" },
    ["prune: prune v1 (versions without v1)"],
  ],
  [
    "switching green",
    blueGreen,
    { ...blueGreen, stable: 2 },
    ["switch: switch all traffic to version 2 (stable 1 -> 2)"],
  ],
  [
    "an alias for other callers",
    blueGreen,
    { ...blueGreen, greenAlias: true },
    ["alias: have the alias green (with greenAlias)"],
  ],
  [
    "no alias for other callers any more",
    { ...blueGreen, greenAlias: true },
    { ...blueGreen, greenAlias: false },
    ["alias: delete the alias green (without greenAlias)"],
  ],
  [
    "opening blue",
    blueGreen,
    { ...blueGreen, blue: { version: 2, sources } },
    ["open: open version 2 behind blue from 203.0.113.0/24 (with blue)"],
  ],
  [
    "closing blue",
    { ...blueGreen, blue: { version: 2, sources } },
    blueGreen,
    ["close: close blue (without blue)"],
  ],
  [
    "blue for others",
    { ...blueGreen, blue: { version: 2, sources } },
    { ...blueGreen, blue: { version: 2, sources: ["198.51.100.0/24"] } },
    ["reopen: open version 2 behind blue from 198.51.100.0/24 (blue.sources)"],
  ],
  ["recording a number", { ...own, versions: [1] }, own, ["publish: record version 2 (versions with 2)"]],
  [
    "settings of the next version",
    own,
    { ...own, settings: { memoryMb: 256, tracing: false } },
    ["settings: settings of the next version (memoryMb)"],
  ],
  [
    "settings of a version",
    v1,
    { versions: { v1: {}, v2: { settings: { memoryMb: 256 } } }, stable: "v1" },
    ["settings: settings of v2 (memoryMb)"],
  ],
  [
    "reserved executions beside another setting",
    own,
    { ...own, settings: { memoryMb: 256, reservedConcurrency: 5 } },
    [
      "settings: settings of the next version (memoryMb)",
      "reserve: reserve 5 executions for shop-dev (reservedConcurrency)",
    ],
  ],
  [
    "no reserved executions any more",
    { ...own, settings: { reservedConcurrency: 5 } },
    own,
    ["reserve: reserve nothing for shop-dev (reservedConcurrency)"],
  ],
  [
    "triggers",
    { ...own, triggers: { one: oneOfEach.orders, two: oneOfEach.news } },
    { ...own, triggers: { one: oneOfEach.orders, three: oneOfEach.nightly } },
    ["triggers: triggers of the function (triggers.two, triggers.three)"],
  ],
  ["the stage", v1, { ...v1, stage: { tracing: true } }, ["stage: settings of the stage (tracing)"]],
  [
    "concurrency",
    { strategy: "alias-canary-stage", versions: [1], stable: 1 },
    { strategy: "alias-canary-stage", versions: { "1": { provisionedConcurrency: 5 } }, stable: 1 },
    ["concurrency: keep 5 executions of version 1 ready (versions.1.provisionedConcurrency)"],
  ],
  [
    "adopting",
    v1,
    { ...v1, adopt: { api: "a1b2c3d4e5", stage: true } },
    ["adopt: adopt what is there (adopt with stage, api)"],
  ],
  ["what was adopted long ago", { ...v1, adopt: { api: "a1b2c3d4e5" } }, v1, ["other: other adopt (adopt)"]],
  ["steps", v1, { ...v1, steps: [{ percent: 10 }] }, ["other: other steps (steps)"]],
  [
    "since alone",
    { ...v1, canary: { version: "v2", percent: 10, since: "2026-11-21T10:00:00Z" } },
    { ...v1, canary: { version: "v2", percent: 10, since: "2026-11-21T09:00:00Z" } },
    ["other: other canary (canary)"],
  ],
])("%s", (_, base, head, expected) => {
  expect(steps(base, head)).toEqual(expected);
});

test("a changed definition names the version that has it", () => {
  const versions = { v1: { fingerprint: plainFingerprint }, v2: { fingerprint: fingerprintOf(wider) } };
  const [before, after] = [{ v1: versions.v1 }, versions].map((one) => ({ versions: one, stable: "v1" }));
  expect(steps(before, { ...after, api: wider })).toEqual([
    "publish: publish v2 (versions with v2)",
    `api: API definition of v2 (api ${plainFingerprint} -> ${fingerprintOf(wider)})`,
  ]);
});

test("code is told with its files, and an environment with its fields", () => {
  const code = new Map([["shop-dev-v2", ["lambdas/shop/v2/shop.ts", "lambdas/prices.ts"]]]);
  const environment = (fields: object) => ({
    "releases/dev/environment.json": {
      region: "eu-central-1",
      state: { s3: { bucket: "a-state" } },
      ...fields,
    },
  });
  const github = { organization: "acme", repository: "shop" };
  const files = environment({ tags: { owner: "x" }, protect: true, github });
  expect(steps(v1, v1, { code, baseFiles: environment({}), files })).toEqual([
    "code: code of v2 (lambdas/shop/v2/shop.ts, lambdas/prices.ts)",
    "tags: tags of the environment (tags in releases/dev/environment.json)",
    "environment: protect of the environment (protect in releases/dev/environment.json)",
    "boundary: github of the environment (github in releases/dev/environment.json)",
  ]);
});

test("a version that gets a function more has other functions", () => {
  const api = {
    routes: [
      { path: "/", function: "shop" },
      { path: "/offers", function: "offers" },
    ],
  };
  const versions = { v1: { fingerprint: fingerprintOf(api) }, v2: { fingerprint: plainFingerprint } };
  const release = { functions: ["shop", "offers"], api, versions, stable: "v1" };
  const baseFiles = { "lambdas/shop/v1/offers.ts": "" };
  const files = { ...baseFiles, "lambdas/shop/v2/offers.ts": "" };
  expect(steps(release, release, { baseFiles, files })).toEqual([
    "functions: functions of v2 (with shop-dev-offers-v2)",
  ]);
});
