import { enhancedPolicies } from "../../../src/release/schema/security-policy";
import { type Files, handler, problemsOf, shop } from "../../support/project";

const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1a";
const made = { name: "api.example.com", certificateArn };
const there = { name: "api.example.com", existing: true };

const project = (domain: object | undefined, stage: object = {}, files: Files = {}) =>
  shop({ stage }, { "releases/dev/environment.json": { region: "eu-central-1", domain }, ...files });
/** The problems without the place in the file. */
const told = (files: Files) => problemsOf(files).map((line) => line.replace(/^(\S+?)(:\d+:\d+)? /, "$1 "));

describe("a domain", () => {
  test.each([
    made,
    { ...made, securityPolicy: "TLS_1_0", record: { hostedZoneId: "Z0123456789ABCDEFGHIJ" } },
    ...enhancedPolicies.map((securityPolicy) => ({ ...made, securityPolicy, endpointAccessMode: "STRICT" })),
    { ...made, routingRules: true },
    there,
    { ...there, routingRules: true },
  ])("%j is taken", (domain) => {
    expect(told(project(domain, { basePath: "shop" }))).toEqual([]);
  });

  const environmentFile = "releases/dev/environment.json";
  const enhanced = enhancedPolicies.map((name) => `"${name}"`).join(", ");
  test.each([
    [
      { name: "api.example.com" },
      `${environmentFile} 'domain' must have 'certificateArn', or 'existing': true for a domain that already exists`,
    ],
    [
      { ...made, name: "*.Example.com" },
      `${environmentFile} 'domain.name' must be a domain name such as api.example.com, in lower case and without a wildcard, got "*.Example.com"`,
    ],
    [
      { ...made, certificateArn: certificateArn.replace("eu-central-1", "us-east-1") },
      `${environmentFile} 'domain.certificateArn' must be a certificate in the environment's region, eu-central-1, got "us-east-1"`,
    ],
    [
      { ...there, record: { hostedZoneId: "Z1" } },
      `${environmentFile} 'domain.record' must not be given with 'existing': no stack changes a domain that already exists`,
    ],
    [
      { ...made, securityPolicy: "TLS_1_3" },
      `${environmentFile} 'domain.securityPolicy' must be one of "TLS_1_2", "TLS_1_0", ${enhanced}, got "TLS_1_3"`,
    ],
    [
      { ...made, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" },
      `${environmentFile} 'domain.endpointAccessMode' must be "BASIC" or "STRICT" with SecurityPolicy_TLS13_1_3_2025_09`,
    ],
    [
      { ...made, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "LOOSE" },
      `${environmentFile} 'domain.endpointAccessMode' must be one of "BASIC", "STRICT", got "LOOSE"`,
    ],
    [
      { ...made, endpointAccessMode: "STRICT" },
      `${environmentFile} 'domain.endpointAccessMode' must not be given without a 'domain.securityPolicy' that has TLS 1.3, got "STRICT"`,
    ],
    [
      { ...there, endpointAccessMode: "BASIC" },
      `${environmentFile} 'domain.endpointAccessMode' must not be given with 'existing': no stack changes a domain that already exists`,
    ],
    [
      { ...made, record: { hostedZoneId: "example.com" } },
      `${environmentFile} 'domain.record.hostedZoneId' must be the id of a Route 53 hosted zone, such as Z0123456789ABCDEFGHIJ, got "example.com"`,
    ],
  ])("%j is refused", (domain, line) => {
    expect(told(project(domain))).toEqual([line]);
  });

  test("is made by one environment of a region", () => {
    const second = (domain: object, region = "eu-central-1") => ({
      "releases/prod/environment.json": { region, domain },
      "releases/prod/shop.json": { strategy: "canary-stage", versions: ["v1"], stable: "v1" },
    });
    expect(told(project(made, {}, second(made)))).toEqual([
      `releases/prod/environment.json 'domain.name' must be another name, or have 'existing': true: dev already creates this domain in eu-central-1, got "api.example.com"`,
    ]);
    expect(told(project(made, {}, second(there)))).toEqual([]);
    const elsewhere = { ...made, certificateArn: certificateArn.replace("eu-central-1", "eu-west-1") };
    expect(told(project(made, {}, second(elsewhere, "eu-west-1")))).toEqual([]);
  });
});

describe("a base path", () => {
  const file = "releases/dev/shop.json";

  test.each([
    [
      undefined,
      "shop",
      `${file} 'stage.basePath' must not be given without 'domain' in releases/dev/environment.json, got "shop"`,
    ],
    [
      there,
      "shop/v1",
      `${file} 'stage.basePath' must be a base path such as "shop": letters, digits, hyphens, underscores and dots, 128 at most, or "/" for the whole domain, got "shop/v1"`,
    ],
  ])("of %j, %s, is refused", (domain, basePath, line) => {
    expect(told(project(domain, { basePath }))).toEqual([line]);
  });

  const second = (basePath: string, folder = "dev") => ({
    [`releases/${folder}/zoo.json`]: {
      strategy: "canary-stage",
      versions: ["v1"],
      stable: "v1",
      stage: { basePath },
    },
    "lambdas/zoo/v1/zoo.ts": handler("v1"),
  });

  test("leads to one service, also where two environments share the domain", () => {
    const problem = (folder: string) =>
      `releases/${folder}/zoo.json 'stage.basePath' must differ from the base path of ${file}, which api.example.com maps to its own stage, got "shop"`;
    expect(told(project(there, { basePath: "shop" }, second("shop")))).toEqual([problem("dev")]);
    const shared = {
      ...second("shop", "prod"),
      "releases/prod/environment.json": { region: "eu-central-1", domain: there },
    };
    expect(told(project(made, { basePath: "shop" }, shared))).toEqual([problem("prod")]);
  });

  test("is another one for each service, and one service may have the rest of the domain", () => {
    expect(told(project(there, { basePath: "shop" }, second("zoo")))).toEqual([]);
    expect(told(project(there, { basePath: "/" }, second("zoo")))).toEqual([]);
  });

  test("is needed to adopt a mapping", () => {
    const files = {
      "releases/dev/shop.json": {
        strategy: "canary-stage",
        versions: ["v1"],
        stable: "v1",
        adopt: { basePath: true },
      },
    };
    expect(told(project(there, {}, files))).toEqual([
      `${file} 'adopt.basePath' must not be given without 'stage.basePath', whose mapping is adopted`,
    ]);
  });

  test("is nothing that containers have", () => {
    const files = {
      "releases/dev/shop.json": {
        strategy: "ecs-blue-green",
        versions: { v1: { container: { image: `example.com/shop@sha256:${"1".repeat(64)}` } } },
        stable: "v1",
        stage: { basePath: "shop" },
      },
    };
    expect(told(project(there, {}, files))).toEqual([
      expect.stringMatching(/^releases\/dev\/shop.json 'stage' must not be given with ecs-blue-green: /),
    ]);
  });
});
