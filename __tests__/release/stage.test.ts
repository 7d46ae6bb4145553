import { problemsOf, shop } from "../support/project";
import { fingerprintOf } from "../support/shop";

const file = "releases/dev/shop.json";
const told = (release: object, environment: object = {}) =>
  problemsOf(
    shop(release, { "releases/dev/environment.json": { region: "eu-central-1", ...environment } }),
  ).map((line) => line.replace(/^(\S+?)(:\d+:\d+)? /, "$1 "));
const webAcl = (region: string, scope = "regional") =>
  `arn:aws:wafv2:${region}:111122223333:${scope}/webacl/shop/12345678-1234-1234-1234-123456789012`;
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, "x"]));

test.each([
  [{ variables: { LOG_LEVEL: "debug", upstream: "https://example.com/a?b=c&d=e,f" } }],
  [{ variables: many(99) }],
  [{ webAclArn: webAcl("eu-central-1"), clientCertificateId: "a1b2c3" }],
  [{ routeThrottling: { "GET /": { rateLimit: 5, burstLimit: 9 } } }],
])("the stage takes %#", (stage) => {
  expect(told({ stage })).toEqual([]);
});

test.each([
  [
    { variables: { shopFunction: "x" } },
    `${file} 'stage.variables.shopFunction' must not be 'alias' or end with 'Function': those variables name what answers, got "shopFunction"`,
  ],
  [
    { variables: { alias: "live" } },
    `${file} 'stage.variables.alias' must not be 'alias' or end with 'Function': those variables name what answers, got "alias"`,
  ],
  [
    { variables: { "log-level": "x" } },
    `${file} 'stage.variables.log-level' must be the name of a stage variable: 64 letters, digits and underscores at most, got "log-level"`,
  ],
  [
    { variables: { level: "a b" } },
    `${file} 'stage.variables.level' must be the value of a stage variable: 1 to 512 letters, digits and -._~:/?#&=,, got "a b"`,
  ],
  [
    { variables: { level: "" } },
    `${file} 'stage.variables.level' must be the value of a stage variable: 1 to 512 letters, digits and -._~:/?#&=,, got ""`,
  ],
  [
    { variables: many(100) },
    `${file} 'stage.variables' must be at most 99, because a stage has 100 variables and 1 of them name what answers, got 100`,
  ],
  [
    { webAclArn: webAcl("us-east-1") },
    `${file} 'stage.webAclArn' must be a web ACL in the stage's region, eu-central-1, got "us-east-1"`,
  ],
  [
    { webAclArn: webAcl("us-east-1", "global") },
    expect.stringContaining(
      `${file} 'stage.webAclArn' must be the ARN of a regional web ACL of AWS WAF, got`,
    ),
  ],
  [
    { clientCertificateId: "arn:aws:apigateway" },
    `${file} 'stage.clientCertificateId' must be the id of a client certificate of API Gateway's, such as a1b2c3, got "arn:aws:apigateway"`,
  ],
  [
    { routeThrottling: { "POST /orders": { rateLimit: 5, burstLimit: 9 } } },
    `${file} 'stage.routeThrottling.POST /orders' must be a route of the API that names its method (GET /), got "POST /orders"`,
  ],
])("the stage refuses %#", (stage, line) => {
  expect(told({ stage })).toEqual([line]);
});

describe("a route waits above 29 seconds", () => {
  const api = { routes: [{ path: "/", timeoutSeconds: 60 }] };
  const release = { api, versions: { v1: { fingerprint: fingerprintOf(api) } } };

  test("where the environment says that AWS raised the quota so far", () => {
    expect(told(release, { quotas: { integrationTimeoutMs: 60_000 } })).toEqual([]);
    expect(told(release, { quotas: { integrationTimeoutMs: 59_000 } })).toEqual([
      `${file} 'api.routes[0].timeoutSeconds' must be a number between 0.05 and 59 seconds; if AWS raised this quota, set 'quotas.integrationTimeoutMs' in environment.json, got 60`,
    ]);
    expect(told(release)).toHaveLength(1);
  });
});
