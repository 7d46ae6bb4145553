import { handler, problemsOf, shop } from "../support/project";

const percentAllowed = "must be a number between 0 and 100 with at most 6 decimals";
const named = "must be lower-case letters, digits and hyphens, starting with a letter, 20 at most";

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
      "'canary.version' must be given: lower-case letters, digits and hyphens, starting with a letter, 20 at most",
    ],
    [{ strategy: "canary" }, `'strategy' must be one of "canary-stage", got "canary"`],
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
      `'api.routes[0].authorization' must be "NONE", "AWS_IAM" or { "cognitoUserPoolArns": [...] }, got "OPEN"`,
    ],
    [
      { api: { routes: [{ path: "/", timeoutSeconds: 40 }] } },
      "'api.routes[0].timeoutSeconds' must be a number between 0.05 and 29 seconds, got 40",
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
        "'canary.version' must be another version than the stable one; drop 'canary' to send everything to v1, got \"v1\"",
      ],
    ],
    [
      { versions: ["v1", "v3"] },
      [`'versions[1]' must have its handlers in lambdas/shop/v3/, and there is no such folder, got "v3"`],
    ],
  ])("%j", (release, expected) => {
    expect(lines(release)).toEqual(expected);
  });
});

describe("handlers", () => {
  test("a version's folder has a handler", () => {
    expect(lines({}, { "lambdas/shop/v2/shop.ts": "", "lambdas/shop/v3/other.ts": "" })).toEqual([]);
    expect(lines({ versions: ["v1", "v3"] }, { "lambdas/shop/v3/other.ts": "" })).toEqual([
      `'versions[1]' must have a handler in lambdas/shop/v3/: shop.ts or shop.py, got "v3"`,
    ]);
  });

  test("a function has one handler in a version", () => {
    expect(lines({}, { "lambdas/shop/v2/shop.py": "" })).toEqual([
      `'versions[1]' must have one handler of function shop in lambdas/shop/v2/, and has shop.ts and shop.py, got "v2"`,
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
      `'functions[1]' must have a handler, cart.ts or cart.py, in the folder of a version, got "cart"`,
    ]);
  });
});

describe("a route that API Gateway refuses", () => {
  const route = (path: string, message: string) => [
    [path],
    [`'api.routes[0].path' ${message}, got "${path}"`],
  ];
  const characters =
    "must consist of letters, digits and ._-: or of whole variables such as {id} and {proxy+}";

  test.each([
    route("offers", "must start with a slash"),
    route("/offers/", "must have no empty part and no slash at its end"),
    route("/a//b", "must have no empty part and no slash at its end"),
    route("/ü", characters),
    route("/a{id}", characters),
    route("/{proxy+}/a", "must have its greedy variable {proxy+} at its end"),
    route("/{id}/{id}", "must have each variable once, and has {id} twice"),
    [
      ["/{id}", "/{name}/x"],
      [
        `'api.routes[1].path' must name its variable {id}, as another route does at this place, got "/{name}/x"`,
      ],
    ],
    [
      ["/{id}", "/{proxy+}"],
      [
        `'api.routes[1].path' must name its variable {id}, as another route does at this place, got "/{proxy+}"`,
      ],
    ],
    [["/a", "/a"], [`'api.routes[1]' must have a method and path that no other route has, got "GET /a"`]],
  ])("%j", (paths, expected) => {
    const found = lines({ api: { routes: (paths as string[]).map((path) => ({ path })) } });
    expect(found.filter((line) => line.startsWith("'api.routes"))).toEqual(expected);
  });
});

