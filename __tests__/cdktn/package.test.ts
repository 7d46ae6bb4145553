import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { renames } from "../../scripts/cdktn-package";
import { packagesNamedIn, renameSpecifiers } from "../../scripts/rename-specifiers";
import { CdktnPackage } from "../support/cdktn-package";
import { projectFolder, run } from "../support/command";
import { temporaryFolder, writeFiles } from "../support/project";

jest.setTimeout(300_000);

let made: CdktnPackage;
beforeAll(async () => {
  made = await CdktnPackage.make();
});

test("nothing in the package imports cdktf, and all that it imports is asked for", () => {
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(made.folder, "package.json"), "utf8"),
  );
  const modules = readdirSync(made.folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.(js|mjs|ts)$/.test(path),
  );
  const named = new Set(
    modules.flatMap((path) => packagesNamedIn(path, readFileSync(join(made.folder, path), "utf8"))),
  );
  expect([...named].filter((name) => /^@?cdktf|^lambda-release$/.test(name))).toEqual([]);
  expect([...named]).toEqual(expect.arrayContaining(Object.keys(peerDependencies)));
  expect(dependencies).toEqual(
    JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8")).dependencies,
  );
});

interface Stack {
  readonly "//": { readonly metadata: { readonly version: string } };
  readonly terraform: { readonly required_providers: Readonly<Record<string, object>> };
}

/** What a project's stacks are made with, and all else of every file. Locks of providers are the project's own. */
function synthesizedIn(output: string) {
  const files = readdirSync(output, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== ".terraform.lock.hcl")
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const versions = new Set<string>();
  const contents = files.map((file) => {
    const path = file.slice(output.length + 1);
    if (!path.endsWith(".json")) return [path, readFileSync(file, "base64")];
    const json = JSON.parse(readFileSync(file, "utf8"));
    if (path === "manifest.json") return [path, { ...json, version: undefined }];
    if (!path.endsWith("cdk.tf.json")) return [path, json];
    const { "//": about, terraform, ...rest } = json as Stack;
    const { version, ...metadata } = about.metadata;
    const { required_providers: providers, ...settings } = terraform;
    versions.add(JSON.stringify({ version, ...providers }));
    return [path, { ...rest, metadata, settings, providers: Object.keys(providers) }];
  });
  return { files: Object.fromEntries(contents), versions: [...versions].map((text) => JSON.parse(text)) };
}

test.each([".", "examples"])(
  "what is synthesized of %s is as with cdktf, but for its versions",
  async (path) => {
    const [before, after] = [temporaryFolder(), temporaryFolder()];
    const source = join(projectFolder, path);
    const project = temporaryFolder();
    for (const name of readdirSync(source).filter((name) => /^(releases|lambdas|containers)$/.test(name)))
      cpSync(join(source, name), join(project, name), { recursive: true });
    const main = readFileSync(join(source, "main.ts"), "utf8");
    writeFiles(project, { "main.ts": renameSpecifiers("main.ts", main, renames) });
    made.installIn(project);
    const start = (folder: string, launch: string, out: string) =>
      run(folder, process.execPath, ["-r", launch, "main.ts"], { CDKTF_OUTDIR: out });
    expect(await start(source, join(projectFolder, "launch.js"), before)).toMatchObject({ exitCode: 0 });
    expect(await start(project, "lambda-release-cdktn/launch", after)).toMatchObject({ exitCode: 0 });
    const [{ files }, cdktn] = [synthesizedIn(before), synthesizedIn(after)];
    expect(Object.keys(files).length).toBeGreaterThan(10);
    expect(cdktn.files).toEqual(files);
    for (const found of cdktn.versions)
      expect(found).toEqual({
        version: "0.24.0",
        aws: { source: "hashicorp/aws", version: "6.66.0" },
        ...("archive" in found ? { archive: { source: "hashicorp/archive", version: "2.8.1" } } : {}),
      });
  },
);
