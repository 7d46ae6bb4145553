import { readFileSync } from "node:fs";
import { join } from "node:path";
import { handler, problemsOf, shop, synthesizeFiles } from "../support/project";

const percentAllowed = "must be a number between 0 and 100 with at most 6 decimals";
const named =
  'must be a name such as "v2", "1.2.3" or "2026-11-27": lower-case letters and digits in parts joined by hyphens or dots, 40 characters at most; or the number of a published Lambda version';

/** The lines without file, line and column, which have tests of their own. */
function lines(release: object, files = {}): string[] {
  return problemsOf(shop(release, files)).map((line) => line.replace(/^\S+ /, ""));
}

describe("a field out of range is one line with field, range and value", () => {
  test.each<[object, string]>([
    [
      { canary: { version: "v2", percent: 150 } },
      `'canary.percent' ${percentAllowed}; to send all traffic make it the stable version, got 150`,
    ],
    [{ canary: { version: "v2", percent: -3 } }, `'canary.percent' ${percentAllowed}, got -3`],
    [{ canary: { version: "v2", percent: "10" } }, `'canary.percent' ${percentAllowed}, got "10"`],
    [{ canary: { version: "v2", percent: 1.1234567 } }, `'canary.percent' ${percentAllowed}, got 1.1234567`],
    [
      { canary: {} },
      `'canary.version' must be given: a name such as "v2", "1.2.3" or "2026-11-27": lower-case letters and digits in parts joined by hyphens or dots, 40 characters at most; or the number of a published Lambda version`,
    ],
    [
      { strategy: "canary" },
      `'strategy' must be one of "canary-stage", "alias-canary-stage", "weighted-alias", "blue-green-stage", "codedeploy-alias", "ecs-blue-green", "ecs-native", got "canary"`,
    ],
    [
      { canary: { version: "v2", since: "yesterday" } },
      "'canary.since' must be a time in UTC to the second, such as 2026-11-21T09:30:00Z, got \"yesterday\"",
    ],
    [{ steps: [] }, "'steps' must be a list of 1 to 20 different steps, got []"],
    [
      { steps: [{ percent: 10, bakeMinutes: -1 }] },
      "'steps[0].bakeMinutes' must be a whole number between 0 and 10080 minutes, got -1",
    ],
    [{ steps: [{ percent: 0 }] }, "'steps[0].percent' must be larger than 0, got 0"],
    [
      { steps: [{ percent: 25 }, { percent: 10 }] },
      "'steps[1].percent' must be larger than 25, the previous step, got 10",
    ],
    [{ former: "v9" }, "'former' must be one of the published versions (v1, v2), got \"v9\""],
    [{ former: "v1" }, "'former' must differ from the stable version: a rollback returns to it, got \"v1\""],
    [{ versions: 3 }, "'versions' must be a list of versions, or an object of them, got 3"],
    [{ versions: {} }, "'versions' must name at least one version, got {}"],
    [{ versions: ["v1", "-x"] }, `'versions[1]' ${named}, got "-x"`],
    [{ versions: { v1: {}, V2: {} } }, `'versions.V2' ${named}, got "V2"`],
    [{ versions: ["v1", "v1"] }, `'versions' must be a list of 1 to 100 different versions, got ["v1","v1"]`],
    [
      { settings: { memoryMb: 64 } },
      "'settings.memoryMb' must be a whole number between 128 and 10240 MB, got 64",
    ],
    [
      { settings: { timeoutSeconds: 901 } },
      "'settings.timeoutSeconds' must be a whole number between 1 and 900 seconds, got 901",
    ],
    [
      { settings: { architecture: "arm" } },
      `'settings.architecture' must be one of "x86_64", "arm64", got "arm"`,
    ],
    [
      { settings: { layers: ["node"] } },
      `'settings.layers[0]' must be the ARN of a layer version, got "node"`,
    ],
    [
      { settings: { vpc: { subnetIds: [], securityGroupIds: ["sg-1"] } } },
      "'settings.vpc.subnetIds' must be a list of 1 to 16 different subnet ids, got []",
    ],
    [
      { settings: { deadLetterArn: "queue" } },
      `'settings.deadLetterArn' must be the ARN of a standard SQS queue or SNS topic, got "queue"`,
    ],
    [
      { settings: { environment: { A: "1" } } },
      "'settings.environment.A' must be a name of two or more letters, digits and underscores, starting with a letter, got \"A\"",
    ],
    [{ settings: { environment: { PORT: 1 } } }, "'settings.environment.PORT' must be text, got 1"],
    [
      { stage: { name: "a b" } },
      `'stage.name' must be letters, digits, hyphens and underscores, 64 at most, and not test-invoke-stage, got "a b"`,
    ],
    [
      { stage: { throttling: { rateLimit: -1, burstLimit: 1 } } },
      "'stage.throttling.rateLimit' must be a whole number between 0 and 10000 requests per second, got -1",
    ],
    [
      { stage: { executionLogs: "info" } },
      `'stage.executionLogs' must be one of "off", "errors", "all", got "info"`,
    ],
    [
      { api: { routes: [{ path: "/", authorization: "OPEN" }] } },
      `'api.routes[0].authorization' must be "NONE", "AWS_IAM", { "cognitoUserPoolArns": [...] } or { "authorizer": "<name>" }, got "OPEN"`,
    ],
    [
      { api: { routes: [{ path: "/", timeoutSeconds: 40 }] } },
      "'api.routes[0].timeoutSeconds' must be a number between 0.05 and 29 seconds; if AWS raised this quota, set 'quotas.integrationTimeoutMs' in environment.json, got 40",
    ],
    [
      { api: { cors: { allowOrigin: ["https://a.example", "*"] } } },
      `'api.cors.allowOrigin[1]' must be an origin such as https://example.com, got "*"`,
    ],
    [
      { api: { cors: { allowOrigin: 1 } } },
      "'api.cors.allowOrigin' must be one origin such as https://example.com, a list of origins, or *, got 1",
    ],
    [
      { api: { cors: { allowOrigin: "it's" } } },
      `'api.cors.allowOrigin' must be one origin such as https://example.com, or *, got "it's"`,
    ],
  ])("%j", (release, line) => {
    expect(lines(release)).toEqual([line]);
  });
});

