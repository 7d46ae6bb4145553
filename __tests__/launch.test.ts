import { readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { withoutStackTraces } from "../stacks/creation-stacks";
import { copyOfProject, outputOf, run } from "./support/command";
import { writeFiles } from "./support/project";

jest.setTimeout(180_000);

/** As cdktf.json starts the app. */
const launch = (project: string) => run(project, "node", ["-r", "./launch.js", "main.ts"]);

test("writes the same bytes as tsx does from the sources", async () => {
  const [project, plain] = [copyOfProject(), copyOfProject()];
  writeFiles(plain, {
    "main.ts": readFileSync(join(plain, "main.ts"), "utf8").replace("lambda-release", "./stacks/releases"),
  });
  expect(await run(plain, "node", ["--import", "tsx", "main.ts"])).toMatchObject({ exitCode: 0 });
  expect(await launch(project)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  expect(outputOf(project)).toEqual(outputOf(plain));
});

test("a reference from one stack to another is written as cdktf writes it", async () => {
  const project = copyOfProject();
  writeFiles(project, {
    "own/stacks.ts": `import { TerraformOutput, type App, type TerraformStack } from "cdktf";
      export function refer(app: App): void {
        const [one, other] = ["greeting-dev", "weather-dev"].map((name) => app.node.findChild(name) as TerraformStack);
        const { id } = one!.node.findChild("api") as unknown as { id: string };
        new TerraformOutput(other!, "api_of_another_stack", { value: id });
      }`,
    "main.ts": `import { App } from "cdktf";
      import { addReleases } from "lambda-release";
      import { refer } from "./own/stacks";
      const app = new App();
      addReleases(app, __dirname).then(() => { refer(app); app.synth(); });`,
  });
  expect(await launch(project)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  const { data, output } = JSON.parse(
    readFileSync(join(project, "cdktf.out/stacks/weather-dev/cdk.tf.json"), "utf8"),
  );
  expect(Object.keys(data.terraform_remote_state)).toEqual([
    expect.stringContaining("cross-stack-reference-input-greeting-dev"),
  ]);
  expect(output.api_of_another_stack.value).toMatch(/^\$\{data\.terraform_remote_state\..*greeting-dev/);
});

describe("never runs old code", () => {
  const source = "src/release/problem.ts";
  const edited = "throw new Error('edited');\n";

  test("of a source", async () => {
    const project = copyOfProject();
    await launch(project);
    writeFiles(project, { [source]: edited });
    expect((await launch(project)).stderr).toContain("Error: edited");
  });

  test("of a source that another commit has, with an earlier time", async () => {
    const project = copyOfProject();
    const { mtimeMs } = statSync(join(project, source));
    writeFiles(project, { [source]: edited });
    utimesSync(join(project, source), new Date(mtimeMs - 60_000), new Date(mtimeMs - 60_000));
    expect((await launch(project)).stderr).toContain("Error: edited");
  });

  test("where several start at once", async () => {
    const project = copyOfProject();
    writeFiles(project, { [source]: edited });
    for (const { stderr } of await Promise.all([1, 2, 3].map(() => launch(project))))
      expect(stderr).toContain("Error: edited");
  });
});

test("cdktf captures no stack trace for what is made", () => {
  expect(withoutStackTraces()).toBe(true);
  const output = new TerraformOutput(new TerraformStack(new App({ outdir: "cdktf.out" }), "one"), "two", {
    value: 1,
  });
  expect(output.cdktfStack.node.metadata.flatMap(({ trace = [] }) => trace)).toEqual([]);
});
