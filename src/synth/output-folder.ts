import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where the app of a project writes, as cdktf has it: `CDKTF_OUTDIR`, else `output` of `cdktf.json`, else `cdktf.out`. */
export function outputFolder(project: string): string {
  const file = join(project, "cdktf.json");
  const { output = "cdktf.out" } = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as { output?: string })
    : {};
  return resolve(project, process.env["CDKTF_OUTDIR"] || output);
}
