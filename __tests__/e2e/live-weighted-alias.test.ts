import { fingerprintOf, plainFingerprint, wider } from "../support/shop";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers } from "./answers";
import { byHand } from "./by-hand";
import { DeployedProject } from "./deployed-project";
import { nothing, ShopAtEndpoint, shop as shopOf } from "./lambda-versions";
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

const step = (code: string, release: object) => shopOf("weighted-alias", code, release);

/** What an apply of the file, as the command has left it, would do. */
async function diff() {
  await shop.write({});
  return shop.diff();
}

const weigh = (weights: Record<string, number>) =>
  byHand(aws.endpoint, "lambda", "PUT", "/2015-03-31/functions/shop-dev/aliases/live", {
    RoutingConfig: { AdditionalVersionWeights: weights },
  });

/** The steps follow one another: each begins with what the one before has left. */
describe("a weighted alias, moved by the release command itself", () => {
  test("is as the file says after a deploy; version 2 was published and given up", async () => {
    await shop.write(step("first", { versions: [1] }));
    await shop.deploy();
    await shop.write(step("second", { versions: [1] }));
    await shop.deploy();
    await shop.write(step("third", { versions: [1, 3], canary: { version: 3, percent: 50 } }));
    await shop.deploy();
    expect(await there.aliases()).toEqual({ live: { version: "1", weights: { "3": 0.5 } } });
    const { exitCode, stdout } = await shop.release("status", "--live", "dev/shop");
    expect(stdout).toContain("AWS matches the file.");
    expect(exitCode).toBe(0);
  });

  test("is told when it serves what the file does not know, and is then not moved without a question", async () => {
    await weigh({ "2": 0.5 });
    const { exitCode, stdout } = await shop.release("status", "--live", "dev/shop");
    expect(stdout).toContain("2 serves traffic in AWS, but the file does not list it");
    expect(exitCode).toBe(1);
    const refused = await shop.release("rollback", "--now", "--yes", "dev/shop");
    expect(refused.stderr).toContain("AWS serves 2, and the file does not say so");
    expect(refused.exitCode).toBe(1);
    expect(await there.aliases()).toEqual({ live: { version: "1", weights: { "2": 0.5 } } });
    await weigh({ "3": 0.5 });
  });

  test("is rolled back at once, and an apply of the written file has nothing to do", async () => {
    const { exitCode, stderr } = await shop.release("rollback", "--now", "--yes", "dev/shop");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(await answers(`${shop.url}/`, 20)).toEqual({ "1": 20 });
    expect(await diff()).toEqual(nothing);
  });

  test("returns to the former version and its definition after a promotion", async () => {
    const versions = { "1": { fingerprint: plainFingerprint }, "3": { fingerprint: fingerprintOf(wider) } };
    await shop.write(step("third", { versions, api: wider, stable: 3, former: 1 }));
    await shop.deploy();
    expect(await answers(`${shop.url}/offers`, 10)).toEqual({ "3": 10 });
    const { exitCode, stdout } = await shop.release("rollback", "--now", "--yes", "dev/shop");
    expect(stdout).toMatch(/moved {4}alias live: version 1 alone\nmoved {4}stage dev: deploymentId \w+/);
    expect(exitCode).toBe(0);
    expect(await answers(`${shop.url}/`, 20)).toEqual({ "1": 20 });
    expect(await answers(`${shop.url}/offers`, 10)).not.toHaveProperty("1");
    expect(await diff()).toEqual(nothing);
  });

  test("has the version that nobody needs deleted, and no other", async () => {
    const listed = await shop.release("prune", "--live", "--dry-run", "dev/shop");
    expect(listed.stdout).toMatch(/^2 +[\d.]+ MB/m);
    expect(listed.stdout).toContain("nothing is deleted");
    const { exitCode, stdout } = await shop.release("prune", "--live", "--yes", "dev/shop");
    expect(stdout).toContain("deleted 2\n");
    expect(exitCode).toBe(0);
    const { Versions } = (await byHand(
      aws.endpoint,
      "lambda",
      "GET",
      "/2015-03-31/functions/shop-dev/versions",
    )) as { Versions: { Version: string }[] };
    expect(Versions.map(({ Version }) => Version)).toEqual(["$LATEST", "1", "3"]);
    expect(await diff()).toEqual(nothing);
  });

  test("is destroyed with nothing left", async () => {
    await shop.destroy();
    await expect(there.aliases()).rejects.toThrow("ResourceNotFoundException");
  });
});