test.each<[object, string]>([
  [{ canry: {} }, "'canry' must not be given: there is no such field; did you mean 'canary'?"],
  [
    { settings: { memory: 256 } },
    "'settings.memory' must not be given: there is no such field; did you mean 'memoryMb'?",
  ],
  [
    { versions: { v1: { fingerprnt: "" } } },
    "'versions.v1.fingerprnt' must not be given: there is no such field; did you mean 'fingerprint'?",
  ],
  [
    { api: { routes: [{ path: "/", methd: "GET" }] } },
    "'api.routes[0].methd' must not be given: there is no such field; did you mean 'method'?",
  ],
  [
    { functions: { shop: { timeoutSecond: 5 } } },
    "'functions.shop.timeoutSecond' must not be given: there is no such field; did you mean 'timeoutSeconds'?",
  ],
])("an unknown field is refused with the nearest known one: %j", (release, line) => {
  expect(lines(release)).toEqual([line]);
});

describe("pointers", () => {
  test.each<[object, string[]]>([
    [{ stable: "v9" }, [`'stable' must be one of the published versions (v1, v2), got "v9"`]],
    [
      { canary: { version: "v9" } },
      [`'canary.version' must be one of the published versions (v1, v2), got "v9"`],
    ],
    [
      { canary: { version: "v1" } },
      [
        "'canary.version' must differ from the stable version; drop 'canary' to send all traffic to v1, got \"v1\"",
      ],
    ],
    [
      { versions: ["v1", "v3"] },
      [`'versions[1]' must have its handlers in lambdas/shop/v3/, which does not exist, got "v3"`],
    ],
  ])("%j", (release, expected) => {
    expect(lines(release)).toEqual(expected);
  });
});

