import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { renames } from "../../scripts/cdktn-package";
import { packagesNamedIn, renameSpecifiers } from "../../scripts/rename-specifiers";
import { CdktnPackage } from "../support/cdktn-package";
import { copyOfProject, outputOf, projectFolder, run } from "../support/command";
import { temporaryFolder, writeFiles } from "../support/project";

jest.setTimeout(300_000);

const packed = temporaryFolder();
let tarball = "";

beforeAll(() => {
  const { status, stderr, stdout } = spawnSync("npm", ["pack", "--json", "--pack-destination", packed], {
    // What it builds is not what the other tests run.
    cwd: copyOfProject(),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("[")));
  spawnSync("tar", ["xzf", filename], { cwd: packed });
  tarball = join(packed, filename);
});

/** Installs the packed package in a folder, with links to what this project has beside it: one copy of each. */
function install(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const name of readdirSync(join(projectFolder, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(projectFolder, "node_modules", name), join(modules, name));
  }
  for (const name of ["jest", "tsc", "ts-node", "cdktf"])
    symlinkSync(join(projectFolder, "node_modules/.bin", name), join(modules, ".bin", name));
  cpSync(join(packed, "package"), join(modules, "lambda-release"), { recursive: true });
  symlinkSync("../lambda-release/bin.js", join(modules, ".bin/lambda-release"));
}

