/**
 * What API Gateway does with a function's answer, as it was recorded at AWS or is written in its guide. Each
 * row names its source:
 *
 * - `common`, `lambda`, `integrations`: tests/aws/services/apigateway/test_apigateway_<name>.py with its snapshot, in
 *   https://github.com/localstack/localstack; all of them were validated against AWS
 * - `notes`: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 * - `guide`: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * - `responses`: headers of answers of AWS that people have published
 */
import { Agent } from "node:http";
import { type Sent, serving } from "../support/raw-requests";

/** Sends an answer to a function, which gives it. */
function reflecting(binaryMediaTypes: readonly string[] = []) {
  // A request of a binary type reaches the function as base64.
  const code = `export const handler = async ({ body, isBase64Encoded }: any) =>
    JSON.parse(isBase64Encoded ? Buffer.from(body, "base64").toString() : body);\n`;
  const post = serving({ routes: [{ method: "POST", path: "/" }], binaryMediaTypes }, code);
  return (answer: unknown, sent: Sent = {}) =>
    post("/dev/", { method: "POST", body: Buffer.from(JSON.stringify(answer)), ...sent });
}

describe("base64", () => {
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/wIAAgkBAyMAlYwAAAAASUVORK5CYII=";
  const reflected = {
    "no types": reflecting(),
    "some types": reflecting(["image/png", "image/jpg", "application/*", "*/test"]),
    "all types": reflecting(["*/*"]),
  };

  // lambda: test_aws_proxy_binary_response
  test.each<[string | undefined, keyof typeof reflected, string | undefined, boolean, "bytes" | "base64"]>([
    ["image/png", "no types", "image/png", true, "base64"],
    ["image/png", "some types", "image/png", true, "bytes"],
    ["image/webp", "some types", "image/png", true, "base64"],
    ["image/*", "some types", "image/png", true, "base64"],
    ["*/test", "some types", "image/png", true, "base64"],
    ["random/test", "some types", "image/png", true, "base64"],
    ["*/*", "some types", "image/png", true, "base64"],
    ["image/webp,image/png,*/*;q=0.8", "some types", "image/png", true, "base64"],
    ["image/png,image/*,*/*;q=0.8", "some types", "image/png", true, "bytes"],
    ["image/png", "some types", "image/png", false, "base64"],
    ["application/whatever", "some types", "application/test", true, "bytes"],
    ["application/*", "some types", "application/test", true, "bytes"],
    ["image/jpg", "some types", "image/png", true, "bytes"],
    ["image/png", "some types", "application/whatever", true, "bytes"],
    ["image/png", "some types", undefined, true, "bytes"],
    ["application", "some types", undefined, true, "base64"],
    [undefined, "some types", undefined, true, "base64"],
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
    ["text/html", "all types", "image/png", true, "bytes"],
  ])(
    "for Accept %s, where %s are binary, %s with %j is sent as %s",
    async (accept, types, type, isEncoded, as) => {
      const headers = accept === undefined ? [] : ["Accept", accept];
      const answer = { body: png, isBase64Encoded: isEncoded, headers: type && { "Content-Type": type } };
      const response = await reflected[types](answer, { headers });
      expect([response.status, response.body.toString("base64")]).toEqual([
        200,
        as === "bytes" ? png : Buffer.from(png).toString("base64"),
      ]);
    },
  );

  test.each([
    // lambda: test_aws_proxy_binary_response, bad base64
    ["image/png", 500],
    ["text/plain", 200],
  ])("that is none is for Accept %s a %d", async (accept, status) => {
    const answer = { body: "èé+à)(", isBase64Encoded: true };
    const response = await reflected["some types"](answer, { headers: ["Accept", accept] });
    expect(response.status).toBe(status);
    expect(response.headers["x-amzn-errortype"]).toBe(
      status === 500 ? "InternalServerErrorException" : undefined,
    );
  });
});

