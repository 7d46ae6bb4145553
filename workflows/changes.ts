import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folderDigest } from "../rehearsal/folder-digest";
import { synthesize, withSynthesisOf } from "../rehearsal/synthesize";
import { Unable } from "../release/cli/project";
import { releasePath } from "../release/file";
import { environmentsOf, type WorkflowEnvironment } from "./environments";

/**
 * The environments that a change is about, each with the stacks whose synthesized output is another than the
 * base's, and those whose release file is: a file may change without its stack, which is worth a review too.
 */
export function changedEnvironments(project: string, base: string): WorkflowEnvironment[] {
  const files = changedFiles(project, base);
  const outputs = changedOutputs(project, base);
  return environmentsOf(project).flatMap((environment) => {
    const stacks = environment.stacks.filter(
      ({ name, release }) =>
        outputs(name) ||
        (release !== undefined && files.includes(releasePath(environment.name, release.service))),
    );
    const isChanged = files.some((file) => file.startsWith(`releases/${environment.name}/`));
    return stacks.length > 0 || isChanged ? [{ ...environment, stacks }] : [];
  });
}

function changedFiles(project: string, base: string): string[] {
  const args = ["diff", "--name-only", "--relative", "-z", "--end-of-options", base, "--", "releases"];
  const { status, stdout, stderr, error } = spawnSync("git", args, { cwd: project, encoding: "utf8" });
  if (error !== undefined) throw new Unable(`git cannot be run: ${error.message}`);
  if (status !== 0) throw new Unable(`git cannot compare with '${base}': ${stderr.trim().split("\n")[0]}`);
  return stdout.split("\0").filter((file) => file !== "");
}

/** A base that cannot be synthesized any more has no output: then every stack is another. */
function changedOutputs(project: string, base: string): (stack: string) => boolean {
  const now = outputDigests(synthesize(project));
  let before = new Map<string, string>();
  try {
    before = withSynthesisOf(project, base, outputDigests);
  } catch (error) {
    console.error(`every stack counts as changed, because '${base}': ${(error as Error).message}`);
  }
  return (stack) => before.get(stack) !== now.get(stack);
}

function outputDigests(outputFolder: string): Map<string, string> {
  const manifest = JSON.parse(readFileSync(join(outputFolder, "manifest.json"), "utf8"));
  return new Map(
    Object.keys(manifest.stacks).map((stack) => [stack, outputDigest(join(outputFolder, "stacks", stack))]),
  );
}

/** What was synthesized, without what Terraform has put beside it. */
function outputDigest(folder: string): string {
  const text = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
  const packages = join(folder, "packages");
  return [
    text("cdk.tf.json"),
    text(".terraform.lock.hcl"),
    existsSync(packages) ? folderDigest(packages) : "",
  ].join("\0");
}
