import { FunctionPool } from "../../src/rehearsal/lambda/function-pool";
import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { formatProblem } from "../../src/release/problem";
import { type PackageFiles, packageHandlers } from "../../src/synth/handler-files";
import { createProject, type Files, shopWithoutCode, temporaryFolder, writeFiles } from "./project";

/** A service whose one version has these files beside `shop`'s entry. */
export function service(files: Files, settings: object = {}): Files {
  const own = Object.entries(files).map(([path, content]) => [
    path.startsWith("../") ? path.slice(3) : `lambdas/shop/v1/${path}`,
    content,
  ]);
  return { ...shopWithoutCode({ settings }), ...Object.fromEntries(own) };
}

/** The packages of a project's functions as text by path, and the lines of its problems. */
export async function packagedOf(files: Files) {
  return packagedIn(createProject(files));
}

export async function packagedIn(project: string) {
  const read = readReleases(filesOnDisk(project));
  const { packages, problems } = await packageHandlers(project, read.releases);
  const textsOf = (name: string) =>
    Object.fromEntries(
      [...(packages.get(name) ?? [])].map(([path, content]) => [path, Buffer.from(content).toString()]),
    );
  return { project, packages, textsOf, lines: [...read.problems, ...problems].map(formatProblem) };
}

/** The problems of such a service, a line each. */
export async function linesOf(files: Files, settings: object = {}): Promise<string[]> {
  return (await packagedOf(service(files, settings))).lines;
}

/** Calls a package's handler `shop.handler` as the rehearsal does. @returns its answer, or the error's text */
export async function answerOf(
  files: PackageFiles,
  runtime = "nodejs22.x",
  environment: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const folder = temporaryFolder();
  // Text stays as it is; no test has other bytes in a package that it runs.
  const texts = [...files].map(([path, content]) => [path, Buffer.from(content).toString()]);
  writeFiles(folder, Object.fromEntries(texts));
  const lambda = {
    version: "$LATEST",
    functionName: "shop",
    region: "eu-central-1",
    runtime,
    handler: "shop.handler",
    memoryMb: 512,
    timeoutSeconds: 5,
    environment,
  };
  const pool = new FunctionPool(lambda, folder, () => {});
  try {
    const outcome = await pool.invoke("{}", "arn");
    const shown = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(folder, "/var/task"));
    return shown(outcome.ok ? outcome.answer : outcome.error);
  } finally {
    pool.close(true);
  }
}

/** What such a service answers, where it has no problems. */
export async function answerOfService(files: Files, settings: object = {}): Promise<unknown> {
  const { packages, lines } = await packagedOf(service(files, settings));
  expect(lines).toEqual([]);
  return answerOf(packages.get("shop-dev-v1") ?? new Map());
}
