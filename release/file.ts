import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { checkAdoptedOnce, checkAdoption } from "./checks/adoption";
import { checkNameCollisions, checkNameLengths } from "./checks/aws-names";
import { checkDefinition } from "./checks/definition";
import type { Finding } from "./checks/finding";
import { checkGitHub, checkMadeOnce } from "./checks/github";
import { checkHandlers } from "./checks/handlers";
import { checkPointers } from "./checks/pointers";
import { checkRoutes } from "./checks/routes";
import {
  checkEnvironmentVariables,
  checkImage,
  checkLayers,
  checkPublishedSettings,
} from "./checks/settings";
import { checkStrategy } from "./checks/strategy";
import { checkTemporaryStage } from "./checks/temporary-stage";
import { checkTerraformText } from "./checks/terraform-text";
import type { Environment } from "./environment";
import { environmentFile } from "./environment-schema";
import { name as nameSchema } from "./fields";
import { type JsonDocument, parseJson } from "./json-document";
import type { FieldPath, Problem } from "./problem";
import { type Release, resolveRelease } from "./release";
import { type HandlerFiles, ownFolder, type ReleaseContext } from "./release-context";
import { releaseFile } from "./schema";
import { schemaFindings } from "./schema-problems";

export interface ReadReleases {
  readonly environments: readonly Environment[];
  readonly releases: readonly Release[];
  /** Every problem of every file. Where there is one, nothing of the project may be synthesized. */
  readonly problems: readonly Problem[];
}

/** A check of a valid file, and the fields that must be without fault before it makes sense. */
interface Check {
  readonly run: (context: ReleaseContext) => Finding[];
  readonly reads: readonly string[];
  /** Whether it judges by the environment, and so makes no sense without one. */
  readonly needsEnvironment?: boolean;
}

const checks: readonly Check[] = [
  { run: checkStrategy, reads: ["strategy"] },
  { run: checkPointers, reads: ["versions"] },
  { run: checkTemporaryStage, reads: ["api", "versions"] },
  { run: checkHandlers, reads: ["versions", "functions"] },
  { run: checkRoutes, reads: ["functions"] },
  { run: checkDefinition, reads: ["api", "functions", "versions"] },
  { run: checkEnvironmentVariables, reads: [] },
  { run: checkLayers, reads: [], needsEnvironment: true },
  { run: checkImage, reads: ["image"], needsEnvironment: true },
  { run: checkPublishedSettings, reads: ["settings", "functions", "versions"] },
  { run: checkAdoption, reads: ["versions", "functions"] },
  { run: checkNameLengths, reads: ["versions", "functions"], needsEnvironment: true },
];

/**
 * Reads and checks all of releases/.
 *
 * @param project the project's folder, which holds releases/ and lambdas/
 */
export function readReleases(project: string): ReadReleases {
  const problems: Problem[] = [];
  const environments: Environment[] = [];
  const contexts: { file: string; context: ReleaseContext }[] = [];

  for (const stray of jsonFiles(join(project, "releases")).filter((file) => !file.endsWith(".schema.json"))) {
    const message = "must stand in the folder of an environment, releases/<environment>/";
    problems.push({ file: `releases/${stray}`, field: [], message });
  }
  for (const folder of folders(join(project, "releases"))) {
    const file = `releases/${folder}/environment.json`;
    problems.push(...nameProblems(`releases/${folder}`, folder, "environment"));
    const read = readFile(project, file, environmentFile, checkGitHub);
    problems.push(...read.problems);
    const environment = read.value && { ...read.value, name: folder };
    if (environment !== undefined) environments.push(environment);

    for (const releaseName of jsonFiles(join(project, "releases", folder))) {
      const service = releaseName.replace(/\.json$/, "");
      const path = `releases/${folder}/${releaseName}`;
      problems.push(...nameProblems(path, service, "service"));
      const release = readRelease(project, path, service, environment);
      problems.push(...release.problems);
      if (release.context !== undefined) contexts.push({ file: path, context: release.context });
    }
  }
  if (environments.length === 0 && problems.length === 0) {
    problems.push({ file: "releases", field: [], message: "must hold a folder for each environment" });
  }
  problems.push(
    ...checkMadeOnce(environments),
    ...checkNameCollisions(contexts),
    ...checkAdoptedOnce(contexts),
  );
  return {
    environments,
    releases: problems.length > 0 ? [] : contexts.map(({ context }) => resolveRelease(context)),
    problems,
  };
}

