import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRelease } from "../../src/release/files/project";
import { pushImage } from "../../src/workflows/image";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { createProject, handler, shop, writeFiles } from "../support/project";

const release = { strategy: "blue-green-stage", versions: [1], stable: 1 };
const project = createProject(shop(release, { "lambdas/shop/shop.ts": handler("1") }));
const digest = `sha256:${"a".repeat(64)}`;

/** A registry that has the tag `old`, and what was pushed. */
const commands = fakeCommands({
  aws: (args) => {
    const call = args.join(" ");
    if (call.includes("describe-repositories"))
      return { stdout: "111122223333.dkr.ecr.example.com/shop-dev\n" };
    if (call.includes("get-login-password")) return { stdout: "secret\n" };
    const isThere = call.includes("imageTag=old") || require("node:fs").existsSync("pushed");
    if (call.includes("imageTag=denied")) return { status: 254, stderr: "AccessDeniedException" };
    if (isThere) return { stdout: `sha256:${"a".repeat(64)}\n` };
    return { status: 254, stderr: "An error occurred (ImageNotFoundException)" };
  },
  docker: ([command], input) => {
    if (command === "login" && input !== "secret") return { status: 1, stderr: "no password" };
    if (command === "push") require("node:fs").writeFileSync("pushed", "");
    return {};
  },
});
usedInstead(commands);

const before = process.cwd();
beforeAll(() => process.chdir(project));
afterAll(() => process.chdir(before));
const dockerCalls = () => commands.calls().filter((call) => call.startsWith("docker"));

test("a service without a Dockerfile has no image", () => {
  expect(() => pushImage(readRelease("dev/shop"), "new")).toThrow("dev/shop has no lambdas/shop/Dockerfile");
  writeFileSync(join(project, "lambdas/shop/Dockerfile"), "FROM scratch\n");
});

test("an image that the repository has is not built again", () => {
  expect(pushImage(readRelease("dev/shop"), "old")).toBe(
    `111122223333.dkr.ecr.example.com/shop-dev@${digest}`,
  );
  expect(dockerCalls()).toEqual([]);
});

test("what AWS refuses is told, and nothing is built", () => {
  expect(() => pushImage(readRelease("dev/shop"), "denied")).toThrow("AccessDeniedException");
  expect(dockerCalls()).toEqual([]);
});

test("a new image is built for Lambda, pushed, and named by its digest; the password is in no argument", () => {
  expect(pushImage(readRelease("dev/shop"), "new")).toBe(
    `111122223333.dkr.ecr.example.com/shop-dev@${digest}`,
  );
  const image = "111122223333.dkr.ecr.example.com/shop-dev:new";
  expect(dockerCalls()).toEqual([
    "docker login --username AWS --password-stdin 111122223333.dkr.ecr.example.com",
    `docker build --platform linux/amd64 --provenance=false --tag ${image} ${readRelease("dev/shop").project}/lambdas/shop`,
    `docker push ${image}`,
  ]);
});

test("an image for a function on arm64 is built for that", () => {
  rmSync(join(project, "pushed"));
  writeFiles(project, {
    "releases/dev/shop.json": { ...release, settings: { architecture: "arm64" } },
  });
  pushImage(readRelease("dev/shop"), "arm");
  expect(dockerCalls()).toContainEqual(
    expect.stringMatching(/^docker build --platform linux\/arm64 .*:arm /),
  );
});