describe("a function's answer", () => {
  const answered = reflecting();

  test.each<[unknown, number, object]>([
    // lambda: test_aws_proxy_response_payload_format_validation
    [{ statusCode: 200 }, 200, { "content-type": "application/json" }],
    [
      { statusCode: 200, headers: { "test-header": "value", "header-bool": true } },
      200,
      { "header-bool": "true" },
    ],
    [{ statusCode: 200, headers: null }, 200, {}],
    [
      { statusCode: 200, multiValueHeaders: { "test-multi": ["value1", "value2"] } },
      200,
      { "test-multi": "value1, value2" },
    ],
    [{ statusCode: "201" }, 201, {}],
    [{ headers: { "test-header": "value" } }, 200, { "test-header": "value" }],
    [{ statusCode: 200, wrongValue: "value" }, 502, {}],
    [{ statusCode: 200, multiValueHeaders: { "test-multi-invalid": "value1" } }, 502, {}],
    [{ statusCode: "test" }, 502, {}],
    ["justAString", 502, {}],
    // responses: an object as the body
    [{ statusCode: 200, body: { akash: "adityasingh" } }, 502, {}],
  ])("%j is a %d", async (answer, status, headers) => {
    const response = await answered(answer);
    expect(response).toMatchObject({ status, headers });
    if (status !== 502) return;
    // responses: 36 bytes, with a space
    expect(String(response.body)).toBe('{"message": "Internal server error"}');
    expect(response.headers["x-amzn-errortype"]).toBe("InternalServerErrorException");
  });

  test.each([
    // notes
    ["Authorization", "remapped"],
    ["Connection", "remapped"],
    ["Content-MD5", "remapped"],
    ["Date", "remapped"],
    ["Expect", "dropped"],
    ["Host", "dropped"],
    ["Max-Forwards", "remapped"],
    ["Proxy-Authenticate", "dropped"],
    ["Server", "remapped"],
    ["TE", "dropped"],
    ["Transfer-Encoding", "dropped"],
    ["Trailer", "dropped"],
    ["Upgrade", "dropped"],
    ["User-Agent", "remapped"],
    ["Via", "dropped"],
    ["WWW-Authenticate", "remapped"],
    // responses: x-amzn-remapped-content-length beside Express's own headers
    ["Content-Length", "remapped"],
    // notes
    ["Age", "sent"],
    ["Accept", "sent"],
    ["Content-Encoding", "sent"],
    ["Pragma", "sent"],
    ["Range", "sent"],
    ["Referer", "sent"],
    ["Warn", "sent"],
  ])("its header %s is %s", async (name, fate) => {
    const { status, headers, body } = await answered({ headers: { [name]: "of-function" }, body: "whole" });
    expect([status, String(body)]).toEqual([200, "whole"]);
    const lower = name.toLowerCase();
    expect(headers[`x-amzn-remapped-${lower}`]).toBe(fate === "remapped" ? "of-function" : undefined);
    if (fate === "sent") expect(headers[lower]).toBe("of-function");
    else expect(headers[lower]).not.toBe("of-function");
  });

  test("has both values of a name that stands in both maps, and once what both say", async () => {
    // guide: the output format
    const { headers } = await answered({
      headers: { "X-A": "one", "Set-Cookie": "a=1" },
      multiValueHeaders: { "x-a": ["two", "two"], "set-cookie": ["a=1", "b=2"] },
    });
    expect(headers["x-a"]?.toString().split(", ").sort()).toEqual(["one", "two", "two"]);
    expect([...(headers["set-cookie"] ?? [])].sort()).toEqual(["a=1", "b=2"]);
  });
});

describe("a function that takes too long", () => {
  const code = "export const handler = () => new Promise((resolve) => setTimeout(resolve, 2000));\n";
  const get = serving({ routes: [{ path: "/", timeoutSeconds: 0.2 }] }, code);

  test("is a 504 that names the trace", async () => {
    // responses
    const { status, headers, body } = await get("/dev/");
    expect([status, String(body)]).toEqual([504, '{"message": "Endpoint request timed out"}']);
    expect(headers).toMatchObject({
      "x-amzn-errortype": "InternalServerErrorException",
      "x-amzn-trace-id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
  });
});

describe("a request that is too large", () => {
  const echo = "export const handler = async () => ({});\n";
  const post = serving({ routes: [{ method: "POST", path: "/" }], cors: { allowOrigin: "*" } }, echo);

  test("is answered without the headers of gateway responses", async () => {
    // notes
    const { status, headers } = await post("/dev/", {
      method: "POST",
      body: "x".repeat(10 * 1024 * 1024 + 1),
    });
    expect(status).toBe(413);
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });
});

describe("whatever a function says of the connection", () => {
  const answered = reflecting();

  test.each<[Record<string, unknown>, number, string]>([
    [{ headers: { trailer: "x-sum" }, body: "whole" }, 200, "whole"],
    [{ headers: { "transfer-encoding": "chunked" }, body: "whole" }, 200, "whole"],
    [{ headers: { "content-length": "1" }, body: "whole" }, 200, "whole"],
    [{ headers: { "content-length": "1000" }, body: "whole" }, 200, "whole"],
    [{ headers: { connection: "upgrade", upgrade: "websocket" }, body: "whole" }, 200, "whole"],
    [{ headers: { connection: "close" }, body: "whole" }, 200, "whole"],
    [{ headers: { "keep-alive": "timeout=0" }, body: "whole" }, 200, "whole"],
    [{ headers: { expect: "100-continue", te: "trailers" }, body: "whole" }, 200, "whole"],
    [
      { multiValueHeaders: { "content-length": ["1", "2"], trailer: ["a", "b"] }, body: "whole" },
      200,
      "whole",
    ],
    [{ multiValueHeaders: { "x-none": [] }, body: "whole" }, 200, "whole"],
    [{ statusCode: 204, body: "none" }, 204, ""],
    [{ statusCode: 304, body: "none" }, 304, ""],
  ])("%j arrives, and the connection serves the next request", async (answer, status, body) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      for (const _ of ["first", "next"]) {
        const response = await answered(answer, { agent });
        expect([response.status, String(response.body)]).toEqual([status, body]);
      }
    } finally {
      agent.destroy();
    }
  });
});
