import { fingerprintOf, plainFingerprint, wider } from "../support/shop";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers } from "./answers";
import { DeployedProject } from "./deployed-project";
import { nothing, shop as shopOf } from "./lambda-versions";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws?.stop());

const versions = { "1": { fingerprint: plainFingerprint }, "2": { fingerprint: fingerprintOf(wider) } };

/** The canary of an alias canary stage is dropped at once; blue is where no user is. */
test.each([
  ["alias-canary-stage", { canary: { version: 2, percent: 50 } }],
  ["blue-green-stage", undefined],
] as const)(
  "%s is moved by the release command itself, and an apply after it has nothing to do",
  async (...given) => {
    const [strategy, split] = given;
    const shop = new DeployedProject(aws.endpoint, "shop-dev", canInstallArchiveProvider());
    const step = (release: object) => shopOf(strategy, "second", { api: wider, versions, ...release });
    const rollBack = async () => {
      const { exitCode, stderr } = await shop.release("rollback", "--now", "--yes", "dev/shop");
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(await answers(`${shop.url}/`, 20)).toEqual({ "1": 20 });
      expect((await shop.release("status", "--live", "dev/shop")).exitCode).toBe(0);
      await shop.write({});
      expect(await shop.diff()).toEqual(nothing);
    };
    await shop.write(shopOf(strategy, "first", { versions: [1] }));
    await shop.deploy();
    await shop.write(step({ ...split }));
    await shop.deploy();
    if (split !== undefined) await rollBack();

    await shop.write(step({ stable: 2, former: 1 }));
    await shop.deploy();
    expect(await answers(`${shop.url}/offers`, 10)).toEqual({ "2": 10 });
    await rollBack();
    expect(await answers(`${shop.url}/offers`, 10)).not.toHaveProperty("1");
    await shop.destroy();
  },
);
