import { problemsOf, shop } from "../support/project";

/** The lines without file, line and column. */
function lines(release: object, files = {}): string[] {
  return problemsOf(shop(release, files)).map((line) => line.replace(/^\S+ /, ""));
}

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
        `'api.routes[1].path' must name its variable {id}, as another route does in the same place, got "/{name}/x"`,
      ],
    ],
    [
      ["/{id}", "/{proxy+}"],
      [
        `'api.routes[1].path' must name its variable {id}, as another route does in the same place, got "/{proxy+}"`,
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

  test("a service that would take the domain stack's name is refused", () => {
    const domain = {
      name: "api.example.com",
      certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1a",
    };
    const files = {
      "releases/dev/environment.json": { region: "eu-central-1", domain },
      "releases/dev/domain.json": other,
      "lambdas/domain/v1/domain.ts": "",
    };
    expect(problemsOf(shop({}, files))).toEqual([
      'releases/dev/domain.json must not give the stack name that releases/dev/environment.json gives; rename one of the services, got "domain-dev"',
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

  test.each([
    ["the file", { guard: {} }, {}],
    ["the environment", {}, { guard: {} }],
  ])("a guard by %s whose rules have more than EventBridge's 64 characters is refused", (_, own, given) => {
    const service = "a".repeat(30);
    const problemsWith = (environment: string) =>
      problemsOf({
        [`releases/${environment}/environment.json`]: { region: "eu-central-1", ...given },
        [`releases/${environment}/${service}.json`]: { ...other, ...own },
        [`lambdas/${service}/v1/${service}.ts`]: "",
      }).map((line) => line.replace(/^\S+ /, ""));
    expect(problemsWith("e".repeat(19))).toEqual([]);
    expect(problemsWith("e".repeat(20))).toEqual([
      `'guard' must give its rules names of at most 64 characters, got "${service}-${"e".repeat(20)}-guard-minutes"`,
    ]);
  });

  test("a version or a trigger must not have the name of the guard or of its rules", () => {
    const versions = { versions: ["guard"], stable: "guard" };
    const files = { "lambdas/shop/guard/shop.ts": "" };
    expect(problemsOf(shop({ ...versions, guard: {} }, files))).toEqual([
      'releases/dev/shop.json must not give one function name to two functions; rename a function or a version, got "shop-dev-guard"',
    ]);
    expect(problemsOf(shop(versions, files))).toEqual([]);
    const triggers = { "guard-minutes": { schedule: { expression: "rate(5 minutes)" } } };
    const ofOne = { strategy: "weighted-alias", versions: [1], stable: 1, triggers };
    const code = { "lambdas/shop/shop.ts": "" };
    expect(problemsOf(shop({ ...ofOne, guard: {} }, code))).toEqual([
      expect.stringContaining("must not give one rule name to two functions; rename"),
    ]);
    expect(problemsOf(shop(ofOne, code))).toEqual([]);
  });

  test("a file's name is a service's name", () => {
    expect(problemsOf(shop({}, { "releases/dev/My_Shop.json": "{}" }))[0]).toBe(
      'releases/dev/My_Shop.json must be named after its service: lower-case letters and digits in words joined by hyphens, each word starting with a letter, 40 at most, got "My_Shop"',
    );
  });
});

describe("what AWS refuses later, synthesis refuses now", () => {
  const layer = (region: string, version: number) =>
    `arn:aws:lambda:${region}:123456789012:layer:tools:${version}`;

  test.each<[object, string]>([
    [
      { settings: { layers: [layer("us-east-1", 1)] } },
      `'settings.layers[0]' must be a layer in the function's region, eu-central-1, got "${layer("us-east-1", 1)}"`,
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
      "'api.routes' must make at most 300 resources: the root, each path, and each path above it; if AWS raised this quota, set 'quotas.apiResources' in environment.json, got 321",
    ],
  ])("%j", (release, line) => {
    expect(lines(release)).toContain(line);
  });

  test.each(["eusc-de-east-1", "us-gov-west-1", "cn-northwest-1"])(
    "no region of a partition, as %s",
    (region) => {
      expect(problemsOf(shop({}, { "releases/dev/environment.json": { region } }))).toEqual([]);
    },
  );

  test("what depends on a faulty environment is not judged", () => {
    const files = { "releases/dev/environment.json": { region: "nowhere" } };
    expect(problemsOf(shop({ settings: { layers: [layer("eu-central-1", 1)] } }, files))).toEqual([
      expect.stringMatching(/^releases\/dev\/environment.json:2:13 'region' must be an AWS region/),
    ]);
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
