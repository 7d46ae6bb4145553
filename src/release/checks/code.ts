import { posix } from "node:path";
import { isHandlerOfFile } from "../functions/entry-files";
import { versionFolder } from "../functions/function-settings";
import { needsCode, runtimeLanguage } from "../functions/runtimes";
import { codeFolders, functionNames } from "../functions/service-functions";
import type { FieldPath } from "../problem";
import type { ReleaseContext } from "../release-context";
import type { FunctionSettingsInFile } from "../schema/release";
import type { Finding } from "./finding";
import { distinct, fieldOfSetting, placesOf, settingsPlaces } from "./settings-places";

const handlerFileText = "<file>.<export>, such as app.handler, with the file in the version's folder";

/** What does not fit together of code, runtime and handler. */
export function checkCode(context: ReleaseContext): Finding[] {
  const { file } = context;
  if (file.image !== undefined) return [];
  const found = codeFolders(file).flatMap((folder) =>
    functionNames(context).flatMap((name) => ofFunction(context, folder, name)),
  );
  return distinct([...settingsPlaces(context).flatMap(ofPlace), ...found]);
}

/** A level above may give 'bundle' to functions that are bundled; the level that gives 'code' may not. */
function ofPlace({ field, settings }: { field: FieldPath; settings: FunctionSettingsInFile }): Finding[] {
  if (settings.code === undefined) return [];
  return (["bundle", "assets"] as const)
    .filter((name) => settings[name] !== undefined)
    .map((name) => ({
      field: [...field, name],
      message: "must not be given with 'code', which is packaged as it is",
      value: settings[name],
    }));
}

function ofFunction(context: ReleaseContext, folder: string, name: string): Finding[] {
  const places = placesOf(context, folder, name);
  const settings: FunctionSettingsInFile = Object.assign({}, ...places.map((one) => one.settings));
  const { code, runtime, handler } = settings;
  const at = (setting: keyof FunctionSettingsInFile) => fieldOfSetting(places, setting);
  const layers = (settings.layers ?? []).flatMap((layer, index) =>
    typeof layer === "string" ? [] : outside(context, folder, layer.path, [...at("layers"), index, "path"]),
  );
  if (code === undefined) return [...layers, ...ofHandlerFile(settings, at)];
  if (runtime === undefined)
    return [...layers, { field: at("code"), message: "must be given with 'runtime', which runs it" }];
  const language = runtimeLanguage(runtime);
  const hasNoDefault = language === "java" || language === "dotnet";
  return [
    ...layers,
    ...(handler === undefined && hasNoDefault
      ? [{ field: at("code"), message: `must be given with 'handler', which ${runtime} has no default for` }]
      : []),
    ...(code.path === undefined ? [] : outside(context, folder, code.path, [...at("code"), "path"])),
  ];
}

function ofHandlerFile(
  { runtime, handler, layers = [] }: FunctionSettingsInFile,
  at: (setting: keyof FunctionSettingsInFile) => FieldPath,
): Finding[] {
  return [
    ...(runtime !== undefined && needsCode(runtime)
      ? [
          {
            field: at("runtime"),
            message: "must be given with 'code': handler files are packaged for Node and Python alone",
            value: runtime,
          },
        ]
      : []),
    ...(handler !== undefined && !isHandlerOfFile(handler) && layers.length === 0
      ? [
          {
            field: at("handler"),
            message: `must be ${handlerFileText}, unless a layer brings it`,
            value: handler,
          },
        ]
      : []),
  ];
}

function outside({ service }: ReleaseContext, folder: string, path: string, field: FieldPath): Finding[] {
  const place = versionFolder(service, folder);
  const found = posix.join(place, path);
  if (found !== ".." && !found.startsWith("../")) return [];
  return [{ field, message: `must be in the project: it is relative to ${place}`, value: path }];
}
