import { type Files, handler, problemsOf } from "../support/project";
import { fingerprintOf, plainFingerprint, wider } from "../support/shop";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop";

/** The problems of a shop with one function, without the place that each line begins with. */
function lines(strategy: string, release: object, files: Files = {}): string[] {
  const problems = problemsOf({
    "releases/dev/environment.json": { region: "eu-central-1" },
    "lambdas/shop/shop.ts": handler("1"),
    "releases/dev/shop.json": { strategy, versions: [1, 2, 3], stable: 1, ...release },
    ...files,
  });
  return problems.map((line) => line.replace(/^releases\/dev\/shop\.json(:\d+:\d+)? /, ""));
}

const number = "must be the number that Lambda gave a published version: a whole number from 1";
const version =
  'must be a name such as "v2", "1.2.3" or "2026-11-27": lower-case letters and digits in parts joined by hyphens or dots, 40 characters at most; or the number of a published Lambda version';
const preview = { version: 2, sources: ["203.0.113.0/24"] };

describe.each(["alias-canary-stage", "weighted-alias"])("%s", (strategy) => {
  test.each([
    {},
    { canary: { version: 2, percent: 10 } },
    { canary: { version: 2, percent: 0 } },
    { versions: { "1": {}, "2": {} }, canary: { version: 2, percent: 33.333333 } },
    { canary: { version: 2, percent: 10 }, preview: { ...preview, version: 3 } },
    { image: `${repository}@${digest}` },
    { functions: ["shop"] },
    { functions: ["shop"], versions: { "1": { lambdaVersions: { shop: 4 } } } },
  ])("%j is valid", (release) => {
    expect(lines(strategy, release)).toEqual([]);
  });

  test.each<[object, string[]]>([
    [{ stable: "$LATEST" }, [`'stable' ${version}, got "$LATEST"`]],
    [{ stable: 0 }, [`'stable' ${version}, got 0`]],
    [{ stable: 1.5 }, [`'stable' ${version}, got 1.5`]],
    [{ stable: "1" }, [`'stable' ${version}, got "1"`]],
    [
      { versions: ["v1"], stable: "v1" },
      [`'versions[0]' ${number}, got "v1"`, `'stable' ${number}, got "v1"`],
    ],
    [{ stable: 4 }, [`'stable' must be one of the published versions (1, 2, 3), got 4`]],
    [
      { canary: { version: 1, percent: 10 } },
      [`'canary.version' must differ from the stable version; drop 'canary' to send all traffic to 1, got 1`],
    ],
    [
      { canary: [{ version: 2 }, { version: 3 }] },
      [`'canary' must be an object, got [{"version":2},{"version":3}]`],
    ],
    [{ blue: preview }, [`'blue' must not be given with ${strategy}: it belongs to blue-green-stage`]],
    [
      { versions: { "1": { settings: { memoryMb: 512 } } } },
      [
        `'versions.1.settings' must not be given with ${strategy}: a Lambda version keeps the settings that it was published with; those of the next one belong in 'settings'`,
      ],
    ],
    [
      { image: `${repository}:latest` },
      [
        `'image' must be an image in ECR by its digest, <account>.dkr.ecr.<region>.amazonaws.com/<repository>@sha256:<64 hexadecimal digits>, because a tag can be moved to another image, got "${repository}:latest"`,
      ],
    ],
    [
      { image: `${repository}@${digest}`, settings: { handler: "shop.handler", runtime: "nodejs22.x" } },
      [
        `'settings.handler' must not be given with 'image', which brings its own, got "shop.handler"`,
        `'settings.runtime' must not be given with 'image', which brings its own, got "nodejs22.x"`,
      ],
    ],
    [
      { preview: { version: 2 } },
      ["'preview.sources' must be given: a list of 1 to 50 different address ranges"],
    ],
    [
      { preview: { version: 2, sources: ["203.0.113.300/24"] } },
      [
        `'preview.sources[0]' must be a range of IPv4 or IPv6 addresses such as 203.0.113.0/24, but no IPv4 written as IPv6, got "203.0.113.300/24"`,
      ],
    ],
    ...[":::::/64", ":/0", "2001:db8::/00", "2001:db8::/129", "10.0.0.0/33"].map(
      (range): [object, string[]] => [
        { preview: { version: 2, sources: [range] } },
        [
          `'preview.sources[0]' must be a range of IPv4 or IPv6 addresses such as 203.0.113.0/24, but no IPv4 written as IPv6, got "${range}"`,
        ],
      ],
    ),
    [
      { preview, stage: { name: "preview" } },
      [`'stage.name' must differ from the temporary stage's name, got "preview"`],
    ],
    [
      { image: `${repository.replace("eu-central-1", "us-east-1")}@${digest}` },
      [`'image' must be an image in the function's region, eu-central-1, got "us-east-1"`],
    ],
    [{ adopt: { stage: true } }, [`'adopt' must not be given with ${strategy}: it belongs to canary-stage`]],
    [
      { versions: { "1": {}, "99999999999999999999": {} } },
      [`'versions.99999999999999999999' ${version}, got "99999999999999999999"`],
    ],
  ])("%j is refused", (release, expected) => {
    expect(lines(strategy, release)).toEqual(expected);
  });
});

