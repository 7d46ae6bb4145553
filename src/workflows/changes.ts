import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { releasePath } from "../release/files/file";
import { Unable } from "../release/files/project";
import { folderDigest } from "../synth/folder-digest";
import { synthesize, withSynthesisOf } from "../synth/synthesize";
import { environmentsOf, type WorkflowEnvironment } from "./environments";

/**
 * The environments that a change is about, each with the stacks whose synthesized output is another than the
 * base's, and those whose release file is: a file may change without its stack, which is worth a review too. Other
 * packages or providers may change every stack, because the base is synthesized with those that are installed now.
 */
export function changedEnvironments(project: string, base: string): WorkflowEnvironment[] {
  const files = changedFiles(project, base);
  const hasOtherPackages = otherPackages(files);
  const hasOtherOutput = changedOutputs(project, base);
  return environmentsOf(project).flatMap((environment) => {
    const stacks = environment.stacks.filter(
      ({ name, release }) =>
        hasOtherPackages(release?.service) ||
        hasOtherOutput(name) ||
        (release !== undefined && files.includes(releasePath(environment.name, release.service))),
    );
    const isChanged = files.some((file) => file.startsWith(`releases/${environment.name}/`));
    return stacks.length > 0 || isChanged ? [{ ...environment, stacks }] : [];
  });
}

/** Those of the project, and what says at the root of the repository which packages a workspace has. */
function changedFiles(project: string, base: string): string[] {
  const ofWorkspace = locks.map((name) => `:(top)${name}`);
  return [
    ...new Set([
      ...differing(project, base, ["--relative"], ["."]),
      ...differing(project, base, [], ofWorkspace),
    ]),
  ];
}

function differing(
  project: string,
  base: string,
  options: readonly string[],
  paths: readonly string[],
): string[] {
  const args = ["diff", "--name-only", ...options, "-z", "--end-of-options", base, "--", ...paths];
  const { status, stdout, stderr, error } = spawnSync("git", args, { cwd: project, encoding: "utf8" });
  if (error !== undefined) throw new Unable(`git cannot be run: ${error.message}`);
  if (status !== 0) throw new Unable(`git cannot compare with '${base}': ${stderr.trim().split("\n")[0]}`);
  return stdout.split("\0").filter((file) => file !== "");
}

/** Whether the packages or providers of a stack, by its service, may be others. */
type IsOther = (service: string | undefined) => boolean;

/** What says which packages and providers there are, and with that what they make. */
const locks = [
  "package.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  ".npmrc",
  ".terraform.lock.hcl",
];

function otherPackages(files: readonly string[]): IsOther {
  const changed = files.filter((file) => locks.includes(posix.basename(file)));
  if (changed.length > 0)
    console.error(
      `their packages or providers may differ, so stacks count as changed: ${changed.join(", ")}`,
    );
  const owners = changed.map(ownerOf);
  return (service) => owners.some((owner) => owner === undefined || owner === service);
}

/** The one service that a file is about: that of `lambdas/<service>/`. */
function ownerOf(file: string): string | undefined {
  const [root, service, ...rest] = file.split("/");
  return root === "lambdas" && service !== "hooks" && rest.length > 0 ? service : undefined;
}

/** The base is synthesized for the first stack that is asked for. */
function changedOutputs(project: string, base: string): (stack: string) => boolean {
  const now = outputDigests(synthesize(project));
  let before: Map<string, string> | undefined;
  return (stack) => {
    before ??= baseDigests(project, base);
    return before.get(stack) !== now.get(stack);
  };
}

/** A base that cannot be synthesized any more has no output: then every stack is another. */
function baseDigests(project: string, base: string): Map<string, string> {
  try {
    return withSynthesisOf(project, base, outputDigests);
  } catch (error) {
    console.error(`every stack counts as changed, because '${base}': ${(error as Error).message}`);
    return new Map();
  }
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
