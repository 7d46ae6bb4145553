import { fingerprint } from "../../src/release/definition/fingerprint";
import { openApiDocument } from "../../src/release/definition/openapi";
import { definitionIn, problemsIn, withGet } from "../support/openapi";
import { problemsOf, shop } from "../support/project";
import { fingerprintOf } from "../support/shop";

const streamed = (fields: object = {}) => ({ routes: [{ path: "/", stream: true, ...fields }] });
const python = { settings: { runtime: "python3.12" } };
const pythonFile = { "lambdas/shop/v1/shop.py": "def handler(event, context):\n    return {}\n" };

/** What is said of a shop whose versions have this API. @param isPython whether v1 is of Python */
function found(api: object, release: object = {}, isPython = false): string[] {
  const recorded = fingerprintOf(api);
  const versions = { v1: { fingerprint: recorded }, v2: { fingerprint: recorded } };
  const { "lambdas/shop/v1/shop.ts": node, ...files } = shop({ versions, api, ...release });
  const code = isPython ? pythonFile : { "lambdas/shop/v1/shop.ts": node as string };
  return problemsOf({ ...files, ...code }).map((line) => line.replace(/^\S+ /, ""));
}

const integrationOf = (document: object) => {
  const uri = (variable: string) =>
    `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${variable}/invocations`;
  const { paths } = openApiDocument(definitionIn(document), "shop", uri) as {
    paths: Record<string, { get: Record<string, unknown> }>;
  };
  return paths["/offers"]?.get["x-amazon-apigateway-integration"];
};
const withIntegration = (fields: object) => withGet({ "x-amazon-apigateway-integration": fields });

test("a document's own mode is kept, with the address that streams and up to 15 minutes", () => {
  expect(
    integrationOf(withIntegration({ responseTransferMode: "STREAM", timeoutInMillis: 900_000 })),
  ).toEqual({
    type: "aws_proxy",
    httpMethod: "POST",
    uri: "arn:aws:apigateway:eu-central-1:lambda:path/2021-11-15/functions/shopFunction/response-streaming-invocations",
    passthroughBehavior: "when_no_match",
    timeoutInMillis: 900_000,
    responseTransferMode: "STREAM",
  });
  const buffered = definitionIn(withIntegration({ responseTransferMode: "BUFFERED" }));
  expect(fingerprint(buffered)).toBe(fingerprint(definitionIn(withIntegration({}))));
  const proxy = {
    type: "http_proxy",
    httpMethod: "GET",
    uri: "https://x.example",
    responseTransferMode: "STREAM",
  };
  expect(integrationOf(withIntegration({ ...proxy, timeoutInMillis: 60_000 }))).toMatchObject(proxy);
});

const inIntegration = "'paths./offers.get.x-amazon-apigateway-integration";
test.each([
  [{ responseTransferMode: "stream" }, `responseTransferMode' must be BUFFERED or STREAM, got "stream"`],
  [
    { type: "mock", responseTransferMode: "STREAM" },
    `responseTransferMode' must be BUFFERED: API Gateway streams answers of aws_proxy and http_proxy alone, got "STREAM"`,
  ],
  [
    { responseTransferMode: "STREAM", timeoutInMillis: 900_001 },
    "timeoutInMillis' must be a whole number of milliseconds between 50 and 900000, got 900001",
  ],
])("a document with %j is refused", (fields, message) => {
  expect(problemsIn(withIntegration(fields))).toEqual([
    expect.stringContaining(`${inIntegration}.${message}`),
  ]);
});

test("a route that streams has a fingerprint of its own, and one that says no has not", () => {
  expect(fingerprintOf(streamed())).not.toBe(fingerprintOf({ routes: [{ path: "/" }] }));
  expect(fingerprintOf(streamed({ stream: false }))).toBe(fingerprintOf({ routes: [{ path: "/" }] }));
});

test("a route that streams may take 15 minutes whatever the quota is, and another may not", () => {
  expect(found(streamed({ timeoutSeconds: 900 }))).toEqual([]);
  expect(found(streamed({ timeoutSeconds: 900, stream: false }))).toEqual([
    expect.stringContaining("'api.routes[0].timeoutSeconds' must be a number between 0.05 and 29"),
  ]);
});

describe("a function of a runtime that cannot stream", () => {
  const recorded = { v1: { fingerprint: fingerprintOf(streamed()) } };

  test("is refused in one line", () => {
    expect(found(streamed(), { versions: recorded, ...python }, true)).toEqual([
      "'api.routes[0].stream' must not be given for a function that cannot stream: Lambda streams answers of Node.js, of provided.al2023, and of the Lambda Web Adapter by AWS_LAMBDA_EXEC_WRAPPER, got \"shop with python3.12\"",
    ]);
  });

  test("is none with the Lambda Web Adapter, nor where the version has another definition", () => {
    const environment = { AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap" };
    const adapted = { settings: { ...python.settings, environment } };
    expect(found(streamed(), { versions: recorded, ...adapted }, true)).toEqual([]);
    const versions = {
      v1: { fingerprint: fingerprintOf({ routes: [{ path: "/" }] }), ...python },
      v2: { fingerprint: fingerprintOf(streamed()) },
    };
    expect(found(streamed(), { versions }, true)).toEqual([]);
  });
});
