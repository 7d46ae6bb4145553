import { expectedShares, versionNames } from "../../src/rehearsal/split";
import { handler, shop } from "../support/project";
import { RehearsedShop } from "../support/rehearse";
import { fingerprintOf, shopWithDefinition, wider } from "../support/shop";

test("stable serves everything while no canary runs", async () => {
  const rehearsed = await RehearsedShop.of(shop({}));
  expect(await rehearsed.count("/dev/", 20)).toEqual({ v1: 20 });
});

test("each request is drawn for itself, by the percent of the stage", async () => {
  const rehearsed = await RehearsedShop.of(shop({ canary: { version: "v2", percent: 25 } }));
  const { v1 = 0, v2 = 0 } = await rehearsed.count("/dev", 400);
  expect(v1 + v2).toBe(400);
  // 99.99 % of runs; the seed makes it the same run each time.
  expect(v2).toBeGreaterThan(66);
  expect(v2).toBeLessThan(136);
});

test.each([
  [0, { v1: 30 }],
  [100, { v2: 30 }],
])("at %d percent the split is exact", async (percent, expected) => {
  const rehearsed = await RehearsedShop.of(shop({ canary: { version: "v2", percent } }));
  expect(await rehearsed.count("/dev", 30)).toEqual(expected);
});

describe("an API definition that ships with a canary", () => {
  const offers = { "lambdas/shop/v2/shop.ts": 'export const handler = async () => ({ body: "v2" });\n' };
  const step = (release: object) => ({ ...shopWithDefinition(wider, release), ...offers });

  test("reaches the canary's share alone, and rolling back takes it away from everybody", async () => {
    const rehearsed = await RehearsedShop.of(shop({ versions: ["v1"] }));
    expect(await rehearsed.count("/dev/offers", 5)).toEqual({ "403": 5 });

    await rehearsed.apply(step({}));
    expect(await rehearsed.count("/dev/offers", 5)).toEqual({ "403": 5 });

    const started = await rehearsed.apply(step({ canary: { version: "v2", percent: 30 } }));
    expect(started).toEqual({ added: [], changed: [expect.stringMatching(/stage/)], destroyed: [] });
    const split = await rehearsed.count("/dev/offers", 100);
    expect(Object.keys(split).sort()).toEqual(["403", "v2"]);
    expect(split["v2"]).toBeGreaterThan(10);
    expect(split["v2"]).toBeLessThan(60);

    await rehearsed.apply(step({ stable: "v2" }));
    expect(await rehearsed.count("/dev/offers", 5)).toEqual({ v2: 5 });

    await rehearsed.apply(step({}));
    expect(await rehearsed.count("/dev/offers", 5)).toEqual({ "403": 5 });
    expect(await rehearsed.count("/dev/", 5)).toEqual({ v1: 5 });
  });

  test("is every version's where everything is made at once from nothing, as in AWS", async () => {
    const rehearsed = await RehearsedShop.of(step({}));
    expect(await rehearsed.count("/dev/offers", 5)).toEqual({ v1: 5 });
  });
});

test("a function keeps the code of its apply until the next one", async () => {
  const code = (text: string) => ({
    "lambdas/shop/v1/shop.ts": `export const handler = async () => ({ body: "${text}" });\n`,
  });
  const rehearsed = await RehearsedShop.of(shop({ versions: ["v1"] }, code("old")));
  expect(await rehearsed.count("/dev/", 3)).toEqual({ old: 3 });
  await rehearsed.apply(shop({ versions: ["v1"] }, code("new")));
  expect(await rehearsed.count("/dev/", 3)).toEqual({ new: 3 });
});

test("the canary has the stage's variables that it does not override", async () => {
  const code =
    "export const handler = async (event: any) => ({ body: Object.keys(event.stageVariables).sort().join() });\n";
  const api = { routes: [{ path: "/", function: "shop" }] };
  const rehearsed = await RehearsedShop.of(
    shop(
      {
        functions: ["shop", "cart"],
        api,
        versions: { v1: { fingerprint: "0123456789abcdef" }, v2: { fingerprint: fingerprintOf(api) } },
        canary: { version: "v2", percent: 100 },
      },
      { "lambdas/shop/v1/cart.ts": code, "lambdas/shop/v2/shop.ts": code },
    ),
  );
  expect(await rehearsed.count("/dev/", 2)).toEqual({ "cartFunction,shopFunction": 2 });
  const versionOf = versionNames({
    v1: { shop: "shop-dev-v1", cart: "shop-dev-cart-v1" },
    v2: { shop: "shop-dev-v2" },
  });
  const [stage] = rehearsed.rehearsal.api.stages;
  expect(stage && expectedShares(stage, versionOf)).toEqual([
    { version: "v1", percent: 0 },
    { version: "v2", percent: 100 },
  ]);
});

test("an apply says what Terraform would: changed code changes its function, another name makes the stage anew", async () => {
  const rehearsed = await RehearsedShop.of(shop({}));
  const code = { "lambdas/shop/v2/shop.ts": handler("other") };
  const changed = await rehearsed.apply(shop({}, code));
  expect(changed).toEqual({
    added: [],
    changed: [expect.stringMatching(/aws_lambda_function.*v2/)],
    destroyed: [],
  });
  const renamed = await rehearsed.apply(shop({ stage: { name: "live" } }, code));
  expect([renamed.added.length, renamed.changed.length, renamed.destroyed.length]).toEqual([2, 0, 2]);
});

test("an apply that is refused changes nothing", async () => {
  const rehearsed = await RehearsedShop.of(shop({}));
  const layers = ["arn:aws:lambda:eu-central-1:123456789012:layer:tools:3"];
  await expect(rehearsed.apply(shop({ stable: "v2", settings: { layers } }))).rejects.toThrow(
    `cannot be run here, though it can in AWS: its layer ${layers[0]} is not part of the project`,
  );
  expect(await rehearsed.count("/dev/", 3)).toEqual({ v1: 3 });
});