async function succeeds(folder: string, command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(folder, "sh", ["-c", command]);
  expect({ command, exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  return stdout;
}

test("the package holds what a user needs, and nothing else", () => {
  const paths = readdirSync(join(packed, "package"), { recursive: true, encoding: "utf8" });
  const top = new Set(paths.map((path) => path.split("/")[0]));
  expect([...top].sort()).toEqual([
    ".github",
    ".terraform.lock.hcl",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "bin.js",
    "dist",
    "jest.js",
    "launch.js",
    "main.ts",
    "package.json",
    "schemas",
  ]);
  expect(paths).toEqual(
    expect.arrayContaining([
      "dist/stacks/releases.d.ts",
      "dist/src/rehearsal/lambda/python-runtime.py",
      "dist/src/hooks/hook.ts",
      "dist/stacks/canary-stage-stack.js.map",
    ]),
  );
  const inside = paths.filter((path) => /^dist\/src\/(cli|rehearsal|review|workflows)\//.test(path));
  expect(inside.filter((path) => /\.(d\.ts|map)$/.test(path))).toEqual([]);
});

describe("a new project", () => {
  const folder = join(temporaryFolder(), "shop");
  beforeAll(async () => {
    install(folder);
    await succeeds(folder, "npx lambda-release init --aws-provider 5");
  });

  test("is tested, type-checked, synthesized, rehearsed and released from", async () => {
    for (const page of ["extend-a-stack.ts", "extend-with-a-table.ts", "constructs-alone.ts"])
      cpSync(join(projectFolder, "docs", page), join(folder, page));
    await succeeds(folder, "npm test && npx tsc && npx lambda-release doctor");
    expect(await succeeds(folder, "npm run --silent synth")).toBe("synthesized greeting-dev\n");
    expect(await succeeds(folder, "npm start -- --requests 20")).toContain("No request failed.");
    await succeeds(folder, "npx cdktf synth");
    const git = "git -c user.name=t -c user.email=t@example.com";
    await succeeds(folder, `git init --quiet && git add . && ${git} commit --quiet -m one`);
    await succeeds(folder, "cp -r lambdas/greeting/v1 lambdas/greeting/v2");
    await succeeds(folder, "npx lambda-release publish dev/greeting v2 --yes");
    expect(await succeeds(folder, "npx lambda-release review --base HEAD")).toContain("publish v2");
    await succeeds(folder, "npx lambda-release start dev/greeting v2 --percent 10 --yes");
    expect(await succeeds(folder, "npx lambda-release rehearse dev/greeting --from HEAD --seed 1")).toContain(
      "(v1 90 %, v2 10 %)",
    );
  });

  test("passes its tests with other services in place of the example", async () => {
    await succeeds(
      folder,
      'npx lambda-release new dev/orders --route "GET /orders/{id}" --route "POST /orders"',
    );
    await succeeds(
      folder,
      "npx lambda-release new prod/checkout --strategy codedeploy-alias --region eu-west-1",
    );
    await succeeds(folder, "npx lambda-release new dev/search --strategy weighted-alias --language python");
    await succeeds(folder, "rm -r releases/dev/greeting.json lambdas/greeting && npm test");
    expect(await succeeds(folder, "npx lambda-release synth")).toBe(
      "synthesized checkout-prod, orders-dev, search-dev\n",
    );
  });

  test("writes what this repository writes of the same files, byte for byte", async () => {
    const repository = copyOfProject();
    for (const name of ["releases", "lambdas", "containers"]) {
      rmSync(join(folder, name), { recursive: true, force: true });
      cpSync(join(repository, name), join(folder, name), { recursive: true });
    }
    rmSync(join(folder, "cdktf.out"), { recursive: true });
    await succeeds(folder, "npx lambda-release synth");
    await succeeds(repository, "node bin.js synth");
    expect(outputOf(folder)).toEqual(outputOf(repository));
  });

  test("writes where its cdktf.json says", async () => {
    const file = join(folder, "cdktf.json");
    const before = readFileSync(file, "utf8");
    writeFiles(folder, { "cdktf.json": { ...JSON.parse(before), output: "build/out" } });
    await succeeds(folder, "mkdir build && npx lambda-release synth");
    expect(readdirSync(join(folder, "build/out"))).toEqual(["manifest.json", "stacks"]);
    writeFiles(folder, { "cdktf.json": before });
  });
});

describe("a project that 'cdktf init' wrote", () => {
  const folder = join(temporaryFolder(), "foreign");
  const template = join(projectFolder, "node_modules/@cdktf/cli-core/templates/typescript");
  const textOf = (name: string) => readFileSync(join(folder, name), "utf8");

  test("gets what it lacks, keeps what it has, and releases beside its own stacks", async () => {
    cpSync(template, folder, { recursive: true });
    for (const name of ["main.ts", "package.json", "cdktf.json"])
      writeFiles(folder, {
        [name]: textOf(name)
          .replaceAll("{{ $base }}", "own")
          .replace(/\{\{\w+\}\}/g, ""),
      });
    renameSync(join(folder, "{{}}.gitignore"), join(folder, ".gitignore"));
    const kept = ["main.ts", "package.json", "cdktf.json", "jest.config.js", "tsconfig.json", ".gitignore"];
    const before = kept.map(textOf);
    install(folder);
    const printed = await succeeds(folder, "npx lambda-release init --aws-provider 5");
    expect(kept.map(textOf)).toEqual(before);
    const [, added = "", inPlace = ""] =
      /add to main\.ts, .*\n {2}(import .*)\n {2}(addReleases.*)\n/.exec(printed) ?? [];
    writeFiles(folder, {
      "main.ts": `${added}\n${textOf("main.ts").replace("app.synth();", inPlace)}`,
    });
    await succeeds(folder, "npx ts-node main.ts && npx tsc --noEmit && npx jest");
    const { stacks } = JSON.parse(textOf("cdktf.out/manifest.json"));
    expect(Object.keys(stacks).sort()).toEqual(["greeting-dev", "own"]);
    expect(await succeeds(folder, "npx lambda-release rehearse dev/greeting --requests 5")).toContain(
      "No request failed.",
    );
  });
});

test("two copies of cdktf are refused in one line", async () => {
  const folder = join(temporaryFolder(), "twice");
  install(folder);
  await succeeds(folder, "npx lambda-release init --aws-provider 5");
  cpSync(
    join(projectFolder, "node_modules/cdktf"),
    join(folder, "node_modules/lambda-release/node_modules/cdktf"),
    {
      recursive: true,
    },
  );
  const { exitCode, stderr } = await run(folder, "npx", ["lambda-release", "synth"]);
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^there are two copies of cdktf: .*\n$/)]);
  const doctor = await run(folder, "npx", ["lambda-release", "doctor"]);
  expect(doctor).toEqual({ exitCode: 1, stdout: expect.stringMatching(/^cdktf +two copies: /m), stderr: "" });
});

test("the package for cdktn has its types: a project with a stack of its own is type-checked", async () => {
  const folder = join(temporaryFolder(), "terrain");
  const made = await CdktnPackage.make(tarball);
  made.installIn(folder);
  const modules = readdirSync(made.folder, { recursive: true, encoding: "utf8" });
  const types = modules.filter((path) => path.endsWith(".d.ts"));
  expect(types).toContain("dist/stacks/releases.d.ts");
  const named = types.flatMap((path) => packagesNamedIn(path, readFileSync(join(made.folder, path), "utf8")));
  expect(named.filter((name) => /^@?cdktf|^lambda-release$/.test(name))).toEqual([]);
  await succeeds(folder, "npx lambda-release init");
  const stack = readFileSync(join(projectFolder, "docs/extend-a-stack.ts"), "utf8");
  writeFiles(folder, {
    "alarmed.ts": renameSpecifiers("alarmed.ts", stack, renames),
    "misused.ts": `import { AlarmedStack } from "./alarmed";\n// @ts-expect-error: a stack of cdktn has no such member\nconsole.log(AlarmedStack.prototype.nothing);\n`,
  });
  await succeeds(folder, "npx tsc");
});
