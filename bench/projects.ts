import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const project = join(__dirname, "..");
const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the program with no releases, which is gone when this process ends. */
export function emptyCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), "lambda-release-bench-"));
  folders.push(copy);
  const left = ["node_modules", "cdktf.out", "releases", "lambdas", "terraform-state", "__tests__"];
  for (const name of readdirSync(project)) {
    if (!name.startsWith(".") && !left.includes(name))
      cpSync(join(project, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
  return copy;
}

const handler = 'export const handler = async () => ({ statusCode: 200, body: "{}" });\n';

/** A copy of the program with that many services, each with a canary of its own. */
export function copyWithServices(count: number): string {
  const copy = emptyCopy();
  write(copy, "releases/dev/environment.json", '{ "region": "eu-central-1" }');
  for (let index = 1; index <= count; index++) {
    const service = `service${index}`;
    const release = {
      strategy: "canary-stage",
      versions: ["v1", "v2"],
      stable: "v1",
      canary: { version: "v2", percent: 10 },
    };
    write(copy, `releases/dev/${service}.json`, JSON.stringify(release));
    for (const version of release.versions)
      write(copy, `lambdas/${service}/${version}/${service}.ts`, handler);
  }
  return copy;
}

export function write(folder: string, path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}
