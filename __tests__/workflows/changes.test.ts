import { spawnSync } from "node:child_process";
import { changedEnvironments } from "../../src/workflows/changes";
import { createProject, handler, shop, writeFiles } from "../support/project";

/** Writes what Terraform reads of each stack, from files of its own: a whole app takes ten seconds. */
const app = `
const { copyFileSync, mkdirSync, writeFileSync } = require("node:fs");
const out = process.env.CDKTF_OUTDIR;
const stacks = ["basket-dev", "shop-dev"];
for (const stack of stacks) {
  const folder = out + "/stacks/" + stack;
  mkdirSync(folder + "/packages/own", { recursive: true });
  copyFileSync(stack + "/cdk.tf.json", folder + "/cdk.tf.json");
  copyFileSync(stack + "/providers", folder + "/.terraform.lock.hcl");
  copyFileSync(stack + "/code", folder + "/packages/own/code.js");
}
writeFileSync(out + "/manifest.json", JSON.stringify({ stacks: Object.fromEntries(stacks.map((one) => [one, {}])) }));
`;
const outputs = ["basket-dev", "shop-dev"].flatMap((stack) =>
  ["cdk.tf.json", "providers", "code"].map((name) => `${stack}/${name}`),
);
const locks = ["package.json", "package-lock.json", "npm-shrinkwrap.json", ".npmrc", ".terraform.lock.hcl"];
const paths = [
  ...outputs,
  ...locks.flatMap((name) => [name, `lambdas/shop/v1/${name}`, `lambdas/hooks/${name}`]),
];
const first = Object.fromEntries(paths.map((path) => [path, contentOf(path, "1")]));
const project = createProject(
  shop(
    {},
    {
      ...first,
      "cdktf.json": { app: "node app.js" },
      "app.js": app,
      "releases/dev/basket.json": { strategy: "canary-stage", versions: ["v1"], stable: "v1" },
      "lambdas/basket/v1/basket.ts": handler("v1"),
    },
  ),
);

beforeAll(() => {
  git("init", "--quiet");
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message", "live");
});
beforeEach(() => jest.spyOn(console, "error").mockImplementation());

function git(...args: string[]): void {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: project, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** Node 24 refuses a package.json that is no object. */
function contentOf(path: string, text: string): string {
  return path.endsWith("package.json") ? JSON.stringify({ version: text }) : text;
}

/** The stacks that a change of one file is about. */
function changedBy(file: string): string[] {
  writeFiles(project, { [file]: contentOf(file, "2") });
  try {
    return changedEnvironments(project, "HEAD").flatMap(({ stacks }) => stacks.map(({ name }) => name));
  } finally {
    writeFiles(project, { [file]: first[file] ?? "" });
  }
}

test.each(["cdk.tf.json", "providers", "code"])("other %s of a stack is a change of that stack", (name) => {
  expect(changedBy(`shop-dev/${name}`)).toEqual(["shop-dev"]);
});

test("what no stack is made of is no change", () => {
  expect(changedBy("notes.txt")).toEqual([]);
});

// What they install may make another output only where it is applied: the base is synthesized with what is installed now.
describe.each(locks)("another %s", (name) => {
  test("of the project, or of what all services have, is a change of every stack", () => {
    const all = ["basket-dev", "shop-dev"];
    expect([changedBy(name), changedBy(`lambdas/hooks/${name}`)]).toEqual([all, all]);
  });

  test("of a service is a change of its stack alone", () => {
    expect(changedBy(`lambdas/shop/v1/${name}`)).toEqual(["shop-dev"]);
  });
});