describe("environment variables", () => {
  test("names that Lambda reserves are refused", () => {
    expect(lines({ settings: { environment: { AWS_REGION: "x" } } })).toEqual([
      `'settings.environment.AWS_REGION' must not be a name that Lambda reserves, got "AWS_REGION"`,
    ]);
  });

  test.each([
    [4087, []],
    [
      4088,
      [
        "'versions[0]' must have environment variables of at most 4096 bytes as JSON for function shop, got 4097",
      ],
    ],
  ])("a value of %d letters", (length, expected) => {
    expect(lines({ versions: ["v1"], settings: { environment: { AA: "x".repeat(length) } } })).toEqual(
      expected,
    );
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

describe("names in AWS", () => {
  const other = { strategy: "canary-stage", versions: ["v1"], stable: "v1" };

  test("two services that would have one name are refused", () => {
    const files = {
      "releases/b-dev/environment.json": { region: "eu-central-1" },
      "releases/dev/a-b.json": other,
      "releases/b-dev/a.json": other,
      "lambdas/a/v1/a.ts": "",
      "lambdas/a-b/v1/a-b.ts": "",
    };
    expect(problemsOf(shop({}, files))).toEqual([
      'releases/dev/a-b.json must not give the stack name that releases/b-dev/a.json gives; rename one of the services, got "a-b-dev"',
      'releases/dev/a-b.json must not give the function name that releases/b-dev/a.json gives; rename one of the services, got "a-b-dev-v1"',
    ]);
  });

  test("a service that would take the account stack's name is refused", () => {
    const files = {
      "releases/dev/environment.json": { region: "eu-central-1", apiGatewayAccount: true },
      "releases/dev/api-gateway-account.json": other,
      "lambdas/api-gateway-account/v1/api-gateway-account.ts": "",
    };
    expect(problemsOf(shop({}, files))).toEqual([
      'releases/dev/api-gateway-account.json must not give the stack name that releases/dev/environment.json gives; rename one of the services, got "api-gateway-account-dev"',
    ]);
  });

  test("a function name above Lambda's 64 characters is refused", () => {
    const service = "a".repeat(40);
    const version = `v${"1".repeat(19)}`;
    const files = {
      [`releases/dev/${service}.json`]: { ...other, versions: [version], stable: version },
      [`lambdas/${service}/${version}/${service}.ts`]: "",
    };
    expect(problemsOf(shop({}, files))).toEqual([
      `releases/dev/${service}.json:4:5 'versions[0]' must give function names of at most 64 characters, got "${service}-dev-${version}"`,
    ]);
  });

  test("a file's name is a service's name", () => {
    expect(problemsOf(shop({}, { "releases/dev/My_Shop.json": "{}" }))[0]).toBe(
      'releases/dev/My_Shop.json must be named after its service: lower-case letters and digits in words joined by hyphens, each word starting with a letter, 40 at most, got "My_Shop"',
    );
  });
});

describe("JSON", () => {
  const json = (text: string) => problemsOf({ ...shop({}), "releases/dev/shop.json": text });

  test.each([
    ['{\n "percent": NaN\n}', '2:13 must be JSON: invalid symbol, got "NaN"'],
    ['{\n "stable": "v1"\n "versions": []\n}', '3:2 must be JSON: comma expected, got "\\"versions\\""'],
    ['{\n "stable": "v1",\n}', '3:1 must be JSON: property name expected, got "}"'],
    ["", "1:1 must be JSON: value expected"],
    ["[]", "1:1 must be an object, got []"],
    ["[".repeat(20_000), " must be nested less than 100 levels deep"],
  ])("%j", (text, expected) => {
    expect(json(text)).toEqual([`releases/dev/shop.json${expected.startsWith(" ") ? "" : ":"}${expected}`]);
  });

  test("a key given twice is refused, which JSON.parse would let pass", () => {
    expect(json('{ "strategy": "canary-stage", "stable": "v1",\n "stable": "v2" }')).toEqual([
      "releases/dev/shop.json:2:2 'stable' must be given once, and is given twice",
    ]);
  });
});

describe("what AWS refuses later, synthesis refuses now", () => {
  const layer = (region: string, version: number) =>
    `arn:aws:lambda:${region}:123456789012:layer:tools:${version}`;

  test.each<[object, string]>([
    [
      { settings: { layers: [layer("us-east-1", 1)] } },
      `'settings.layers[0]' must be a layer of the function's region, eu-central-1, got "${layer("us-east-1", 1)}"`,
    ],
    [
      { settings: { layers: [layer("eu-central-1", 1), layer("eu-central-1", 2)] } },
      `'settings.layers[1]' must be the only version of its layer, got "${layer("eu-central-1", 2)}"`,
    ],
    [
      { settings: { environment: { TEXT: "a\0b" } } },
      `'settings.environment.TEXT' must be text without a NUL character, got "a\\u0000b"`,
    ],
    [
      { stage: { name: "test-invoke-stage" } },
      `'stage.name' must be letters, digits, hyphens and underscores, 64 at most, and not test-invoke-stage, got "test-invoke-stage"`,
    ],
    [
      { settings: { deadLetterArn: "arn:aws:sqs:eu-central-1:123456789012:failed.fifo" } },
      `'settings.deadLetterArn' must be the ARN of a standard SQS queue or SNS topic, got "arn:aws:sqs:eu-central-1:123456789012:failed.fifo"`,
    ],
    [
      { api: { routes: [{ path: "/{id}/{id+}" }] } },
      `'api.routes[0].path' must have each variable once, and has {id} twice, got "/{id}/{id+}"`,
    ],
    [
      { api: { routes: Array.from({ length: 160 }, (_, index) => ({ path: `/a${index}/b` })) } },
      "'api.routes' must have at most 300 paths, those above a route's path counted, got 320",
    ],
  ])("%j", (release, line) => {
    expect(lines(release)).toContain(line);
  });

  test.each([
    [{ env: "a", Env: "b" }],
    [Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, "x"]))],
  ])("tags %j", (tags) => {
    const files = { "releases/dev/environment.json": { region: "eu-central-1", tags } };
    expect(problemsOf(shop({}, files))).toEqual([
      expect.stringContaining("'tags' must be at most 50 tags, whose names differ in more than their case"),
    ]);
  });
});

test("two functions of one file that would have one name are refused", () => {
  const release = {
    functions: ["shop", "cart"],
    versions: ["v1", "cart-v1"],
    api: { routes: [{ path: "/", function: "shop" }] },
  };
  const files = { "lambdas/shop/v1/cart.ts": "", "lambdas/shop/cart-v1/shop.ts": "" };
  expect(problemsOf(shop(release, files))).toEqual([
    'releases/dev/shop.json must not give one function name to two functions; rename a function or a version, got "shop-dev-cart-v1"',
  ]);
});

test("names that objects have of themselves are names like others", () => {
  expect(lines({ versions: ["constructor"], stable: "constructor" })).toEqual([
    "'versions[0]' must have its handlers in lambdas/shop/constructor/, and there is no such folder, got \"constructor\"",
  ]);
});

test("text that a terminal would act on is told in escapes", () => {
  expect(lines({ "a\u001b[31m": 1 })[0]).toContain("'\"a\\u001b[31m\"' must not be given");
});

test("a release file beside the environments is not silently passed over", () => {
  expect(problemsOf(shop({}, { "releases/prod.json": "{}" }))).toEqual([
    "releases/prod.json must stand in the folder of an environment, releases/<environment>/",
  ]);
});

test("an unknown field that is like none gets the known ones", () => {
  expect(lines({ canary: { version: "v2", zzzzzz: 1 } })).toEqual([
    "'canary.zzzzzz' must not be given: there is no such field; there are version, percent",
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
  ).toEqual(["releases/dev/environment.json must be there and readable"]);
});