test("provisioned concurrency is refused on an alias that splits its traffic", () => {
  expect(lines("weighted-alias", { versions: { "1": { provisionedConcurrency: 5 } } })).toEqual([
    "'versions.1.provisionedConcurrency' must not be given with weighted-alias: Lambda allows none on an alias that splits its traffic",
  ]);
});

test.each(["alias-canary-stage", "blue-green-stage"])(
  "%s has the provisioned concurrency of a version beside the version",
  (strategy) => {
    expect(lines(strategy, { versions: { "1": { provisionedConcurrency: 5 } } })).toEqual([]);
    expect(lines(strategy, { provisionedConcurrency: 5 })).toEqual([
      "'provisionedConcurrency' must not be given: there is no such field; did you mean 'versions.<name>.provisionedConcurrency'?",
    ]);
  },
);

test("behind one deployment the definition stays while the traffic is split", () => {
  const changed = fingerprintOf(wider);
  const versions = { "1": { fingerprint: plainFingerprint }, "2": { fingerprint: changed } };
  const split = { api: wider, versions, canary: { version: 2, percent: 10 } };
  expect(lines("weighted-alias", split)).toEqual([
    `'canary.version' must have the definition of 1, ${plainFingerprint}: one deployment serves both, got 2`,
  ]);
  const third = { ...versions, "2": { fingerprint: plainFingerprint }, "3": { fingerprint: changed } };
  expect(lines("weighted-alias", { ...split, versions: third })).toEqual([
    `'api' must not change while the traffic is split: its fingerprint is ${changed}, but 1 and 2 have ${plainFingerprint}; drop the canary or promote it first`,
  ]);
  expect(lines("weighted-alias", { api: wider, versions, stable: 2 })).toEqual([]);
  expect(lines("alias-canary-stage", split)).toEqual([]);
});

describe("blue-green-stage", () => {
  const blue = { version: 2, sources: ["203.0.113.0/24"] };

  test.each<[object, string[]]>([
    [{ blue }, []],
    [{ greenAlias: true }, []],
    [
      { alarms: { errors: { on: ["alias"] } } },
      [
        `'alarms.errors.on' must be ["version"] with blue-green-stage, which has no alias that serves all versions, got ["alias"]`,
      ],
    ],
    [{ blue: { version: 2, sources: ["0.0.0.0/0", "::/0"] } }, []],
    [{ blue: { version: 2 } }, ["'blue.sources' must be given: a list of 1 to 50 different address ranges"]],
    [
      { blue: { ...blue, version: 1 } },
      [`'blue.version' must differ from the stable version; drop 'blue': it serves users already, got 1`],
    ],
    [
      { canary: { version: 2 } },
      [
        "'canary' must not be given with blue-green-stage: it belongs to canary-stage, alias-canary-stage, weighted-alias, codedeploy-alias, ecs-blue-green",
      ],
    ],
    [
      {
        blue,
        api: wider,
        versions: { "1": { fingerprint: fingerprintOf(wider) }, "2": { fingerprint: plainFingerprint } },
      },
      [
        `'blue.version' must have the file's definition, ${fingerprintOf(wider)}, because its stage is deployed with that; 2 has ${plainFingerprint}, got 2`,
      ],
    ],
  ])("%j", (release, expected) => {
    expect(lines("blue-green-stage", release)).toEqual(expected);
  });
});

test("an environment may be named blue: users call the stage green there", () => {
  const files = {
    "releases/blue/environment.json": { region: "eu-central-1" },
    "releases/blue/shop.json": {
      strategy: "blue-green-stage",
      versions: [1, 2],
      stable: 1,
      blue: { version: 2, sources: ["203.0.113.0/24"] },
    },
  };
  expect(lines("blue-green-stage", {}, files)).toEqual([]);
});

test("a function without code in the service's folder is refused", () => {
  expect(lines("weighted-alias", {}, { "lambdas/shop/shop.ts": "", "lambdas/shop/shop.py": "" })).toEqual([
    "must have one handler of function shop in lambdas/shop/, but has shop.ts and shop.py",
  ]);
});

test("a file in place of the service's folder is told as a folder that is missing", () => {
  const files = {
    "releases/dev/environment.json": { region: "eu-central-1" },
    "releases/dev/shop.json": { strategy: "weighted-alias", versions: [1], stable: 1 },
    "lambdas/shop": "no folder",
  };
  expect(problemsOf(files)).toEqual([
    "releases/dev/shop.json:1:1 must have a handler in lambdas/shop/: shop.ts, shop.js or shop.py",
  ]);
});

test.each([
  ["eu-central-1", "amazonaws.com"],
  ["cn-north-1", "amazonaws.com.cn"],
  ["us-gov-west-1", "amazonaws.com"],
  ["eusc-de-east-1", "amazonaws.eu"],
])("an image in %s is in ECR at %s", (region, suffix) => {
  const image = `123456789012.dkr.ecr.${region}.${suffix}/shop@${digest}`;
  const files = { "releases/dev/environment.json": { region } };
  expect(lines("weighted-alias", { image }, files)).toEqual([]);
});