/** Without its environment a file is still checked for itself, in one that has every default. */
function readRelease(project: string, path: string, service: string, environment: Environment | undefined) {
  let context: ReleaseContext | undefined;
  const placeholder = { ...environmentFile.parse({ region: "us-east-1" }), name: "unknown" };
  const { problems } = readFile(project, path, releaseFile, (file, faulty) => {
    context = {
      service,
      environment: environment ?? placeholder,
      file,
      handlerFiles: handlerFiles(project, service),
    };
    const valid = context;
    return checks
      .filter(({ needsEnvironment }) => environment !== undefined || needsEnvironment !== true)
      .filter(({ reads }) => !faulty.some((field) => reads.includes(String(field[0]))))
      .flatMap(({ run }) => run(valid));
  });
  return { problems, context: environment === undefined ? undefined : context };
}

/**
 * Reads one file: its problems, and its value where the schema finds none. The checks also see a file that
 * the schema finds fault with, without the fields at fault, so that every problem is told at once.
 *
 * @param check gets the file and the fields that are left out of it
 */
function readFile<T>(
  project: string,
  file: string,
  schema: z.ZodType<T>,
  check: (value: T, faulty: readonly FieldPath[]) => Finding[],
): { value?: T; problems: Problem[] } {
  let content: string;
  try {
    content = readFileSync(join(project, file), "utf8");
  } catch {
    return { problems: [{ file, field: [], message: "must be there and readable" }] };
  }
  const document = parseJson(file, content);
  if (Array.isArray(document)) return { problems: document };

  const parsed = schema.safeParse(document.value, { reportInput: true });
  const findings = [
    ...checkTerraformText(document.value),
    ...(parsed.success ? [] : schemaFindings(schema, parsed.error.issues)),
  ];
  const faulty = findings.map(({ field }) => field);
  const checkable = parsed.success ? parsed : parseWithout(schema, document.value, faulty);
  if (checkable.success) findings.push(...check(checkable.data, faulty));
  return {
    value: parsed.success ? parsed.data : undefined,
    problems: findings.map((finding) => located(document, finding)).sort(byPosition),
  };
}

function byPosition({ position: a }: Problem, { position: b }: Problem): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

function located(document: JsonDocument, finding: Finding): Problem {
  return { file: document.file, ...finding, position: document.position(finding.field) };
}

/** Parses a copy without some fields; what cannot do without one of them is left out too. */
function parseWithout<T>(schema: z.ZodType<T>, value: unknown, fields: readonly FieldPath[]) {
  const copy = structuredClone(value);
  for (const field of fields) remove(copy, field);
  for (let tries = 0; tries < 5; tries++) {
    const parsed = schema.safeParse(copy, { reportInput: true });
    if (parsed.success) return parsed;
    for (const { path, input } of parsed.error.issues) {
      remove(copy, (input === undefined ? path.slice(0, -1) : path) as FieldPath);
    }
  }
  return schema.safeParse(copy);
}

/** Removes a field; of a list it removes the whole, so that the others keep their places. */
function remove(value: unknown, field: FieldPath): void {
  const [head, ...rest] = field;
  if (head === undefined || value === null || typeof value !== "object") return;
  const container = value as Record<string | number, unknown>;
  if (rest.length === 0 || (rest.length === 1 && typeof rest[0] === "number")) delete container[head];
  else remove(container[head], rest);
}

function nameProblems(file: string, value: string, what: string): Problem[] {
  const parsed = nameSchema().safeParse(value);
  if (parsed.success) return [];
  const message = `must be named after its ${what}: ${parsed.error.issues[0]?.message.replace(/^must be /, "")}`;
  return [{ file, field: [], message, value }];
}

function handlerFiles(project: string, service: string): HandlerFiles {
  const folder = join(project, "lambdas", service);
  const own = entriesOf(folder);
  const below = own.folders.map((version) => [version, entriesOf(join(folder, version)).files] as const);
  return new Map([[ownFolder, own.files], ...below]);
}

function folders(folder: string): string[] {
  return entriesOf(folder).folders;
}

function jsonFiles(folder: string): string[] {
  return entriesOf(folder).files.filter((name) => name.endsWith(".json") && name !== "environment.json");
}

/** The files and visible folders of a folder, in an order that no machine changes; nothing where it cannot be read. */
function entriesOf(folder: string): { folders: string[]; files: string[] } {
  const found = { folders: [] as string[], files: [] as string[] };
  for (const entry of readFolder(folder)) {
    // A link is taken for what it leads to.
    const kind = entry.isSymbolicLink()
      ? statSync(join(folder, entry.name), { throwIfNoEntry: false })
      : entry;
    if (kind?.isFile()) found.files.push(entry.name);
    else if (kind?.isDirectory() && !entry.name.startsWith(".")) found.folders.push(entry.name);
  }
  return found;
}

function readFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
