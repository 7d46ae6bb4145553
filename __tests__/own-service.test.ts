import { join } from "node:path";
import { bin, projectFolder, run } from "./support/command";
import { installIn } from "./support/installed-project";
import { temporaryFolder, writeFiles } from "./support/project";
import { blocksOf, sectionOf } from "./support/readme";
import { shape } from "./support/shape";

jest.setTimeout(120_000);

test("what the README says of a service of your own works in a project that init made", async () => {
  const project = join(temporaryFolder(), "shop");
  const succeeds = async (folder: string, commands: string) => {
    const script = commands.replaceAll("npx lambda-release", `${process.execPath} ${bin}`);
    const finished = await run(folder, "sh", ["-e", "-c", script], { npm_config_prefer_offline: "true" });
    expect({ commands, ...finished }).toMatchObject({ exitCode: 0 });
    return finished.stdout;
  };
  await succeeds(join(project, ".."), "npx lambda-release init shop --aws-provider 5");
  installIn(project);
  let printed = "";
  for (const { note = "", text } of blocksOf(sectionOf("README.md", "Your own service"))) {
    const [what, path = ""] = note.split(" ");
    if (what === "write") writeFiles(project, { [path]: text });
    else if (what === "prints") expect(shape(printed)).toContain(shape(text));
    else printed = await succeeds(project, text);
  }
  const tsc = join(projectFolder, "node_modules/.bin/tsc");
  const options = "--noEmit --strict --module node16 --moduleResolution node16 --skipLibCheck --types node";
  await succeeds(project, `${tsc} ${options} lambdas/notes/v1/notes.ts`);
});
