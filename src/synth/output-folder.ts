import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where the app of a project writes, as cdktf has it: `CDKTF_OUTDIR`, else `output` of `cdktf.json`, else `cdktf.out`. */
export function outputFolder(project: string): string {
  return resolve(project, outputSetting(project));
}

/** The same as it was given, which may be relative to the project. */
export function outputSetting(project: string): string {
  const file = join(project, "cdktf.json");
  const { output = "cdktf.out" } = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as { output?: string })
    : {};
  return process.env["CDKTF_OUTDIR"] || output;
}
