import { RehearsedShop } from "../support/rehearse";
import { fingerprintOf, shop } from "../support/shop";

/** Answers what the token says, and counts how often it was asked. */
const guard = (version: string) => `let asked = 0;
export const handler = async (event: any) => {
  asked += 1;
  console.log(JSON.stringify(event));
  const token = event.authorizationToken ?? event.headers["x-token"] ?? event.queryStringParameters.token;
  if (token === "unauthorized") throw new Error("Unauthorized");
  if (token === "error") throw new Error("no database");
  if (token === "broken") return { principalId: "ann" };
  if (token === "nobody") return { policyDocument: { Version: "2012-10-17", Statement: [] } };
  if (token === "nested") return policy("Allow", event.methodArn, { roles: ["admin"] });
  if (token === "unknown") return policy("Allow", event.methodArn, {}, { NotAction: "a" });
  if (token === "users") return policy("Allow", "arn:aws:execute-api:*:*:*/dev/GET/users/*");
  if (token === "deny") return policy("Deny", event.methodArn);
  if (token === "elsewhere") return policy("Allow", event.methodArn + "/elsewhere");
  return policy("Allow", event.methodArn, { version: "${version}", asked, isAdmin: true });
};
function policy(Effect: string, Resource: string, context = {}, more = {}) {
  const Statement = [{ Action: "execute-api:Invoke", Effect, Resource, ...more }];
  return { principalId: "ann", policyDocument: { Version: "2012-10-17", Statement }, context };
}
`;
const echo =
  "export const handler = async (event: any) => ({ body: JSON.stringify(event.requestContext.authorizer ?? null) });\n";

const authorization = { authorizer: "callers" };
const routes = [
  { path: "/", function: "shop", authorization },
  { path: "/users/{id}", function: "shop", authorization },
  { path: "/open", function: "shop" },
];

/** A shop whose function `guard` decides who may call `shop`. */
function guarded(authorizer: object, release: object = {}, files: object = {}) {
  const api = { routes, authorizers: { callers: { function: "guard", ...authorizer } } };
  const fingerprint = fingerprintOf(api);
  return shop(
    {
      functions: ["shop", "guard"],
      versions: { v1: { fingerprint }, v2: { fingerprint } },
      api,
      ...release,
    },
    Object.fromEntries([
      ...["v1", "v2"].flatMap((version) => [
        [`lambdas/shop/${version}/shop.ts`, echo],
        [`lambdas/shop/${version}/guard.ts`, guard(version)],
      ]),
      ...Object.entries(files),
    ]),
  );
}

const withToken = (token: string) => ({ headers: { authorization: token } });

async function answer(rehearsed: RehearsedShop, path: string, options?: RequestInit) {
  const response = await rehearsed.fetch(path, options);
  return [response.status, response.headers.get("x-amzn-errortype"), await response.json()];
}

const askedOf = (rehearsed: RehearsedShop) =>
  rehearsed.logs
    .filter((line) => line.startsWith("shop-dev-guard-v"))
    .map((line) => JSON.parse(line.slice(line.indexOf(": ") + 2)));

