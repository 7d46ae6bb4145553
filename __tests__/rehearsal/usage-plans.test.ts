import { shopOfDocument } from "../support/openapi-shop";
import { RehearsedShop } from "../support/rehearse";
import { fingerprintOf, shop } from "../support/shop";

const echo =
  "export const handler = async (event: any) => ({ body: JSON.stringify(event.requestContext.identity.apiKeyId ?? null) });\n";
const api = {
  routes: [
    { path: "/", apiKey: true },
    { path: "/open" },
    { path: "/signed", apiKey: true, authorization: "AWS_IAM" },
  ],
};
const fingerprint = fingerprintOf(api);
const versions = { v1: { fingerprint }, v2: { fingerprint } };

const shopWith = (usagePlans: object, release: object = {}) =>
  shop(
    { versions, api, stage: { usagePlans }, ...release },
    { "lambdas/shop/v1/shop.ts": echo, "lambdas/shop/v2/shop.ts": echo },
  );

async function call(rehearsed: RehearsedShop, path: string, key?: string) {
  const response = await rehearsed.fetch(path, { headers: key === undefined ? {} : { "x-api-key": key } });
  return [response.status, response.headers.get("x-amzn-errortype"), await response.json()];
}

/** The value of a key in the rehearsal, by the name in its plan. */
function keyOf(rehearsed: RehearsedShop, name: string): string {
  const keys = rehearsed.rehearsal.api.stages.flatMap(({ usagePlans }) =>
    usagePlans.flatMap((plan) => plan.keys),
  );
  return keys.find((one) => one.name === name)?.value as string;
}

const forbidden = [403, "ForbiddenException", { message: "Forbidden" }];

test("a route with apiKey wants a key of a plan, made or there before, and no other route does", async () => {
  const rehearsed = await RehearsedShop.of(
    shopWith({ partners: { keys: ["mobile"], keyIds: ["a1b2c3d4e5"] } }),
  );
  expect(await call(rehearsed, "/dev/")).toEqual(forbidden);
  expect(rehearsed.lastReason).toBe("there is no x-api-key in the request");
  expect(await call(rehearsed, "/dev/", "guessed")).toEqual(forbidden);
  expect(rehearsed.lastReason).toBe("the x-api-key in the request is of no usage plan of the stage dev");
  expect(await call(rehearsed, "/dev/", keyOf(rehearsed, "shop-dev-mobile"))).toEqual([
    200,
    null,
    expect.stringMatching(/^[a-z0-9]{10}$/),
  ]);
  expect(await call(rehearsed, "/dev/", keyOf(rehearsed, "a1b2c3d4e5"))).toEqual([200, null, "a1b2c3d4e5"]);
  expect(await call(rehearsed, "/dev/open")).toEqual([200, null, null]);
  expect((await call(rehearsed, "/dev/signed", keyOf(rehearsed, "a1b2c3d4e5")))[0]).toBe(403);
});

test("a plan without a key, or made elsewhere, lets nobody through", async () => {
  const rehearsed = await RehearsedShop.of(shopWith({}));
  expect(await call(rehearsed, "/dev/", "guessed")).toEqual(forbidden);
});

test("each key has its quota, which the next period gives again", async () => {
  const plan = { keys: ["a", "b"], quota: { limit: 2, period: "DAY" } };
  const rehearsed = await RehearsedShop.of(shopWith({ small: plan }));
  const [a, b] = ["a", "b"].map((name) => keyOf(rehearsed, `shop-dev-${name}`));
  const statuses = async (key: string | undefined) => [
    (await call(rehearsed, "/dev/", key))[0],
    (await call(rehearsed, "/dev/", key))[0],
  ];
  expect(await statuses(a)).toEqual([200, 200]);
  const exceeded = [429, "LimitExceededException", { message: "Limit Exceeded" }];
  expect(await call(rehearsed, "/dev/", a)).toEqual(exceeded);
  expect(await statuses(b)).toEqual([200, 200]);
  await rehearsed.apply(shopWith({ small: plan }, { canary: undefined }));
  expect(await call(rehearsed, "/dev/", a)).toEqual(exceeded);
  rehearsed.aheadMs = 24 * 60 * 60 * 1000;
  expect((await call(rehearsed, "/dev/", a))[0]).toBe(200);
});

test("a plan throttles each key, and not the others", async () => {
  const rehearsed = await RehearsedShop.of(
    shopWith({ slow: { keys: ["a"], throttling: { rateLimit: 0, burstLimit: 1 } }, fast: { keys: ["b"] } }),
  );
  const [a, b] = ["a", "b"].map((name) => keyOf(rehearsed, `shop-dev-${name}`));
  expect((await call(rehearsed, "/dev/", a))[0]).toBe(200);
  expect(await call(rehearsed, "/dev/", a)).toEqual([
    429,
    "TooManyRequestsException",
    { message: "Too Many Requests" },
  ]);
  expect((await call(rehearsed, "/dev/", b))[0]).toBe(200);
});

test("the keys of the users' stage may call a preview, within a plan of its own", async () => {
  const preview = { version: "v2", sources: ["0.0.0.0/0"] };
  const rehearsed = await RehearsedShop.of(
    shopWith({ small: { keys: ["a"], quota: { limit: 1, period: "WEEK" } } }, { preview }),
  );
  const a = keyOf(rehearsed, "shop-dev-a");
  expect((await call(rehearsed, "/dev/", a))[0]).toBe(200);
  expect((await call(rehearsed, "/preview/", a))[0]).toBe(200);
  expect((await call(rehearsed, "/preview/", a))[0]).toBe(429);
});

test("where keys come from authorizers, the answer of the function names the key", async () => {
  const document = {
    openapi: "3.0.3",
    info: { title: "Shop", version: "1" },
    "x-amazon-apigateway-api-key-source": "AUTHORIZER",
    paths: { "/": { get: { responses: {}, security: [{ users: [] }, { key: [] }] } } },
    components: {
      securitySchemes: {
        key: { type: "apiKey", name: "x-api-key", in: "header" },
        users: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          "x-amazon-apigateway-authorizer": { type: "token", authorizerResultTtlInSeconds: 60 },
        },
      },
    },
  };
  const code = `export const handler = async (event: any) => {
    if (event.type !== "TOKEN") return { body: JSON.stringify(event.requestContext.identity.apiKeyId) };
    const Statement = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }];
    const policyDocument = { Version: "2012-10-17", Statement };
    return { principalId: "a", policyDocument, usageIdentifierKey: event.authorizationToken };
  };\n`;
  const stage = { usagePlans: { partners: { keys: ["mobile"], quota: { limit: 2, period: "DAY" } } } };
  const files = {
    ...shopOfDocument(document, { stage }),
    "lambdas/shop/v1/shop.ts": code,
    "lambdas/shop/v2/shop.ts": code,
  };
  const rehearsed = await RehearsedShop.of(files);
  const status = async (headers: Record<string, string>) =>
    (await rehearsed.fetch("/dev/", { headers })).status;
  const value = keyOf(rehearsed, "shop-dev-mobile");
  expect(await status({ authorization: "guessed", "x-api-key": value })).toBe(403);
  expect(rehearsed.lastReason).toBe(
    "the usageIdentifierKey in the authorizer's answer is of no usage plan of the stage dev",
  );
  // The second answer is a kept one.
  const authorization = value;
  expect(await status({ authorization })).toBe(200);
  expect(await status({ authorization })).toBe(200);
  expect(await status({ authorization })).toBe(429);
});
