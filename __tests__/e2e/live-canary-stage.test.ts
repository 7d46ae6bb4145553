import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { fingerprintOf, life, plainFingerprint, shopWithDefinition, wider } from "../support/shop";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers } from "./answers";
import { byHand } from "./by-hand";
import { DeployedProject } from "./deployed-project";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

let aws: LocalAws;
let shop: DeployedProject;

beforeAll(async () => {
  aws = await startLocalAws();
  shop = new DeployedProject(aws.endpoint, "shop-dev", canInstallArchiveProvider());
});
afterAll(() => aws?.stop());

const nothing = { add: 0, change: 0, destroy: 0 };
const canary = { version: "v2", percent: 50 };
const versions = { v1: { fingerprint: plainFingerprint }, v2: { fingerprint: fingerprintOf(wider) } };

/** What an apply of the file, as the command has left it, would do. */
async function diff() {
  await shop.write({});
  return shop.diff();
}

/** The steps follow one another: each begins with what the one before has left. */
describe("a canary stage, moved by the release command itself", () => {
  test("is told as never deployed before it was", async () => {
    await shop.write(life.first);
    const { exitCode, stdout } = await shop.release("status", "--live", "dev/shop");
    expect(stdout).toContain(
      "there is no API shop-dev in account 000000000000, eu-central-1: it was never deployed",
    );
    expect(exitCode).toBe(1);
  });

  test("is as the file says after a deploy", async () => {
    await shop.deploy();
    await shop.write(shopWithDefinition(wider, {}));
    await shop.deploy();
    await shop.write(shopWithDefinition(wider, { canary }));
    await shop.deploy();
    const { exitCode, stdout } = await shop.release("status", "--live", "dev/shop");
    expect(stdout).toContain("AWS matches the file.");
    expect(exitCode).toBe(0);
  });

  test("reports a version's code that somebody changed, until it is put back; each plan fails meanwhile", async () => {
    const upload = (zip: Uint8Array) =>
      byHand(aws.endpoint, "lambda", "PUT", "/2015-03-31/functions/shop-dev-v2/code", {
        ZipFile: Buffer.from(zip).toString("base64"),
      });
    await upload(zipSync({ "shop.js": Buffer.from("exports.handler = async () => ({ statusCode: 500 });") }));
    const changed = await shop.release("status", "--live", "dev/shop");
    expect(changed.stdout).toContain(
      "v2: shop-dev-v2 has other code in AWS than lambdas/shop/v2: shop.js differs",
    );
    expect(changed.exitCode).toBe(1);
    await expect(shop.diff()).rejects.toThrow("Resource postcondition failed");
    await upload(readFileSync(join(shop.stackFolder, "packages/shop-dev-v2.zip")));
    expect(await shop.release("status", "--live", "dev/shop")).toMatchObject({ exitCode: 0 });
  });

  test("is told as different when somebody moved the canary by hand", async () => {
    const patchOperations = [{ op: "replace", path: "/canarySettings/percentTraffic", value: "80.0" }];
    const stage = `/restapis/${shop.output("api_id")}/stages/dev`;
    await byHand(aws.endpoint, "apigateway", "PATCH", stage, { patchOperations });
    const { exitCode, stdout } = await shop.release("status", "--live", "dev/shop");
    expect(stdout).toMatch(/^v2 +50 % +80 % +canary$/m);
    expect(stdout).toContain("the canary is v2 at 50 % in the file, but v2 at 80 % in AWS");
    expect(exitCode).toBe(1);
  });

  test("changes nothing in a dry run", async () => {
    const { stdout } = await shop.release("rollback", "--now", "--dry-run", "dev/shop");
    expect(stdout).toContain("stage dev: canary dropped");
    expect(Object.keys(await answers(`${shop.url}/`, 60)).sort()).toEqual(["v1", "v2"]);
    expect(shop.read("releases/dev/shop.json")).toContain('"canary"');
  });

  test("is rolled back at once, and an apply of the written file has nothing to do", async () => {
    const { exitCode, stderr } = await shop.release("rollback", "--now", "--yes", "dev/shop");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(await answers(`${shop.url}/`, 30)).toEqual({ v1: 30 });
    expect(shop.read("releases/dev/shop.json")).not.toContain('"canary"');
    expect(await diff()).toEqual(nothing);
  });

  test("only has its file written where AWS is rolled back already", async () => {
    await shop.write(shopWithDefinition(wider, { canary }));
    const { stdout } = await shop.release("rollback", "--now", "--yes", "dev/shop");
    expect(stdout).toContain("AWS is so already: only the file is to be written");
    expect(await diff()).toEqual(nothing);
  });

  test("returns to the former version after a promotion, with its definition", async () => {
    await shop.write(shopWithDefinition(wider, { stable: "v2", former: "v1" }));
    await shop.deploy();
    expect(await answers(`${shop.url}/offers`, 10)).toEqual({ v2: 10 });
    const { exitCode } = await shop.release("rollback", "--now", "--yes", "dev/shop");
    expect(exitCode).toBe(0);
    expect(await answers(`${shop.url}/`, 30)).toEqual({ v1: 30 });
    expect(await answers(`${shop.url}/offers`, 10)).not.toHaveProperty("v2");
    expect(JSON.parse(shop.read("releases/dev/shop.json"))).toMatchObject({ versions, stable: "v1" });
    expect(await diff()).toEqual(nothing);
  });

  test("is destroyed with nothing left", async () => {
    expect((await shop.destroy()).destroy).toBe(27);
  });
});
