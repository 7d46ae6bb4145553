import type { Files } from "../support/project";
import { RehearsedShop } from "../support/rehearse";
import { fingerprintOf, plainFingerprint, wider } from "../support/shop";

jest.setTimeout(60_000);

/** The shop with one function, whose answer is its Lambda version and the greeting of its environment. */
function shop(strategy: string, release: object, code = "one"): Files {
  const handler = `export const handler = async (_, { functionVersion }) =>
    ({ statusCode: 200, body: [functionVersion, "${code}", process.env.GREETING].join(" ") });\n`;
  return {
    "releases/dev/environment.json": { region: "eu-central-1" },
    "lambdas/shop/shop.ts": handler,
    "releases/dev/shop.json": { strategy, versions: [1], stable: 1, ...release },
  };
}

const settings = { environment: { GREETING: "hello" } };
const changed = { environment: { GREETING: "bye" } };
const both = { versions: [1, 2] };
const first = "1 one hello";
const second = "2 two bye";

describe.each(["alias-canary-stage", "weighted-alias"])("%s", (strategy) => {
  test("publishing moves nobody, the canary has its share, and rolling back brings back code and settings", async () => {
    const rehearsed = await RehearsedShop.of(shop(strategy, { settings }));
    expect(await rehearsed.count("/dev/", 20)).toEqual({ [first]: 20 });

    const { published } = await rehearsed.apply(shop(strategy, { settings: changed }, "two"));
    expect(published).toEqual([{ functionName: "shop-dev", version: "2" }]);
    expect(await rehearsed.count("/dev/", 20)).toEqual({ [first]: 20 });

    const step = (release: object) =>
      rehearsed.apply(shop(strategy, { settings: changed, ...both, ...release }, "two"));
    await step({ canary: { version: 2, percent: 25 } });
    const counts = await rehearsed.count("/dev/", 400);
    expect(Object.keys(counts).sort()).toEqual([first, second]);
    expect(counts[second]).toBeGreaterThan(60);
    expect(counts[second]).toBeLessThan(140);

    expect((await step({ stable: 2 })).changed).toHaveLength(1);
    expect(await rehearsed.count("/dev/", 20)).toEqual({ [second]: 20 });
    expect((await step({})).changed).toHaveLength(1);
    expect(await rehearsed.count("/dev/", 20)).toEqual({ [first]: 20 });
  });

  test("a pointer to a version that is not published is refused, with what to publish first", async () => {
    const rehearsed = await RehearsedShop.of(shop(strategy, { settings }));
    await expect(rehearsed.apply(shop(strategy, { settings, ...both, stable: 2 }))).rejects.toThrow(
      "version 2 of shop-dev is not published, the latest is 1: deploy its code first, then point at it",
    );
    expect(await rehearsed.count("/dev/", 5)).toEqual({ [first]: 5 });
  });
});

test("an alias canary's new route is met by its share alone, and a preview by nobody from elsewhere", async () => {
  const versions = { "1": { fingerprint: plainFingerprint }, "2": { fingerprint: fingerprintOf(wider) } };
  const release = { settings, versions, api: wider };
  const rehearsed = await RehearsedShop.of(shop("alias-canary-stage", { settings }));
  await rehearsed.apply(
    shop("alias-canary-stage", { ...release, canary: { version: 2, percent: 50 } }, "two"),
  );
  const counts = await rehearsed.count("/dev/offers", 40);
  expect(Object.keys(counts).sort()).toEqual(["2 two hello", "403"]);

  const preview = { version: 2, sources: ["0.0.0.0/0"] };
  await rehearsed.apply(shop("alias-canary-stage", { ...release, preview }, "two"));
  expect(await rehearsed.count("/preview/offers", 5)).toEqual({ "2 two hello": 5 });
  expect(await rehearsed.count("/dev/", 5)).toEqual({ [first]: 5 });
  await rehearsed.apply(
    shop("alias-canary-stage", { ...release, preview: { ...preview, sources: ["203.0.113.0/24"] } }, "two"),
  );
  expect(await rehearsed.count("/preview/offers", 5)).toEqual({ "403": 5 });
  expect(await rehearsed.count("/dev/", 5)).toEqual({ [first]: 5 });
});

