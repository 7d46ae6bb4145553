import { enhancedPolicies } from "../../src/release/schema/security-policy";
import { problemsOf, shop } from "../support/project";

const told = (api: object) =>
  problemsOf(shop({}, { "releases/dev/environment.json": { region: "eu-central-1", api } })).map((line) =>
    line.replace(/^releases\/dev\/environment\.json(:\d+:\d+)? /, ""),
  );

test.each<[object]>([
  [{ securityPolicy: "TLS_1_0" }],
  ...enhancedPolicies.map((securityPolicy): [object] => [{ securityPolicy, endpointAccessMode: "STRICT" }]),
])("%j is taken", (api) => {
  expect(told(api)).toEqual([]);
});

const enhanced = enhancedPolicies.map((name) => `"${name}"`).join(", ");

test.each([
  [
    { securityPolicy: "TLS_1_2" },
    `'api.securityPolicy' must be one of "TLS_1_0", ${enhanced}, got "TLS_1_2"`,
  ],
  [{}, `'api.securityPolicy' must be given: one of "TLS_1_0", ${enhanced}`],
  [
    { securityPolicy: "SecurityPolicy_TLS13_1_2_2021_06" },
    `'api.endpointAccessMode' must be "BASIC" or "STRICT" with SecurityPolicy_TLS13_1_2_2021_06`,
  ],
  [
    { securityPolicy: "TLS_1_0", endpointAccessMode: "BASIC" },
    "'api.endpointAccessMode' must not be given without a 'api.securityPolicy' that has TLS 1.3, got \"BASIC\"",
  ],
  [
    { securityPolicy: "SecurityPolicy_TLS13_1_2_2021_06", endpointAccessMode: "LOOSE" },
    `'api.endpointAccessMode' must be one of "BASIC", "STRICT", got "LOOSE"`,
  ],
])("%j is refused", (api, problem) => {
  expect(told(api)).toEqual([problem]);
});

test("an OpenAPI document says where to set it", () => {
  const document = {
    openapi: "3.0.3",
    info: { title: "Shop", version: "1" },
    paths: { "/": { get: { responses: {} } } },
    "x-amazon-apigateway-security-policy": "SecurityPolicy_TLS13_1_3_2025_09",
    "x-amazon-apigateway-endpoint-access-mode": "BASIC",
  };
  const files = shop(
    { api: { openapi: "lambdas/shop/openapi.json" } },
    { "lambdas/shop/openapi.json": document },
  );
  expect(problemsOf(files)).toEqual([
    expect.stringContaining("must not be given: set 'api.securityPolicy' in environment.json"),
    expect.stringContaining("must not be given: set 'api.endpointAccessMode' in environment.json"),
  ]);
});
