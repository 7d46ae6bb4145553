import type { ReleaseFile } from "../defaults";
import { isHandlerOfFile } from "../functions/entry-files";
import {
  builtSource,
  entryFiles,
  entryText,
  handlerName,
  handlerSource,
  mayBeInLayer,
  resolveSettings,
  versionFolder,
} from "../functions/function-settings";
import { needsCode, runtimeLanguage } from "../functions/runtimes";
import { codeFolders, functionNames } from "../functions/service-functions";
import { type ReleaseContext, versionField, versionsInFile } from "../release-context";
import type { Finding } from "./finding";

/** Every version has a folder with at least one function, every function stands somewhere, runtimes fit. */
export function checkHandlers(context: ReleaseContext): Finding[] {
  const { service, file, handlerFiles } = context;
  if (file.image !== undefined) return [];
  const versions = codeFolders(file);
  const all = functionNames(context);
  const findings: Finding[] = [];
  const isBuilt = (version: string, name: string) => builtSource(context, version, name) !== undefined;

  for (const version of versions) {
    const folder = versionFolder(service, version);
    // Another handler is told as that, and has no file.
    const names = all.filter((name) => !isBuilt(version, name) && hasFile(file, version, name));
    if (names.length === 0) continue;
    const files = handlerFiles.get(version);
    if (files === undefined) {
      findings.push({
        field: versionField(context, version),
        message: `must have its handlers in ${folder}/, which does not exist`,
        value: version || undefined,
      });
      continue;
    }
    const isEmpty = names.every((name) => entryFiles(file, version, name, files).length === 0);
    if (isEmpty && names.length === all.length) {
      const expected = names.map((name) => entryText(file, version, name)).join(" or ");
      findings.push({
        field: versionField(context, version),
        message: `must have a handler in ${folder}/: ${expected}`,
        value: version || undefined,
      });
    }
    for (const name of names) findings.push(...checkFunction(context, version, name, files));
  }

  for (const [index, name] of all.entries()) {
    const somewhere = versions.some(
      (version) =>
        isBuilt(version, name) ||
        !hasFile(file, version, name) ||
        entryFiles(file, version, name, handlerFiles.get(version) ?? []).length > 0,
    );
    if (file.functions !== undefined && !somewhere) {
      findings.push({
        field: Array.isArray(file.functions) ? ["functions", index] : ["functions", name],
        message: `must have a handler, ${entryText(file, versions[0] ?? "", name)}, in the folder of a version`,
        value: name,
      });
    }
  }
  return [...findings, ...checkOverrides(context, all)];
}

/** Whether a file of the version's folder has its code. */
function hasFile(file: ReleaseFile, version: string, name: string): boolean {
  return isHandlerOfFile(handlerName(file, version, name)) || mayBeInLayer(file, version, name);
}

function checkFunction(
  context: ReleaseContext,
  version: string,
  name: string,
  files: readonly string[],
): Finding[] {
  const { service, file } = context;
  const present = entryFiles(file, version, name, files);
  const source = handlerSource(context, version, name, files);
  if (source === undefined) return [];
  const field = versionField(context, version);
  if (present.length > 1) {
    const message = `must have one handler of function ${name} in ${versionFolder(service, version)}/, but has ${present.join(" and ")}`;
    return [{ field, message, value: version || undefined }];
  }
  const { runtime } = resolveSettings(file, version, name, source.language);
  // One that needs 'code' is told as that.
  if (runtimeLanguage(runtime) === source.language || needsCode(runtime)) return [];
  return [
    {
      field,
      message: `must have a runtime that runs ${source.folder}/${source.file}`,
      value: runtime,
    },
  ];
}

/** A version's own settings name functions of the service. */
function checkOverrides({ file }: ReleaseContext, names: readonly string[]): Finding[] {
  return Object.entries(versionsInFile(file)).flatMap(([version, inFile]) =>
    Object.keys(inFile.functions ?? {})
      .filter((name) => !names.includes(name))
      .map((name) => ({
        field: ["versions", version, "functions", name],
        message: `must be a function of the service (${names.join(", ")})`,
        value: name,
      })),
  );
}