describe("handlers", () => {
  test("a version's folder has a handler", () => {
    expect(lines({}, { "lambdas/shop/v2/shop.ts": "", "lambdas/shop/v3/other.ts": "" })).toEqual([]);
    expect(lines({ versions: ["v1", "v3"] }, { "lambdas/shop/v3/other.ts": "" })).toEqual([
      `'versions[1]' must have a handler in lambdas/shop/v3/: shop.ts, shop.js or shop.py, got "v3"`,
    ]);
  });

  test("a function has one handler in a version", () => {
    expect(lines({}, { "lambdas/shop/v2/shop.py": "" })).toEqual([
      `'versions[1]' must have one handler of function shop in lambdas/shop/v2/, but has shop.ts and shop.py, got "v2"`,
    ]);
  });

  test("a runtime runs the handler", () => {
    expect(lines({ versions: ["v1"], settings: { runtime: "python3.12" } })).toEqual([
      `'versions[0]' must have a runtime that runs lambdas/shop/v1/shop.ts, got "python3.12"`,
    ]);
  });

  test("every function stands somewhere", () => {
    expect(
      lines({ functions: ["shop", "cart"], api: { routes: [{ path: "/", function: "shop" }] } }),
    ).toEqual([
      `'functions[1]' must have a handler, cart.ts, cart.js or cart.py, in the folder of a version, got "cart"`,
    ]);
  });
});

test.each([
  ["a value", { settings: { environment: { URL: "${x}" } } }, "settings.environment.URL"],
  ["a name", { versions: { v1: {}, "v%{x}": {} } }, "versions.v%{x}"],
])("%s that Terraform would evaluate is refused", (_, release, field) => {
  expect(lines(release)).toContainEqual(
    expect.stringContaining(
      `'${field}' must not contain \${ or %{, which Terraform would read as an expression`,
    ),
  );
});

describe("JSON", () => {
  const json = (text: string) => problemsOf({ ...shop({}), "releases/dev/shop.json": text });

  test.each([
    ['{\n "percent": NaN\n}', '2:13 must be JSON: invalid symbol, got "NaN"'],
    ['{\n "stable": "v1"\n "versions": []\n}', '3:2 must be JSON: comma expected, got "\\"versions\\""'],
    ['{\n "stable": "v1",\n}', '3:1 must be JSON: property name expected, got "}"'],
    ["", "1:1 must be JSON: value expected"],
    ["[]", "1:1 must be an object, got []"],
    ["[".repeat(20_000), "1:65 must be nested at most 64 levels deep"],
  ])("%j", (text, expected) => {
    expect(json(text)).toEqual([`releases/dev/shop.json:${expected}`]);
  });

  test("a key given twice is refused, which JSON.parse would let pass", () => {
    expect(json('{ "strategy": "canary-stage", "stable": "v1",\n "stable": "v2" }')).toEqual([
      "releases/dev/shop.json:2:2 'stable' must be given once, but is given twice",
    ]);
  });
});

const notConstructor = "must be a name other than constructor, which CDKTF cannot give to a construct";

