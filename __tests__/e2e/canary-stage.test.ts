import { seededRandom } from "../../src/rehearsal/random";
import { Rehearsal } from "../../src/rehearsal/rehearsal";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { expectShare } from "../support/expect-share";
import type { Files } from "../support/project";
import { fingerprintOf, life, shopWithDefinition, wider } from "../support/shop";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers, Watch } from "./answers";
import { DeployedProject } from "./deployed-project";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

const requests = 300;

let aws: LocalAws;
let shop: DeployedProject;

beforeAll(async () => {
  aws = await startLocalAws();
  shop = new DeployedProject(aws.endpoint, "shop-dev", canInstallArchiveProvider());
});
afterAll(() => aws?.stop());

const step = (release: object): Files => shopWithDefinition(wider, release);

/** The steps follow one another: each begins with what the one before has left. */
describe("the life of a canary, deployed by cdktf", () => {
  test("v1 alone serves everybody, and a diff after it is empty", async () => {
    await shop.write(life.first);
    expect(await shop.deploy()).toEqual({ add: 21, change: 0, destroy: 0 });
    expect(await answers(`${shop.url}/`, 20)).toEqual({ v1: 20 });
    expect(await shop.diff()).toEqual({ add: 0, change: 0, destroy: 0 });
  });

  test("publishing v2 with a new route moves nobody", async () => {
    await shop.write(step({}));
    expect(await shop.diff()).toEqual({ add: 7, change: 0, destroy: 1 });
    expect(await shop.deploy()).toEqual({ add: 7, change: 0, destroy: 1 });
    expect(await answers(`${shop.url}/`, 20)).toEqual({ v1: 20 });
    expect(await answers(`${shop.url}/offers`, 20)).not.toHaveProperty("v2");
  });

  test.each([10, 25])(
    "at %d percent the canary has its share, and it alone the new route",
    async (percent) => {
      await shop.write(step({ canary: { version: "v2", percent } }));
      expect(await shop.deploy()).toEqual({ add: 0, change: 1, destroy: 0 });
      const counts = await answers(`${shop.url}/`, requests);
      expect(Object.keys(counts).sort()).toEqual(["v1", "v2"]);
      expectShare(counts, "v2", percent);
      const ofRoute = await answers(`${shop.url}/offers`, requests);
      expect(ofRoute).not.toHaveProperty("v1");
      expectShare(ofRoute, "v2", percent);
    },
  );

  test("the rehearsal of the same JSON splits as the endpoint does", async () => {
    const rehearsal = new Rehearsal({ random: seededRandom(1), onRequest: () => {}, onLog: () => {} });
    const other = new DeployedProject(aws.endpoint, "shop-dev", true);
    await other.write(step({ canary: { version: "v2", percent: 25 } }));
    rehearsal.apply(readConfiguration(`${other.stackFolder}/cdk.tf.json`));
    try {
      const url = await rehearsal.listen();
      const [here, there] = [await answers(`${url}/dev/`, requests), await answers(`${shop.url}/`, requests)];
      expectShare(here, "v2", 25);
      expectShare(there, "v2", 25);
    } finally {
      await rehearsal.close();
    }
  });

  test("promoted, v2 serves everybody with its new route", async () => {
    await shop.write(step({ stable: "v2" }));
    expect(await shop.deploy()).toEqual({ add: 0, change: 1, destroy: 0 });
    expect(await answers(`${shop.url}/`, 30)).toEqual({ v2: 30 });
    expect(await answers(`${shop.url}/offers`, 30)).toEqual({ v2: 30 });
  });

  test("rolled back, v1 serves everybody and the new route is gone", async () => {
    await shop.write(step({}));
    expect(await shop.deploy()).toEqual({ add: 0, change: 1, destroy: 0 });
    expect(await answers(`${shop.url}/`, 30)).toEqual({ v1: 30 });
    expect(await answers(`${shop.url}/offers`, 30)).not.toHaveProperty("v2");
    expect(await shop.diff()).toEqual({ add: 0, change: 0, destroy: 0 });
  });

  test("promoting and pruning in one change leaves nobody without an answer meanwhile", async () => {
    await shop.write(step({ canary: { version: "v2", percent: 25 } }));
    await shop.deploy();
    await shop.write(step({ stable: "v2", versions: { v2: { fingerprint: fingerprintOf(wider) } } }));
    const watch = Watch.of(`${shop.url}/`);
    expect(await shop.deploy()).toEqual({ add: 0, change: 1, destroy: 6 });
    expect(Object.keys(await watch.end()).sort()).toEqual(["v1", "v2"]);
    expect(await answers(`${shop.url}/`, 20)).toEqual({ v2: 20 });
  });

  test("destroying leaves nothing", async () => {
    expect(await shop.destroy()).toEqual({ add: 0, change: 0, destroy: 21 });
  });
});
