import { rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../support/command";
import type { Files } from "../support/project";
import { life, shopWithDefinition, wider } from "../support/shop";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers, answersDuring } from "./answers";
import { DeployedProject } from "./deployed-project";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

const canary = { canary: { version: "v2", percent: 50 } };
const withCanary = shopWithDefinition(wider, canary);

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws?.stop());

const deployed = () => new DeployedProject(aws.endpoint, "shop-dev", canInstallArchiveProvider());

/** Whoever answers the route that v2 brought. */
const answering = async (shop: DeployedProject) =>
  Object.keys(await answers(`${shop.url}/offers`, 60)).sort();

describe("a service with two versions, deployed from nothing", () => {
  test("as it is, gives every version the definition of the file", async () => {
    const shop = deployed();
    await shop.write(withCanary);
    expect(await shop.deploy()).toEqual({ add: 27, change: 0, destroy: 0 });
    expect(await answering(shop)).toEqual(["v1", "v2"]);
    await shop.destroy();
  });

  test("commit by commit, gives each version the definition that it was published with", async () => {
    const shop = deployed();
    const git = async (...args: string[]) => {
      const author = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
      const { exitCode, stdout, stderr } = await run(shop.folder, "git", [...author, ...args]);
      if (exitCode !== 0) throw new Error(stderr);
      return stdout;
    };
    const commit = async (files: Files) => {
      await shop.write(files);
      await git("add", ".");
      await git("commit", "--quiet", "--message", "step");
    };
    await git("init", "--quiet", "--initial-branch", "main");
    await commit(life.first);
    await commit(shopWithDefinition(wider, {}));
    await commit(withCanary);

    const publishing = async (version: string) => {
      const log = await git(
        "log",
        "--reverse",
        "--format=%h",
        `-S"${version}"`,
        "--",
        "releases/dev/shop.json",
      );
      return log.split("\n")[0] ?? "";
    };
    for (const commit of [await publishing("v1"), await publishing("v2"), "main"]) {
      await git("checkout", "--quiet", commit);
      await shop.write({});
      await shop.deploy();
    }
    expect(await answering(shop)).toEqual(expect.arrayContaining(["v2"]));
    expect(await answering(shop)).not.toContain("v1");
    expect(Object.keys(await answers(`${shop.url}/`, 60)).sort()).toEqual(["v1", "v2"]);
    await shop.destroy();
  });
});

describe("a service whose state alone is lost", () => {
  test("is adopted by its own names while it goes on answering, and has its state again", async () => {
    const project = deployed();
    await project.write(withCanary);
    await project.deploy();
    const address = `${project.url}/`;
    const api = project.output("api_id");
    rmSync(join(project.folder, "terraform-state"), { recursive: true });

    const functions = { v1: { shop: "shop-dev-v1" }, v2: { shop: "shop-dev-v2" } };
    await project.write(shopWithDefinition(wider, { ...canary, adopt: { api, stage: true, functions } }));
    const seen = await answersDuring(address, async () => {
      expect(await project.deploy()).toEqual({ import: 12, add: 15, change: 3, destroy: 0 });
    });
    expect(seen.sort()).toEqual(["v1", "v2"]);
    expect(`${project.url}/`).toBe(address);

    await project.write(withCanary);
    expect(await project.diff()).toEqual({ add: 0, change: 0, destroy: 0 });
    expect(await project.destroy()).toEqual({ add: 0, change: 0, destroy: 27 });
  });
});
