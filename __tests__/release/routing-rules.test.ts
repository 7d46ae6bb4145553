import { readReleases } from "../../src/release/files/file";
import { formatProblem } from "../../src/release/problem";
import { filesInMemory } from "../support/files-in-memory";
import { type Files, handler, problemsOf, shop } from "../support/project";

const there = { name: "api.example.com", existing: true, routingRules: true };
const header = { name: "x-preview", value: "v2" };
const preview = { version: "v2", sources: ["203.0.113.0/24"] };

const project = (release: object, domain: object | undefined = there, files: Files = {}) =>
  shop(
    { stage: { basePath: "shop" }, ...release },
    { "releases/dev/environment.json": { region: "eu-central-1", domain }, ...files },
  );
/** The problems without the place in the file. */
const told = (files: Files) => problemsOf(files).map((line) => line.replace(/^(\S+?)(:\d+:\d+)? /, "$1 "));
const of = (given: object, domain?: object) =>
  told(project({ preview: { ...preview, header: { ...header, ...given } } }, domain)).map((line) =>
    line.replace("releases/dev/shop.json ", ""),
  );

test.each([
  {},
  { value: "v2*" },
  { value: "*v2" },
  { value: `*${"x".repeat(37)}*` },
  { name: "x".repeat(39), value: "x".repeat(127), priority: 1_000_000 },
  { name: "X-Via" },
])("a header with %j is taken", (given) => {
  expect(of(given)).toEqual([]);
});

const allowedName =
  "'preview.header.name' must be the name of a header, such as x-preview: 39 letters, digits and -._ at most";
const allowedValue =
  "'preview.header.value' must be the value of a header: 127 letters, digits and -._~ at most, with * for any characters at either end alone";
const taken =
  "'preview.header.name' must be a header that API Gateway takes in a routing rule, such as x-preview";

test.each([
  [{ name: "x-*" }, `${allowedName}, got "x-*"`],
  [{ name: "x".repeat(40) }, `${allowedName}, got "${"x".repeat(40)}"`],
  [{ name: "Authorization" }, `${taken}, got "Authorization"`],
  [{ name: "X-Amzn-Trace-Id" }, `${taken}, got "X-Amzn-Trace-Id"`],
  [{ value: "v*2" }, `${allowedValue}, got "v*2"`],
  [{ value: "*" }, `${allowedValue}, got "*"`],
  [{ value: "x".repeat(128) }, `${allowedValue}, got "${"x".repeat(76)}...`],
  [
    { value: `*${"x".repeat(38)}*` },
    `'preview.header.value' must be 39 characters at most with * at both ends, got "*${"x".repeat(38)}*"`,
  ],
  [
    { priority: 1_000_001 },
    "'preview.header.priority' must be a whole number between 1 and 1000000, got 1000001",
  ],
])("a header with %j is refused", (given, line) => {
  expect(of(given)).toEqual([line]);
});

test.each([
  [
    undefined,
    "shop",
    "'preview.header' must not be given without 'domain' in releases/dev/environment.json",
    "'stage.basePath' must not be given without 'domain' in releases/dev/environment.json, got \"shop\"",
  ],
  [
    { ...there, routingRules: false },
    "shop",
    "'preview.header' must not be given without 'domain.routingRules': true in releases/dev/environment.json",
  ],
  [
    there,
    undefined,
    "'preview.header' must not be given without 'stage.basePath', where requests have the header",
  ],
  [
    there,
    "/",
    "'preview.header' must not be given with 'stage.basePath' \"/\": give the service its own base path",
  ],
  [
    there,
    "x".repeat(128),
    `'stage.basePath' must be 127 characters at most with 'preview.header', which a routing rule finds by it, got "${"x".repeat(76)}...`,
  ],
])("a header on the domain %j at %s is refused", (domain, basePath, ...lines) => {
  const files = {
    ...project({ preview: { ...preview, header }, stage: { basePath } }),
    "releases/dev/environment.json": { region: "eu-central-1", domain },
  };
  const problems = told(files);
  expect(problems).toEqual(expect.arrayContaining(lines.map((line) => `releases/dev/shop.json ${line}`)));
  expect(problems).toHaveLength(lines.length);
});

