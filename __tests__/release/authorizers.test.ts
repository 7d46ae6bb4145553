import { handler, problemsOf, shop } from "../support/project";
import { fingerprintOf, plainFingerprint } from "../support/shop";

const token = { type: "TOKEN" };
const guarded = { path: "/", authorization: { authorizer: "callers" } };

/** What is said of `api` in a shop, without file, line and column. */
function lines(api: object, release: object = {}): string[] {
  return problemsOf(shop({ api, ...release }))
    .map((line) => line.replace(/^\S+ /, ""))
    .filter((line) => !line.includes("must be the definition of a version"));
}

test.each<[string, object, string]>([
  [
    "a name that there is not",
    { routes: [guarded] },
    `'api.routes[0].authorization.authorizer' must be one of 'api.authorizers' (which has none), got "callers"`,
  ],
  [
    "another name",
    {
      routes: [guarded, { path: "/a", authorization: { authorizer: "caller" } }],
      authorizers: { callers: token },
    },
    `'api.routes[1].authorization.authorizer' must be one of 'api.authorizers' (callers), got "caller"`,
  ],
  [
    "a name that is none",
    { routes: [{ path: "/", authorization: { authorizer: "Callers" } }] },
    "'api.routes[0].authorization.authorizer' must be lower-case letters and digits in words joined by hyphens, " +
      'each word starting with a letter, 40 at most, got "Callers"',
  ],
  [
    "one that no route names",
    { routes: [{ path: "/" }], authorizers: { callers: token } },
    "'api.authorizers.callers' must be the authorizer of a route, which names it in 'authorization'",
  ],
  [
    "a function of elsewhere",
    { routes: [guarded], authorizers: { callers: { ...token, function: "guard" } } },
    `'api.authorizers.callers.function' must be a function of the service (shop), got "guard"`,
  ],
  [
    "a token in the query",
    {
      routes: [guarded],
      authorizers: { callers: { ...token, identitySources: ["method.request.querystring.token"] } },
    },
    `'api.authorizers.callers.identitySources' must be one header for "TOKEN", such as method.request.header.Authorization, got ["method.request.querystring.token"]`,
  ],
  [
    "a cache without a key",
    { routes: [guarded], authorizers: { callers: { type: "REQUEST", identitySources: [] } } },
    "'api.authorizers.callers.identitySources' must be one or more, because answers are cached by them; or set 'cacheSeconds' to 0",
  ],
  [
    "a path parameter",
    {
      routes: [guarded],
      authorizers: { callers: { type: "REQUEST", identitySources: ["method.request.path.id"] } },
    },
    "'api.authorizers.callers.identitySources[0]' must be a part of the request: method.request.header.<name>, " +
      'method.request.querystring.<name>, stageVariables.<name> or context.<name>, got "method.request.path.id"',
  ],
  [
    "a cache of a day",
    { routes: [guarded], authorizers: { callers: { ...token, cacheSeconds: 86400 } } },
    "'api.authorizers.callers.cacheSeconds' must be a whole number between 0 and 3600 seconds, got 86400",
  ],
  [
    "half an expression",
    { routes: [guarded], authorizers: { callers: { ...token, identityValidation: "Bearer" } } },
    "'api.authorizers.callers.identityValidation' must be a regular expression of at most 256 characters from ^ to $, " +
      'because AWS does not say whether it matches a part of the token, got "Bearer"',
  ],
  [
    "an expression that is none",
    { routes: [guarded], authorizers: { callers: { ...token, identityValidation: "^(a$" } } },
    `'api.authorizers.callers.identityValidation' must be a regular expression, got "^(a$"`,
  ],
  [
    "an expression for a request",
    { routes: [guarded], authorizers: { callers: { type: "REQUEST", identityValidation: "^a$" } } },
    `'api.authorizers.callers.identityValidation' must not be given: it belongs to "TOKEN"`,
  ],
  [
    "the name of a user pool's authorizer",
    {
      routes: [
        { path: "/", authorization: { authorizer: "cognito-a" } },
        {
          path: "/a",
          authorization: {
            cognitoUserPoolArns: ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/a"],
          },
        },
      ],
      authorizers: { "cognito-a": token },
    },
    `'api.authorizers.cognito-a' must not be named as the authorizer of the user pools is, got "cognito-a"`,
  ],
])("%s is refused with one line", (_, api, line) => {
  expect(lines(api)).toEqual([line]);
});

test("one of several functions must be named", () => {
  const routes = [{ ...guarded, function: "shop" }];
  expect(lines({ routes, authorizers: { callers: token } }, { functions: ["shop", "guard"] })).toContain(
    "'api.authorizers.callers.function' must be given: one of shop, guard",
  );
});

test("eleven are refused, those of user pools counted", () => {
  const names = [..."abcdefghij"].map((letter) => `callers-${letter}`);
  const pool = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a";
  const routes = [
    ...names.map((authorizer) => ({ path: `/${authorizer}`, authorization: { authorizer } })),
    { path: "/", authorization: { cognitoUserPoolArns: [pool] } },
  ];
  const authorizers = Object.fromEntries(names.map((name) => [name, token]));
  expect(lines({ routes, authorizers })).toEqual([
    "'api.routes' must have at most 10 different lists of user pools and 'api.authorizers' together, because each is an authorizer; if AWS raised this quota, set 'quotas.apiAuthorizers' in environment.json, got 11",
  ]);
});

test("a function that a version with this definition does not have is refused", () => {
  const api = {
    routes: [{ ...guarded, function: "shop" }],
    authorizers: { callers: { ...token, function: "guard" } },
  };
  const release = {
    functions: ["shop", "guard"],
    versions: { v1: { fingerprint: fingerprintOf(api) }, v2: { fingerprint: plainFingerprint } },
  };
  const files = { "lambdas/shop/v2/guard.ts": handler("v2") };
  const found = problemsOf(shop({ api, ...release }, files)).map((line) => line.replace(/^\S+ /, ""));
  expect(found).toEqual([
    "'api.authorizers.callers' must be answered by a function of version v1, but lambdas/shop/v1/ has no guard.ts, guard.js or guard.py, got \"guard\"",
  ]);
});
