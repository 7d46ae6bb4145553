import { readFileSync } from "node:fs";
import { join } from "node:path";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers, Watch } from "./answers";
import { DeployedProject } from "./deployed-project";
import { nothing, oneChange, ShopAtEndpoint, shop as shopOf } from "./lambda-versions";
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

const source = "203.0.113.0/24";
const step = (release: object) => shopOf("blue-green-stage", "second", { versions: [1, 2], ...release });
const withBlue = step({ blue: { version: 2, sources: [source] } });

const blueUrl = () => shop.url.replace(/green$/, "blue/");

const ofVersions = (...versions: string[]) =>
  Object.fromEntries(versions.map((version) => [`v${version}`, { version }]));

/** All that stands behind the API when there is no blue. */
async function expectGreenAlone(version: string, ...recorded: string[]): Promise<void> {
  expect(await there.aliases()).toEqual(ofVersions(...recorded));
  expect(await there.stages()).toEqual({ green: { alias: `v${version}` } });
  expect(await there.deployments()).toBe(1);
  expect(await there.policy()).toBeUndefined();
  expect(await answers(`${shop.url}/`, 20)).toEqual({ [version]: 20 });
  expect(await answers(blueUrl(), 1)).not.toHaveProperty("2");
}

/**
 * The steps follow one another: each begins with what the one before has left. LocalStack lets everybody call a
 * stage, whatever the API's resource policy says: that it closes blue is checked by the rehearsal.
 */
describe("a blue/green release, deployed by cdktf", () => {
  test("version 1 is there and serves everybody after one apply, and a diff after it is empty", async () => {
    await shop.write(shopOf("blue-green-stage", "first", { versions: [1] }));
    expect(await shop.deploy()).toEqual({ add: 13, change: 0, destroy: 0 });
    expect(shop.output("latest_version")).toBe("1");
    await expectGreenAlone("1", "1");
    expect(await shop.diff()).toEqual(nothing);
  });

  test("deploying new code publishes version 2 and moves nobody", async () => {
    await shop.write(shopOf("blue-green-stage", "second", { versions: [1] }));
    expect(await shop.deploy()).toEqual(oneChange);
    expect(shop.output("latest_version")).toBe("2");
    await expectGreenAlone("1", "1");
  });

  test("recording version 2 gives it an alias and moves nobody", async () => {
    await shop.write(step({}));
    expect(await shop.deploy()).toEqual({ add: 2, change: 0, destroy: 0 });
    await expectGreenAlone("1", "1", "2");
  });

  test("blue answers with version 2 behind a stage of its own while green stays as it is", async () => {
    await shop.write(withBlue);
    expect(await shop.deploy()).toEqual({ add: 5, change: 0, destroy: 0 });
    expect(await there.aliases()).toEqual(ofVersions("1", "2"));
    expect(await there.stages()).toEqual({ blue: { alias: "v2" }, green: { alias: "v1" } });
    expect(await there.deployments()).toBe(2);
    expect(await there.policy()).toContain(source);
    expect(await answers(blueUrl(), 20)).toEqual({ "2": 20 });
    expect(await answers(`${shop.url}/`, 20)).toEqual({ "1": 20 });
    expect(await shop.diff()).toEqual(nothing);
  });

  test("dropping blue leaves nothing of it", async () => {
    await shop.write(step({}));
    expect(await shop.deploy()).toEqual({ add: 0, change: 0, destroy: 5 });
    await expectGreenAlone("1", "1", "2");
    expect(await shop.diff()).toEqual(nothing);
  });

  test.each([
    ["switched to version 2", 2],
    ["rolled back to version 1", 1],
  ])("green is %s by one change of its stage", async (_, stable) => {
    await shop.write(step({ stable }));
    expect(await shop.deploy()).toEqual(oneChange);
    await expectGreenAlone(String(stable), "1", "2");
    expect(await shop.diff()).toEqual(nothing);
  });

  test("switching green and dropping blue in one change leaves nobody without an answer meanwhile", async () => {
    await shop.write(withBlue);
    await shop.deploy();
    await shop.write(step({ stable: 2 }));
    const watch = Watch.of(`${shop.url}/`);
    expect(await shop.deploy()).toEqual({ add: 0, change: 1, destroy: 5 });
    expect(Object.keys(await watch.end()).sort()).toEqual(["1", "2"]);
    await expectGreenAlone("2", "1", "2");
  });

  test("destroying leaves nothing", async () => {
    await shop.write(step({ stable: 2, blue: { version: 1, sources: [source] } }));
    await shop.deploy();
    expect(await shop.destroy()).toEqual({ add: 0, change: 0, destroy: 20 });
    await expect(there.aliases()).rejects.toThrow("ResourceNotFoundException");
    await expect(there.stages()).rejects.toThrow("NotFoundException");
  });
});

test("what is deployed with an alias green that moves gets its new aliases while everybody is answered", async () => {
  const file = "stacks/blue-green-stage-stack.ts";
  const current = shop.read(file);
  const former = readFileSync(join(__dirname, "../support/former-blue-green-stack.ts"), "utf8")
    .replaceAll('"../../stacks/', '"./')
    .replaceAll('"../../', '"../');
  await shop.write({ [file]: former, ...shopOf("blue-green-stage", "first", { versions: [1] }) });
  await shop.deploy();
  await shop.write(step({}));
  await shop.deploy();
  expect(await there.aliases()).toEqual({ green: { version: "1" } });

  await shop.write({ [file]: current });
  const watch = Watch.of(`${shop.url}/`);
  expect(await shop.deploy()).toEqual({ add: 5, change: 1, destroy: 2 });
  expect(Object.keys(await watch.end())).toEqual(["1"]);
  await expectGreenAlone("1", "1", "2");
  expect(await shop.diff()).toEqual(nothing);
  await shop.destroy();
});
