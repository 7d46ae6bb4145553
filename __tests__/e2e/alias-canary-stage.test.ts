import { expectShare } from "../support/expect-share";
import { fingerprintOf, plainFingerprint, wider } from "../support/shop";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers } from "./answers";
import { DeployedProject } from "./deployed-project";
import {
  expectSplit,
  nothing,
  oneChange,
  type Pointers,
  ShopAtEndpoint,
  shop as shopOf,
  transitions,
} from "./lambda-versions";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

let aws: LocalAws;
let shop: DeployedProject;
let there: ShopAtEndpoint;

beforeAll(async () => {
  aws = await startLocalAws();
  shop = new DeployedProject(aws.endpoint, "shop-dev", canInstallArchiveProvider());
  there = new ShopAtEndpoint(aws.endpoint, shop);
});
afterAll(() => aws?.stop());

const versions = { "1": { fingerprint: plainFingerprint }, "2": { fingerprint: fingerprintOf(wider) } };
const step = (pointers: Pointers) =>
  shopOf("alias-canary-stage", "second", { api: wider, versions, ...pointers });

/** The steps follow one another: each begins with what the one before has left. */
describe("the life of a canary among aliases, deployed by cdktf", () => {
  test("version 1 is there and serves everybody after one apply, and a diff after it is empty", async () => {
    await shop.write(shopOf("alias-canary-stage", "first", { versions: [1] }));
    expect(await shop.deploy()).toEqual({ add: 22, change: 0, destroy: 0 });
    expect(shop.output("latest_version")).toBe("1");
    expect(await answers(`${shop.url}/`, 20)).toEqual({ "1": 20 });
    expect(await shop.diff()).toEqual(nothing);
  });

  test("deploying new code publishes version 2 and moves nobody", async () => {
    await shop.write(shopOf("alias-canary-stage", "second", { versions: [1] }));
    expect(await shop.deploy()).toEqual(oneChange);
    expect(shop.output("latest_version")).toBe("2");
    expect(await there.aliases()).toEqual({ v1: { version: "1" } });
    expect(await answers(`${shop.url}/`, 20)).toEqual({ "1": 20 });
  });

  test("recording version 2 with a new route moves nobody", async () => {
    await shop.write(step({}));
    expect(await shop.deploy()).toEqual({ add: 4, change: 0, destroy: 1 });
    expect(await there.stages()).toEqual({ dev: { alias: "v1" } });
    expect(await answers(`${shop.url}/`, 20)).toEqual({ "1": 20 });
    expect(await answers(`${shop.url}/offers`, 20)).not.toHaveProperty("2");
  });

  test.each(transitions)(
    "a canary is %s, by one change of the stage, and its share alone has the new route",
    async (_, pointers) => {
      await shop.write(step(pointers));
      expect(await shop.deploy()).toEqual(oneChange);
      const { stable = 1, canary } = pointers;
      const split = canary && { alias: `v${canary.version}`, percent: canary.percent };
      expect(await there.stages()).toEqual({ dev: { alias: `v${stable}`, ...(split && { canary: split }) } });
      expect(await there.aliases()).toEqual({ v1: { version: "1" }, v2: { version: "2" } });
      expectSplit(await answers(`${shop.url}/`, 300), pointers);
      const ofRoute = await answers(`${shop.url}/offers`, 300);
      expect(ofRoute).not.toHaveProperty("1");
      expectShare(ofRoute, "2", stable === 2 ? 100 : (canary?.percent ?? 0));
      expect(await shop.diff()).toEqual(nothing);
    },
  );

  test("destroying leaves nothing", async () => {
    expect(await shop.destroy()).toEqual({ add: 0, change: 0, destroy: 25 });
    await expect(there.aliases()).rejects.toThrow("ResourceNotFoundException");
  });
});