describe("a name that every object of JavaScript has", () => {
  test.each<[object, string]>([
    [{ versions: ["v1", "constructor"] }, "versions[1]"],
    [{ versions: { v1: {}, constructor: {} } }, "versions.constructor"],
    [{ functions: { shop: {}, constructor: {} } }, "functions.constructor"],
    [{ functions: ["shop", "constructor"] }, "functions[1]"],
    [{ adopt: { functions: { v1: { constructor: "old" } } } }, "adopt.functions.v1.constructor"],
  ])("is none for a construct: %j", (release, field) => {
    expect(lines(release)).toContainEqual(`'${field}' ${notConstructor}, got "constructor"`);
  });

  test("is none for a service", () => {
    expect(problemsOf(shop({}, { "releases/dev/constructor.json": "{}" }))).toContainEqual(
      `releases/dev/constructor.json ${notConstructor.replace("must be", "must be named after its service:")}, got "constructor"`,
    );
  });

  test.each(["settings.environment", "versions", "adopt.functions"])(
    "is lost as a key __proto__ of %s, and so refused",
    (field) => {
      const release = field
        .split(".")
        .reduceRight((inner, key) => `{ "${key}": ${inner} }`, '{ "__proto__": "x" }');
      expect(problemsOf({ ...shop({}), "releases/dev/shop.json": release })).toEqual([
        expect.stringMatching(
          `releases/dev/shop.json:1:\\d+ '${field}.__proto__' must not be given: JavaScript reserves this name`,
        ),
      ]);
    },
  );

  test("is a variable and a tag like others", async () => {
    const given = { constructor: "a", toString: "b", hasOwnProperty: "c" };
    const outdir = await synthesizeFiles({
      ...shop({ settings: { environment: given } }),
      "releases/dev/environment.json": { region: "eu-central-1", tags: given },
    });
    const stack = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8"));
    const [lambda] = Object.values<{ environment: object }>(stack.resource.aws_lambda_function);
    expect(lambda?.environment).toEqual({ variables: given });
    expect(stack.provider.aws[0].default_tags).toEqual([{ tags: expect.objectContaining(given) }]);
  });
});

test.each(["#{TfToken[TOKEN.0]}", "a &{TfToken[TOKEN.7]}"])(
  "%s is refused, for CDKTF would take it",
  (text) => {
    expect(lines({ settings: { environment: { URL: text } } })).toEqual([
      `'settings.environment.URL' must not contain #{TfToken[ or &{TfToken[, which are CDKTF's own marks, got "${text}"`,
    ]);
  },
);

test("text that a terminal would act on is told in escapes", () => {
  expect(lines({ "a\u001b[31m": 1 })[0]).toContain("'\"a\\u001b[31m\"' must not be given");
});

test("a release file beside the environments is not silently passed over", () => {
  expect(problemsOf(shop({}, { "releases/prod.json": "{}" }))).toEqual([
    "releases/prod.json must be in an environment's folder, releases/<environment>/",
  ]);
});

test("an unknown field that is like none gets the known ones", () => {
  expect(lines({ canary: { version: "v2", zzzzzz: 1 } })).toEqual([
    "'canary.zzzzzz' must not be given: there is no such field; there are version, percent, since, hold",
  ]);
});

test("every problem of every file is told at once, in the order of the lines", () => {
  const files = {
    ...shop({}),
    "releases/dev/environment.json": { region: "nowhere", stat: {} },
    "releases/dev/shop.json": {
      strategy: "canary-stage",
      versions: ["v1", "v2"],
      stable: "v1",
      canary: { version: "v1", percent: 150 },
      settings: { memoryMb: 5, environment: { AWS_REGION: "x" } },
      api: { routes: [{ path: "a" }, { path: "/", timeoutSeconds: 99 }] },
    },
    "releases/dev/cart.json": "{",
  };
  expect(problemsOf(files).map((line) => line.replace(/ must.*/, ""))).toEqual([
    "releases/dev/environment.json:2:13 'region'",
    "releases/dev/environment.json:3:11 'stat'",
    "releases/dev/cart.json:1:2",
    "releases/dev/shop.json:9:16 'canary.version'",
    "releases/dev/shop.json:10:16 'canary.percent'",
    "releases/dev/shop.json:13:17 'settings.memoryMb'",
    "releases/dev/shop.json:15:21 'settings.environment.AWS_REGION'",
    "releases/dev/shop.json:21:17 'api.routes[0].path'",
    "releases/dev/shop.json:25:27 'api.routes[1].timeoutSeconds'",
  ]);
});

test("an environment without its file is one problem", () => {
  expect(
    problemsOf({
      "releases/dev/shop.json": shop({})["releases/dev/shop.json"] as object,
      "lambdas/shop/v1/shop.ts": handler("v1"),
      "lambdas/shop/v2/shop.ts": handler("v2"),
    }),
  ).toEqual(["releases/dev/environment.json must exist and be readable"]);
});