test("blue is called by a header too", () => {
  const release = (fields: object) => ({
    ...project({
      strategy: "blue-green-stage",
      versions: [1, 2],
      stable: 1,
      blue: { version: 2, sources: preview.sources, header },
      ...fields,
    }),
    "lambdas/shop/shop.ts": handler("1"),
  });
  expect(told(release({}))).toEqual([]);
  expect(told(release({ stage: {} }))).toEqual([
    "releases/dev/shop.json 'blue.header' must not be given without 'stage.basePath', where requests have the header",
  ]);
});

describe("a priority", () => {
  const zoo = (priority: number | undefined, folder = "dev") => ({
    [`releases/${folder}/zoo.json`]: {
      strategy: "canary-stage",
      versions: ["v1", "v2"],
      stable: "v1",
      stage: { basePath: "zoo" },
      preview: { ...preview, header: { ...header, priority } },
    },
    "lambdas/zoo/v1/zoo.ts": handler("v1"),
    "lambdas/zoo/v2/zoo.ts": handler("v2"),
  });
  const withPriority = (priority: number | undefined, files: Files) =>
    told(project({ preview: { ...preview, header: { ...header, priority } } }, there, files));

  test("is another one for each service of a domain, also where two environments share it", () => {
    const line = (folder: string) =>
      `releases/${folder}/zoo.json 'preview.header.priority' must differ from the priority of releases/dev/shop.json: each routing rule of api.example.com has another one, got 5`;
    expect(withPriority(5, zoo(5))).toEqual([line("dev")]);
    expect(withPriority(5, zoo(6))).toEqual([]);
    expect(withPriority(undefined, zoo(undefined))).toEqual([]);
    const prod = { "releases/prod/environment.json": { region: "eu-central-1", domain: there } };
    expect(withPriority(5, { ...zoo(5, "prod"), ...prod })).toEqual([line("prod")]);
  });

  test("of another domain or region may be the same", () => {
    const elsewhere = { region: "eu-central-1", domain: { ...there, name: "zoo.example.com" } };
    const files = { ...zoo(5, "prod"), "releases/prod/environment.json": elsewhere };
    expect(withPriority(5, files)).toEqual([]);
    const far = { ...elsewhere, region: "eu-west-1", domain: there };
    expect(withPriority(5, { ...files, "releases/prod/environment.json": far })).toEqual([]);
  });
});

describe("the AWS provider", () => {
  const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1a";
  const tls13 = {
    name: "api.example.com",
    certificateArn,
    securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
    endpointAccessMode: "BASIC",
  };
  const way = "no package of CDKTF has AWS provider";
  const problems = (domain: object, version: string) => {
    const provider = { version, from: "@cdktf/provider-aws 21.22.1" };
    return readReleases(filesInMemory(project({}, domain)), { now: new Date("2026-11-28"), provider })
      .problems.map(formatProblem)
      .map((line) => line.replace(/^\S+ /, ""));
  };

  test.each([
    [
      there,
      "6.25.0",
      `'domain.routingRules' must be what AWS provider 6.25.0 (@cdktf/provider-aws 21.22.1) takes, and this needs 6.29.0: ${way} 6.29.0, which takes it: move to CDK Terrain, see docs/moving-to-cdktn.md, got true`,
    ],
    [
      tls13,
      "6.27.0",
      `'domain.securityPolicy' must be what AWS provider 6.27.0 (@cdktf/provider-aws 21.22.1) takes, and this needs 6.28.0: ${way} 6.28.0, which takes it: move to CDK Terrain, see docs/moving-to-cdktn.md, got "SecurityPolicy_TLS13_1_3_2025_09"`,
    ],
  ])("of an older version refuses %j", (domain, version, line) => {
    expect(problems(domain, version)).toEqual([line]);
  });

  test.each([
    [there, "6.29.0"],
    [tls13, "6.28.0"],
    [{ ...there, routingRules: false }, "5.100.0"],
    [{ ...tls13, securityPolicy: "TLS_1_2", endpointAccessMode: undefined }, "5.100.0"],
  ])("takes %j from %s on", (domain, version) => {
    expect(problems(domain, version)).toEqual([]);
  });
});