describe("an authorizer of the type TOKEN", () => {
  test("gets the token and the ARN of the request, and its context reaches the handler as text", async () => {
    const rehearsed = await RehearsedShop.of(guarded({ type: "TOKEN" }));
    const [status, , authorizer] = await answer(rehearsed, "/dev/users/7?full=true", withToken("allow"));
    expect([status, authorizer]).toEqual([
      200,
      {
        principalId: "ann",
        version: "v1",
        asked: "1",
        isAdmin: "true",
        integrationLatency: expect.any(Number),
      },
    ]);
    expect(askedOf(rehearsed)).toEqual([
      {
        type: "TOKEN",
        authorizationToken: "allow",
        methodArn: expect.stringMatching(
          /^arn:aws:execute-api:eu-central-1:123456789012:[a-z0-9]{10}\/dev\/GET\/users\/7$/,
        ),
      },
    ]);
  });

  const denied = "User is not authorized to access this resource";
  const misconfigured = "AuthorizerConfigurationException";
  test.each<[string, [number, string, object], string]>([
    [
      "unauthorized",
      [401, "UnauthorizedException", { message: "Unauthorized" }],
      'the authorizer callers: shop-dev-guard-v1 failed with "Unauthorized"',
    ],
    [
      "deny",
      [403, "AccessDeniedException", { Message: `${denied} with an explicit deny` }],
      "the authorizer callers denies arn:",
    ],
    [
      "elsewhere",
      [403, "AccessDeniedException", { Message: denied }],
      "the authorizer callers does not allow arn:",
    ],
    [
      "error",
      [500, misconfigured, { message: null }],
      "the authorizer callers: shop-dev-guard-v1: Error: no database",
    ],
    [
      "broken",
      [500, misconfigured, { message: null }],
      "the authorizer callers: shop-dev-guard-v1: the answer's policyDocument is undefined, not an object",
    ],
    [
      "nobody",
      [500, misconfigured, { message: null }],
      "the authorizer callers: shop-dev-guard-v1: the answer's principalId is undefined",
    ],
    [
      "nested",
      [500, misconfigured, { message: null }],
      'the authorizer callers: shop-dev-guard-v1: the answer\'s context.roles is ["admin"]: it must be',
    ],
    [
      "unknown",
      [500, "InternalServerErrorException", { message: "Internal server error" }],
      "the rehearsal failed: the rehearsal does not know the authorizer's policy's 'Statement.0.NotAction'",
    ],
  ])("that answers as for the token %s gives %j", async (token, expected, reason) => {
    const rehearsed = await RehearsedShop.of(guarded({ type: "TOKEN" }));
    expect(await answer(rehearsed, "/dev/", withToken(token))).toEqual(expected);
    expect(rehearsed.lastReason).toContain(reason);
  });

  test("is not asked without a token, or by one that does not match", async () => {
    const rehearsed = await RehearsedShop.of(
      guarded({ type: "TOKEN", identityValidation: "^(allow|deny)$" }),
    );
    const unauthorized = [401, "UnauthorizedException", { message: "Unauthorized" }];
    expect(await answer(rehearsed, "/dev/")).toEqual(unauthorized);
    expect(rehearsed.lastReason).toBe(
      "the authorizer callers: the request has no method.request.header.Authorization",
    );
    expect(await answer(rehearsed, "/dev/", withToken("allowed"))).toEqual(unauthorized);
    expect(rehearsed.lastReason).toBe(
      "the authorizer callers: the token does not match its identityValidation",
    );
    expect(askedOf(rehearsed)).toEqual([]);
  });

  test("leaves other routes alone", async () => {
    const rehearsed = await RehearsedShop.of(guarded({ type: "TOKEN" }));
    expect(await answer(rehearsed, "/dev/open")).toEqual([200, null, null]);
  });
});

describe("answers of an authorizer are kept", () => {
  const times = async (rehearsed: RehearsedShop, token: string) => {
    const [, , { asked }] = (await answer(rehearsed, "/dev/", withToken(token))) as [
      number,
      null,
      { asked: string },
    ];
    return asked;
  };

  test("for each token, for cacheSeconds", async () => {
    const rehearsed = await RehearsedShop.of(guarded({ type: "TOKEN", cacheSeconds: 60 }));
    expect([await times(rehearsed, "a"), await times(rehearsed, "a")]).toEqual(["1", "1"]);
    expect(await times(rehearsed, "b")).toBe("2");
    rehearsed.aheadMs = 59_000;
    expect(await times(rehearsed, "a")).toBe("1");
    rehearsed.aheadMs = 61_000;
    expect(await times(rehearsed, "a")).toBe("3");
  });

  test("not at all where cacheSeconds is 0", async () => {
    const rehearsed = await RehearsedShop.of(guarded({ type: "TOKEN", cacheSeconds: 0 }));
    expect([await times(rehearsed, "a"), await times(rehearsed, "a")]).toEqual(["1", "2"]);
  });

  test("and a kept policy decides about other routes too", async () => {
    const rehearsed = await RehearsedShop.of(guarded({ type: "TOKEN" }));
    expect((await answer(rehearsed, "/dev/users/1", withToken("users")))[0]).toBe(200);
    expect((await answer(rehearsed, "/dev/users/2", withToken("users")))[0]).toBe(200);
    expect((await answer(rehearsed, "/dev/", withToken("users")))[0]).toBe(403);
    expect(askedOf(rehearsed)).toHaveLength(1);
  });
});

