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

const first = shopOf("weighted-alias", "first", {
  versions: [1],
  settings: { environment: { GREETING: "hello" } },
});
const settings = { memoryMb: 256, environment: { GREETING: "good day" } };
const second = (release: object) => shopOf("weighted-alias", "second", { settings, ...release });
const step = (pointers: Pointers) => second({ versions: [1, 2], ...pointers });

const bodyOf: Record<string, object> = {
  "1": { code: "first", greeting: "hello", memoryMb: 128 },
  "2": { code: "second", greeting: "good day", memoryMb: 256 },
};

/** The steps follow one another: each begins with what the one before has left. */
describe("the life of a weighted alias, deployed by cdktf", () => {
  test("version 1 is there and serves everybody after one apply, and a diff after it is empty", async () => {
    await shop.write(first);
    expect(await shop.deploy()).toEqual({ add: 13, change: 0, destroy: 0 });
    expect(shop.output("latest_version")).toBe("1");
    expect(await answers(`${shop.url}/`, 20)).toEqual({ "1": 20 });
    expect(await there.aliases()).toEqual({ live: { version: "1" } });
    expect(await shop.diff()).toEqual(nothing);
  });

  test("deploying new code and settings publishes version 2 and moves nobody", async () => {
    await shop.write(second({ versions: [1] }));
    expect(await shop.deploy()).toEqual(oneChange);
    expect(shop.output("latest_version")).toBe("2");
    expect(await there.aliases()).toEqual({ live: { version: "1" } });
    expect(await answers(`${shop.url}/`, 20)).toEqual({ "1": 20 });
    expect(await shop.diff()).toEqual(nothing);
  });

  test("recording version 2 changes nothing", async () => {
    await shop.write(step({}));
    expect(await shop.diff()).toEqual(nothing);
  });

  test.each(transitions)("a canary is %s, by one change of the alias", async (_, pointers) => {
    await shop.write(step(pointers));
    expect(await shop.deploy()).toEqual(oneChange);
    const { stable = 1, canary } = pointers;
    const weights = canary && { [canary.version]: canary.percent / 100 };
    expect(await there.aliases()).toEqual({ live: { version: String(stable), ...(weights && { weights }) } });
    expectSplit(await answers(`${shop.url}/`, 300), pointers);
    if (canary === undefined) {
      expect(await (await fetch(`${shop.url}/`)).json()).toEqual(bodyOf[stable]);
    }
    expect(await shop.diff()).toEqual(nothing);
  });

  test("destroying leaves nothing", async () => {
    expect(await shop.destroy()).toEqual({ add: 0, change: 0, destroy: 13 });
    await expect(there.aliases()).rejects.toThrow("ResourceNotFoundException");
  });
});
