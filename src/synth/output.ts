import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { deployedFunctions, type Release } from "../release/release";
import { layerPackage } from "./built-packages";
import { guardPackage } from "./guard-package";
import type { PackagedHandlers, PackageFiles, Packages } from "./handler-files";

/** Where a function's package stands, relative to its stack's JSON. */
export function packageFolder(awsName: string): string {
  return `packages/${awsName}`;
}

/** Writes a release's packages beside its stack's JSON. What is there already stays untouched, anything else goes. */
export function writePackages(
  stackFolder: string,
  release: Release,
  handlers: Packages,
  zips: PackagedHandlers["zips"] = new Map(),
): void {
  const guard = guardPackage(release);
  const packages = guard === undefined ? handlers : new Map([...handlers, [guard.awsName, guard.files]]);
  const names = [...packageNames(release), ...(guard === undefined ? [] : [guard.awsName])];
  const folders = names.filter((one) => !zips.has(one));
  // The zip files of folders are Terraform's.
  keepOnly(join(stackFolder, "packages"), [...folders, ...names.map((one) => `${one}.zip`)]);
  for (const one of folders)
    writeFolder(join(stackFolder, packageFolder(one)), packages.get(one) ?? new Map());
  for (const one of names) {
    const zip = zips.get(one);
    if (zip !== undefined) writeIfChanged(join(stackFolder, `${packageFolder(one)}.zip`), zip);
  }
}

/** Its functions with code in the project, and their layers. */
function packageNames(release: Release): string[] {
  return deployedFunctions(release).flatMap(({ awsName, source, projectLayers = [] }) => [
    ...(source.language === "stored" ? [] : [awsName]),
    ...projectLayers.map((layer) => layerPackage(layer.awsName)),
  ]);
}

function writeFolder(folder: string, files: PackageFiles): void {
  const paths = [...files.keys()].map(normalize);
  const folders = [...new Set(paths.flatMap(foldersOf))];
  // What was a file may be a folder now, and the other way round: shorter paths first.
  for (const path of folders.sort()) removeUnless(join(folder, path), "folder");
  for (const path of paths) removeUnless(join(folder, path), "file");
  keepOnly(folder, [...paths, ...folders], { recursive: true });
  for (const [path, content] of files) writeIfChanged(join(folder, path), content);
}

function removeUnless(path: string, kind: "file" | "folder"): void {
  if (!existsSync(path) || statSync(path).isDirectory() === (kind === "folder")) return;
  rmSync(path, { recursive: true });
}

function keepOnly(folder: string, kept: readonly string[], { recursive = false } = {}): void {
  if (!existsSync(folder)) return;
  const names = new Set(kept);
  for (const entry of readdirSync(folder, { recursive, encoding: "utf8" })) {
    if (!names.has(entry)) rmSync(join(folder, entry), { recursive: true, force: true });
  }
}

/** `a` and `a/b` of `a/b/c.js`. */
function foldersOf(path: string): string[] {
  const folder = dirname(path);
  return folder === "." ? [] : [folder, ...foldersOf(folder)];
}

function writeIfChanged(file: string, content: Uint8Array): void {
  if (existsSync(file) && readFileSync(file).equals(content)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