test("an authorizer of the type REQUEST gets the request without its body", async () => {
  const identitySources = ["method.request.querystring.token", "context.identity.sourceIp"];
  const rehearsed = await RehearsedShop.of(guarded({ type: "REQUEST", identitySources }));
  const options = { headers: { "x-tenant": "a" } };
  expect((await answer(rehearsed, "/dev/?token=allow", options))[0]).toBe(200);
  const [event] = askedOf(rehearsed);
  expect(event).toMatchObject({
    type: "REQUEST",
    methodArn: expect.stringMatching(/\/dev\/GET\/$/),
    resource: "/",
    path: "/",
    httpMethod: "GET",
    headers: { "x-tenant": "a" },
    queryStringParameters: { token: "allow" },
    pathParameters: {},
    stageVariables: { guardFunction: "shop-dev-guard-v1" },
    requestContext: { stage: "dev", resourcePath: "/", identity: { sourceIp: "127.0.0.1" } },
  });
  expect(event).not.toHaveProperty("body");
  expect((await answer(rehearsed, "/dev/", options))[0]).toBe(401);
  expect(rehearsed.lastReason).toBe(
    "the authorizer callers: the request has no method.request.querystring.token",
  );
});

test("the canary's requests are decided by the canary's authorizer", async () => {
  const rehearsed = await RehearsedShop.of(
    guarded({ type: "TOKEN", cacheSeconds: 0 }, { canary: { version: "v2", percent: 50 } }),
  );
  const versions = new Set<string>();
  for (let sent = 0; sent < 30; sent++) {
    const [, , body] = await answer(rehearsed, "/dev/", withToken("a"));
    const served = rehearsed.records.at(-1)?.functionName;
    versions.add(`${(body as { version: string }).version} ${served}`);
  }
  expect([...versions].sort()).toEqual(["v1 shop-dev-v1", "v2 shop-dev-v2"]);
});

test("an authorizer that API Gateway may not invoke ends in 500", async () => {
  const rehearsed = await RehearsedShop.of(guarded({ type: "TOKEN" }));
  const { lambda } = rehearsed.rehearsal;
  const guardFunction = lambda.current.get("shop-dev-guard-v1");
  expect(guardFunction?.permissions).toHaveLength(1);
  Object.assign(guardFunction as object, {
    permissions: guardFunction?.permissions.map((one) => ({ ...one, sourceArn: `${one.sourceArn}/GET/*` })),
  });
  expect(await answer(rehearsed, "/dev/", withToken("allow"))).toEqual([
    500,
    "AuthorizerConfigurationException",
    { message: null },
  ]);
  expect(rehearsed.lastReason).toMatch(
    /^the authorizer callers: function shop-dev-guard-v1 admits .*\/\*\/GET\/\*, not arn:.*\/authorizers\/[a-z0-9]{6}$/,
  );
});

test("a closed stage's resource policy leaves the route to its authorizer", async () => {
  const preview = { version: "v2", sources: ["127.0.0.0/8"] };
  const open = await RehearsedShop.of(
    guarded({ type: "TOKEN" }, { preview: { ...preview, sources: ["0.0.0.0/0"] } }),
  );
  expect((await answer(open, "/preview/", withToken("allow")))[0]).toBe(200);
  expect((await answer(open, "/preview/", withToken("elsewhere")))[0]).toBe(403);
  const closed = await RehearsedShop.of(
    guarded({ type: "TOKEN" }, { preview: { ...preview, sources: ["203.0.113.0/24"] } }),
  );
  expect((await answer(closed, "/preview/", withToken("allow")))[0]).toBe(403);
  expect(askedOf(closed)).toEqual([]);
});

test("the one function of an alias strategy may be its own authorizer, in the version that serves", async () => {
  const api = {
    routes: [{ path: "/", authorization: { authorizer: "callers" } }],
    authorizers: { callers: { type: "TOKEN" } },
  };
  const code = `export const handler = async (event: any, { functionVersion }: any) => {
    if (event.type !== "TOKEN") return { body: JSON.stringify([functionVersion, event.requestContext.authorizer]) };
    const Statement = [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: event.methodArn }];
    const policyDocument = { Version: "2012-10-17", Statement };
    return { principalId: "ann", policyDocument, context: { decidedBy: functionVersion } };
  };\n`;
  const rehearsed = await RehearsedShop.of(
    shop(
      {
        strategy: "alias-canary-stage",
        versions: { 1: { fingerprint: fingerprintOf(api) } },
        stable: 1,
        api,
      },
      { "lambdas/shop/shop.ts": code },
    ),
  );
  expect(await answer(rehearsed, "/dev/", withToken("a"))).toEqual([
    200,
    null,
    ["1", { principalId: "ann", decidedBy: "1", integrationLatency: expect.any(Number) }],
  ]);
});