test("a preview beside a weighted alias is one version, whatever the weights", async () => {
  const step = (release: object, code: string) => shop("weighted-alias", { settings, ...release }, code);
  const rehearsed = await RehearsedShop.of(step({}, "one"));
  await rehearsed.apply(step({}, "two"));
  const split = { versions: [1, 2, 3], canary: { version: 2, percent: 50 } };
  const preview = { version: 3, sources: ["0.0.0.0/1"] };
  await rehearsed.apply(step({ ...split, preview }, "three"));
  expect(await rehearsed.count("/preview/", 20)).toEqual({ "3 three hello": 20 });
  expect(Object.keys(await rehearsed.count("/dev/", 40)).sort()).toEqual([first, "2 two hello"]);
});

test("CodeDeploy's alias serves what it was made with, whatever the file says of stable and canary", async () => {
  const strategy = "codedeploy-alias";
  const hooks = { beforeTraffic: "ask" };
  const step = (release: object, code = "two") => ({
    ...shop(
      strategy,
      { settings, hooks, rollout: { linear: { percent: 20, minutes: 1 } }, ...release },
      code,
    ),
    "lambdas/hooks/ask.ts": "export const handler = async () => {};\n",
  });
  const rehearsed = await RehearsedShop.of(step({}, "one"));
  const { changed, published } = await rehearsed.apply(step({}));
  expect(changed).toHaveLength(2);
  expect(published).toEqual([{ functionName: "shop-dev", version: "2" }]);
  for (const release of [
    { ...both, canary: { version: 2 } },
    { ...both, stable: 2 },
  ]) {
    expect((await rehearsed.apply(step(release))).changed).toEqual([]);
    expect(await rehearsed.count("/dev/", 5)).toEqual({ [first]: 5 });
  }
});

test("blue is there for those who may look, green stays as it is, and blue goes without trace", async () => {
  const strategy = "blue-green-stage";
  const rehearsed = await RehearsedShop.of(shop(strategy, { settings }));
  const step = (release: object) => rehearsed.apply(shop(strategy, { settings, ...both, ...release }, "two"));
  const blue = { version: 2, sources: ["0.0.0.0/1"] };

  await step({});
  const appeared = await step({ blue });
  expect(await rehearsed.count("/blue/", 5)).toEqual({ "2 two hello": 5 });
  expect(await rehearsed.count("/green/", 5)).toEqual({ [first]: 5 });

  await step({ blue: { ...blue, sources: ["192.0.2.0/24"] } });
  expect(await rehearsed.count("/blue/", 5)).toEqual({ "403": 5 });

  const { added, changed, destroyed } = await step({ stable: 2 });
  expect({ added, changed: changed.length }).toEqual({ added: [], changed: 1 });
  expect(destroyed).toHaveLength(appeared.added.length);
  expect(await rehearsed.count("/green/", 5)).toEqual({ "2 two hello": 5 });
  expect(await rehearsed.count("/blue/", 5)).toEqual({ "403": 5 });
});

test("a preview beside a canary stage of two functions is called before any user reaches it", async () => {
  const files = (release: object): Files => ({
    "releases/dev/environment.json": { region: "eu-central-1" },
    "lambdas/shop/v1/shop.ts": 'export const handler = async () => ({ statusCode: 200, body: "v1" });\n',
    "lambdas/shop/v2/shop.ts": 'export const handler = async () => ({ statusCode: 200, body: "v2" });\n',
    "releases/dev/shop.json": { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1", ...release },
  });
  const rehearsed = await RehearsedShop.of(files({}));
  await rehearsed.apply(files({ preview: { version: "v2", sources: ["0.0.0.0/1"] } }));
  expect(await rehearsed.count("/preview/", 5)).toEqual({ v2: 5 });
  expect(await rehearsed.count("/dev/", 5)).toEqual({ v1: 5 });
});
