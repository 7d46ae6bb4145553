import type { ReleaseFile } from "../defaults";
import { type Definition, definitionOf } from "../definition/definition";
import { stageVariableOf } from "../definition/stage-variable";
import { ownFolder, type ReleaseContext, versionsInFile } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { ReleaseFunction } from "../version";
import { versionId } from "../version-id";
import { aliasVariableOf } from "./alias-variable";
import {
  builtSource,
  type CodeSource,
  handlerSource,
  resolveSettings,
  versionFolder,
} from "./function-settings";
import { projectLayersOf } from "./layers";
import { roleOf } from "./role";

/** The folders whose code a deploy brings: one for each version, or the service's own. */
export function codeFolders(file: ReleaseFile): readonly string[] {
  const { versionKind } = modelOf(file);
  if (versionKind === "container") return [];
  return versionKind === "lambda" ? [ownFolder] : Object.keys(versionsInFile(file));
}

/** Whether API Gateway stands in front of the service's functions. */
export function hasApi(file: ReleaseFile): boolean {
  return modelOf(file).versionKind !== "container" && !file.withoutApi;
}

export function functionNames({
  service,
  file,
}: Pick<ReleaseContext, "service" | "file">): readonly string[] {
  const { versionKind, fields } = modelOf(file);
  if (versionKind === "container") return [];
  if (file.functions === undefined || !fields.includes("functions")) return [service];
  return Array.isArray(file.functions) ? file.functions : Object.keys(file.functions);
}

export function definitionInFile(context: Pick<ReleaseContext, "service" | "file" | "imported">): Definition {
  const { file, imported, service } = context;
  return definitionOf(file.api, functionNames(context)[0] ?? service, imported);
}

/** The functions whose code stands in a folder: a version's, or the service's own. */
export function functionsOf(
  context: Omit<ReleaseContext, "hookFiles">,
  folder: string,
): readonly ReleaseFunction[] {
  const { service, environment, file, handlerFiles } = context;
  return functionNames(context).flatMap((name) => {
    const source = sourceOf(context, folder, name, handlerFiles.get(folder) ?? []);
    if (source === undefined) return [];
    const ownName = [service, environment.name, name === service ? "" : name, versionId(folder)]
      .filter((part) => part !== "")
      .join("-");
    const settings = resolveSettings(file, folder, name, source.language);
    const projectLayers = projectLayersOf(settings.layers, versionFolder(service, folder), ownName);
    const adoptedName = file.adopt.functions[folder]?.[name];
    return [
      {
        name,
        awsName: adoptedName ?? ownName,
        ownName,
        role: roleOf(ownName, environment),
        adopted: adoptedName !== undefined,
        stageVariable: stageVariableOf(name),
        aliasVariable: aliasVariableOf(service, name),
        settings,
        ...(projectLayers.length > 0 && { projectLayers }),
        source,
      },
    ];
  });
}

function sourceOf(
  context: Pick<ReleaseContext, "service" | "file">,
  folder: string,
  name: string,
  files: readonly string[],
): CodeSource | undefined {
  const { image } = context.file;
  if (image !== undefined) return { language: "image" as const, uri: image };
  return builtSource(context, folder, name) ?? handlerSource(context, folder, name, files);
}

/** Every function that a deploy of the file makes. */
export function functionsInFile(context: ReleaseContext): readonly ReleaseFunction[] {
  return codeFolders(context.file).flatMap((folder) => functionsOf(context, folder));
}
