import { createProject, handler, shop } from "../support/project";
import { release } from "../support/release-command";

const ofCodeDeploy = { strategy: "codedeploy-alias", versions: [1, 2], stable: 1 };
const code = { "lambdas/shop/shop.ts": handler("1") };

test("what CodeDeploy shifts has no share in the file, and no verb that shifts it", async () => {
  const project = createProject(shop({ ...ofCodeDeploy, canary: { version: 2 } }, code));
  const { stdout: status } = await release(project, ["status", "dev/shop", "--json"]);
  expect(JSON.parse(status)).toMatchObject({
    traffic: { 1: 100, 2: 0 },
    canary: { version: "2" },
    next: ["rollout dev/shop", "promote dev/shop", "rollback dev/shop"],
  });
  expect(JSON.parse(status).canary).not.toHaveProperty("percent");
  const { stdout: list } = await release(project, ["list", "dev"]);
  expect(list).toMatch(/^dev\/shop +codedeploy-alias +1 +2 +CodeDeploy /m);
});

test("starting names the version and no percent", async () => {
  const project = createProject(shop(ofCodeDeploy, code));
  const { stdout } = await release(project, ["status", "dev/shop"]);
  expect(stdout).toContain("start dev/shop 2   tries 2 by CodeDeploy");
});

test("a shift of an alias waits for nobody", async () => {
  const project = createProject(shop({ ...ofCodeDeploy, canary: { version: 2 } }, code));
  expect(await release(project, ["continue", "dev/shop", "--yes"])).toMatchObject({
    exitCode: 2,
    stderr: "error: CodeDeploy does not wait with codedeploy-alias: it shifts by the clock alone\n",
  });
});

test("the next version of containers needs an image, and no folder is taken for one", async () => {
  const image = (digit: string) => `registry.example.com/shop@sha256:${digit.repeat(64)}`;
  const containers = {
    strategy: "ecs-blue-green",
    versions: { v1: { container: { image: image("1") } } },
    stable: "v1",
  };
  const project = createProject(shop(containers, { "lambdas/shop/v2/shop.ts": handler("2") }));
  const { stdout } = await release(project, ["status", "dev/shop"]);
  expect(stdout).toContain(
    "next   npx lambda-release publish dev/shop <version> --image <uri>   makes the next",
  );
  const published = await release(project, ["publish", "dev/shop", "v2", "--image", image("2"), "--yes"]);
  expect(published).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("next   npx lambda-release start dev/shop v2   tries v2 by CodeDeploy"),
  });
  const started = await release(project, ["start", "dev/shop", "v2", "--yes"]);
  expect(started.stdout).toContain(
    "next   npx lambda-release rollout dev/shop    has CodeDeploy shift to v2",
  );
});

test("a canary whose percent is left to the default is told with it", async () => {
  const project = createProject(shop({ canary: { version: "v2" } }));
  const { stdout } = await release(project, ["status", "dev/shop", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    canary: { version: "v2", percent: 10 },
    traffic: { v1: 90, v2: 10 },
  });
});
