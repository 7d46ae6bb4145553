import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { packageHandlers } from "../../packaging/handler-files";
import { readReleases } from "../../release/file";
import { formatProblem } from "../../release/problem";
import { filesOnDisk } from "../../release/project-files";
import { createProject, type Files, handler, shop } from "../support/project";

async function packagesOf(files: Files) {
  const project = createProject(files);
  const { packages, problems } = await packageHandlers(project, readReleases(filesOnDisk(project)).releases);
  const contents = [...packages].map(([name, entries]) => [
    name,
    Object.fromEntries([...entries].map(([path, content]) => [path, Buffer.from(content).toString()])),
  ]);
  return { packages: Object.fromEntries(contents), lines: problems.map(formatProblem), project };
}

test("TypeScript becomes one file that has what it imports, and leaves the AWS SDK to Lambda", async () => {
  const { packages } = await packagesOf(
    shop(
      { versions: ["v1"] },
      {
        "lambdas/shop/v1/shop.ts":
          'import { greet } from "./greet";\nimport { S3Client } from "@aws-sdk/client-s3";\nexport const handler = () => greet(S3Client);\n',
        "lambdas/shop/v1/greet.ts": "export const greet = (who: unknown): unknown => who;\n",
      },
    ),
  );
  expect(Object.keys(packages["shop-dev-v1"])).toEqual(["shop.js"]);
  expect(packages["shop-dev-v1"]["shop.js"]).toContain("var greet = (who) => who;");
  expect(packages["shop-dev-v1"]["shop.js"]).toContain('require("@aws-sdk/client-s3")');
});

test("Python is taken as it stands, without what is only of this machine", async () => {
  const { packages } = await packagesOf(
    shop(
      { versions: ["v3"], stable: "v3" },
      {
        "lambdas/shop/v3/shop.py": "import lib.names\n",
        "lambdas/shop/v3/lib/names.py": "x = 1\n",
        "lambdas/shop/v3/__pycache__/shop.cpython-312.pyc": "cached",
        "lambdas/shop/v3/.venv": "no",
      },
    ),
  );
  expect(packages["shop-dev-v3"]).toEqual({ "lib/names.py": "x = 1\n", "shop.py": "import lib.names\n" });
});

test("the same sources give the same bytes in another folder", async () => {
  const one = await packagesOf(shop({}));
  const other = await packagesOf(shop({}));
  expect(other.project).not.toBe(one.project);
  expect(other.packages).toEqual(one.packages);
  expect(JSON.stringify(one.packages)).not.toContain(one.project);
});

test("a hook is bundled for each service that has it, with the library that makes it one", async () => {
  const { packages } = await packagesOf({
    ...shop({ strategy: "codedeploy-alias", versions: [1], stable: 1, hooks: { afterTraffic: "look" } }),
    "lambdas/shop/shop.ts": handler("1"),
    "lambdas/hooks/look.ts": 'import { hook } from "./hook";\nexport const handler = hook();\n',
    "lambdas/hooks/hook.ts": 'import "@aws-sdk/client-codedeploy";\nexport const hook = () => "made";\n',
  });
  expect(Object.keys(packages)).toEqual(["shop-dev", "CodeDeployHook_shop-dev-look"]);
  expect(Object.keys(packages["CodeDeployHook_shop-dev-look"])).toEqual(["look.js"]);
  expect(packages["CodeDeployHook_shop-dev-look"]["look.js"]).toContain('var hook = () => "made";');
  expect(packages["CodeDeployHook_shop-dev-look"]["look.js"]).toContain(
    'require("@aws-sdk/client-codedeploy")',
  );
});

test("a handler that cannot be bundled is a line with file and place", async () => {
  const { lines } = await packagesOf(shop({}, { "lambdas/shop/v2/shop.ts": "export const handler = (;\n" }));
  expect(lines).toEqual([
    'lambdas/shop/v2/shop.ts:1:25 must be TypeScript that can be bundled: Unexpected ";"',
  ]);
});

test("links of a Python folder to the folders they are in are lines, however many there are", async () => {
  const project = createProject(
    shop(
      { versions: ["v3"], stable: "v3" },
      { "lambdas/shop/v3/shop.py": "", "lambdas/shop/v3/lib/names.py": "" },
    ),
  );
  const folder = join(project, "lambdas/shop/v3");
  for (const [target, name] of [
    [".", "one"],
    [".", "two"],
    ["..", "lib/up"],
    ["lib", "again"],
  ] as const)
    symlinkSync(target, join(folder, name));
  const { packages, problems } = await packageHandlers(project, readReleases(filesOnDisk(project)).releases);
  const inFolder = problems.map(formatProblem);
  expect(inFolder).toEqual(
    ["again/up", "lib/up", "one", "two"].map(
      (name) => `lambdas/shop/v3/${name} must not be a link to a folder that it is in`,
    ),
  );
  expect([...(packages.get("shop-dev-v3")?.keys() ?? [])]).toEqual([
    "again/names.py",
    "lib/names.py",
    "shop.py",
  ]);
});
