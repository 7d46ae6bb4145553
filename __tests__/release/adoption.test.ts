import { problemsOf, shop } from "../support/project";
import { releaseOf } from "../support/synth";

const lines = (release: object, files = {}) =>
  problemsOf(shop(release, files)).map((line) => line.replace(/^(\S+?)(:\d+:\d+)? /, ""));

test("an adopted function keeps its name in AWS, and what is made for it has the project's", () => {
  const { versions, adopted } = releaseOf({
    adopt: { api: "a1b2c3d4e5", stage: true, functions: { v1: { shop: "Legacy_Shop" } } },
  });
  expect(versions.map(({ functions }) => functions)).toMatchObject([
    [{ awsName: "Legacy_Shop", ownName: "shop-dev-v1", adopted: true }],
    [{ awsName: "shop-dev-v2", ownName: "shop-dev-v2", adopted: false }],
  ]);
  expect(adopted).toEqual({ api: "a1b2c3d4e5", stage: true, basePath: false });
});

test("nothing is adopted by default", () => {
  expect(releaseOf({}).adopted).toEqual({ api: undefined, stage: false, basePath: false });
});

const functionName =
  "must be the name of a Lambda function: 1 to 64 letters, digits, hyphens and underscores";

test.each([
  [{ api: "a1b2c3d4e5" }, []],
  [{ api: "arn:aws" }, ["'adopt.api' must be the id of a REST API, such as a1b2c3d4e5, got \"arn:aws\""]],
  [{ stage: true }, ["'adopt.api' must be given: the API whose stage is adopted"]],
  [{ api: "a1", stage: "dev" }, ["'adopt.stage' must be true or false, got \"dev\""]],
  [{ functions: { v1: { shop: "legacy" }, v2: { shop: "legacy-2" } } }, []],
  [{ functions: { v1: { shop: "arn:aws" } } }, [`'adopt.functions.v1.shop' ${functionName}, got "arn:aws"`]],
  [{ functions: { v1: { shop: "" } } }, [`'adopt.functions.v1.shop' ${functionName}, got ""`]],
  [
    { functions: { v1: { shop: "x".repeat(65) } } },
    [`'adopt.functions.v1.shop' ${functionName}, got "${"x".repeat(65)}"`],
  ],
  [
    { functions: { v3: { shop: "legacy" } } },
    [`'adopt.functions.v3' must be one of the published versions (v1, v2), got "v3"`],
  ],
  [
    { functions: { v1: { cart: "legacy" } } },
    [`'adopt.functions.v1.cart' must be a function of version v1 (shop), got "cart"`],
  ],
  [
    { functions: { v1: { shop: "legacy" }, v2: { shop: "legacy" } } },
    [
      `'adopt.functions.v2.shop' must be a function that no other service has, but releases/dev/shop.json has it, got "legacy"`,
    ],
  ],
  [
    { functions: { v1: { shop: "shop-dev-v2" } } },
    [
      `'adopt.functions.v1.shop' must be a function that no other service has, but releases/dev/shop.json has it, got "shop-dev-v2"`,
    ],
  ],
  [{ functions: { v1: { shop: "shop-dev-v1" } } }, []],
])("%j", (adopt, expected) => {
  expect(lines({ adopt })).toEqual(expected);
});

test("two services of an environment adopt different APIs, and two environments may adopt the same", () => {
  const cart = { strategy: "canary-stage", versions: ["v1"], stable: "v1", adopt: { api: "a1b2c3d4e5" } };
  const files = { "releases/dev/cart.json": cart, "lambdas/cart/v1/cart.ts": "" };
  expect(lines({ adopt: { api: "a1b2c3d4e5" } }, files)).toEqual([
    `'adopt.api' must be an API that no other service has, but releases/dev/cart.json has it, got "a1b2c3d4e5"`,
  ]);
  const elsewhere = {
    "releases/prod/environment.json": { region: "eu-central-1" },
    "releases/prod/cart.json": cart,
    "lambdas/cart/v1/cart.ts": "",
  };
  expect(lines({ adopt: { api: "a1b2c3d4e5" } }, elsewhere)).toEqual([]);
});
