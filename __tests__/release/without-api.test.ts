import { pointerOf } from "../../src/release/release";
import { releaseOf } from "../live/shop-context";
import { problemsOf, shop } from "../support/project";
import { shopWithTriggers } from "../support/triggers";

const withoutPlace = (problems: readonly string[]) => problems.map((line) => line.replace(/^\S+ /, ""));
const lines = (release: object) => withoutPlace(problemsOf(shopWithTriggers({ api: false, ...release })));

test.each(["weighted-alias", "codedeploy-alias"])("%s needs no API, and no triggers either", (strategy) => {
  expect(lines({ strategy })).toEqual([]);
  expect(lines({ strategy, triggers: {} })).toEqual([]);
});

test.each(["alias-canary-stage", "blue-green-stage"])(
  "%s needs an API, by which it moves users",
  (strategy) => {
    expect(lines({ strategy, triggers: undefined })).toEqual([
      `'api' must not be false with ${strategy}: only weighted-alias, codedeploy-alias can do without an API, got false`,
    ]);
  },
);

test("canary-stage needs one too", () => {
  expect(withoutPlace(problemsOf(shop({ api: false })))).toEqual([
    expect.stringContaining("'api' must not be false with canary-stage: "),
  ]);
});

test.each<[object, string]>([
  [{ stage: { name: "live" } }, `'stage' must not be given with "api": false: there is no stage`],
  [
    { preview: { version: 2, sources: ["203.0.113.0/24"] } },
    `'preview' must not be given with "api": false: a preview is a stage of the API; invoke the version by its number`,
  ],
  [
    { requests: [{ path: "/" }] },
    `'requests' must not be given with "api": false: there is nothing to send them to; 'rehearse --events' plays events`,
  ],
  [
    { versions: { 1: { fingerprint: "0123456789abcdef" }, 2: {} } },
    `'versions.1.fingerprint' must not be given with "api": false: there is no API definition, got "0123456789abcdef"`,
  ],
  [{ api: true }, "'api' must be an object, or false where there is no API, got true"],
])("%j is refused in one line", (release, line) => {
  expect(lines(release)).toEqual([line]);
});

test("the pointer is the alias alone, with the share of the canary", () => {
  const canary = { version: 2, percent: 25 };
  const release = releaseOf(shopWithTriggers({ api: false, canary }));
  expect(release).not.toHaveProperty("definition");
  expect(release).not.toHaveProperty("stage");
  if (release.versionKind !== "lambda") throw new Error("it has no alias");
  expect(pointerOf(release)).toEqual({ aliases: { live: { version: "1", weights: { 2: 0.25 } } } });
});
