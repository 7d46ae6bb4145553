import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { copyOfProject, outputOf, projectFolder, run } from "./support/command";
import { writeFiles } from "./support/project";

jest.setTimeout(60_000);

const launch = (project: string) => run(project, "node", ["launch.js"]);

/** A copy of the project whose packages are its own: links, but for the one that a test edits. */
function copyWithPackages(edited: string): string {
  const project = copyOfProject();
  const packages = join(project, "node_modules");
  rmSync(packages);
  mkdirSync(packages);
  for (const name of readdirSync(join(projectFolder, "node_modules"))) {
    if (name !== ".cache" && name !== edited)
      symlinkSync(join(projectFolder, "node_modules", name), join(packages, name));
  }
  cpSync(join(projectFolder, "node_modules", edited), join(packages, edited), { recursive: true });
  return project;
}

test("gives the same bytes as a plain start, with packages bundled anew and kept", async () => {
  const [fast, plain] = [copyWithPackages("zod"), copyOfProject()];
  const { exitCode } = await run(plain, "node", ["--import", "tsx", "main.ts"]);
  expect(exitCode).toBe(0);
  for (const start of ["first", "second"]) {
    await launch(fast);
    expect([start, outputOf(fast)]).toEqual([start, outputOf(plain)]);
  }
});

test("gives the same bytes as a plain start where one stack refers to another", async () => {
  const [fast, plain] = [copyOfProject(), copyOfProject()];
  const referring = `import { TerraformOutput, type TerraformStack } from "cdktf";
    export * from "./all";
    import { addStacks as add } from "./all";
    export const addStacks: typeof add = (app, ...rest) => {
      add(app, ...rest);
      const [one, , other] = app.node.children as TerraformStack[];
      const role = one!.node.findChild("role") as unknown as { arn: string };
      new TerraformOutput(other!, "role_of_another_stack", { value: role.arn });
    };`;
  for (const project of [fast, plain]) {
    renameSync(join(project, "stacks/release-stacks.ts"), join(project, "stacks/all.ts"));
    writeFiles(project, { "stacks/release-stacks.ts": referring });
  }
  expect(await launch(fast)).toMatchObject({ exitCode: 0, stderr: "" });
  await run(plain, "node", ["--import", "tsx", "main.ts"]);
  expect(outputOf(fast)).toEqual(outputOf(plain));
});

describe("never runs stale code", () => {
  const package_ = "fastest-levenshtein";
  const problem = {
    "releases/dev/greeting.json": { strategie: "canary-stage", versions: ["v1"], stable: "v1" },
  };

  test("of a source", async () => {
    const project = copyOfProject();
    await launch(project);
    writeFiles(project, { "src/release/problem.ts": "throw new Error('edited');\n" });
    expect((await launch(project)).stderr).toBe("launch.js: edited\n");
  });

  test("of a package that was edited by hand", async () => {
    const project = copyWithPackages(package_);
    writeFiles(project, problem);
    expect((await launch(project)).stderr).toContain("did you mean");
    appendFileSync(join(project, "node_modules", package_, "esm/mod.js"), "throw new Error('edited');\n");
    appendFileSync(join(project, "node_modules", package_, "mod.js"), "throw new Error('edited');\n");
    expect((await launch(project)).stderr).toContain("edited");
  });
});

test("starts without what was kept, where that cannot be read", async () => {
  const project = copyWithPackages("zod");
  await launch(project);
  writeFileSync(join(project, "node_modules/.cache/launch/packages"), "half of it");
  expect(await launch(project)).toMatchObject({ exitCode: 0, stderr: "" });
});

test("starts where nothing can be kept", async () => {
  const project = copyWithPackages("zod");
  writeFiles(project, { "node_modules/.cache": "a file, so no folder can be made" });
  expect(await launch(project)).toMatchObject({ exitCode: 0, stderr: "" });
});
