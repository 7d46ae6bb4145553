import type { FieldPath } from "../problem";
import { ownFolder, type ReleaseContext, versionsInFile } from "../release-context";
import type { FunctionSettingsInFile } from "../schema/release";
import type { Finding } from "./finding";

/** A place of the file that gives function settings. */
export interface SettingsPlace {
  /** Path of the settings in the file. */
  readonly field: FieldPath;
  /** The settings there, without defaults. */
  readonly settings: FunctionSettingsInFile;
}

/** Every place of the file that gives function settings. */
export function settingsPlaces({ file }: Pick<ReleaseContext, "file">): SettingsPlace[] {
  const places: SettingsPlace[] = [{ field: ["settings"], settings: file.settings ?? {} }];
  const shared = Array.isArray(file.functions) ? {} : (file.functions ?? {});
  for (const [name, settings] of Object.entries(shared))
    places.push({ field: ["functions", name], settings });
  for (const [version, inFile] of Object.entries(versionsInFile(file))) {
    const field = ["versions", version];
    places.push({ field: [...field, "settings"], settings: inFile.settings ?? {} });
    for (const [name, settings] of Object.entries(inFile.functions ?? {})) {
      places.push({ field: [...field, "functions", name], settings });
    }
  }
  return places;
}

/** Where the settings of one function of one version, or of the service's own folder, are given: the last goes over the others. */
export function placesOf(
  context: Pick<ReleaseContext, "file">,
  folder: string,
  name: string,
): SettingsPlace[] {
  const own = [["settings"], ["functions", name]];
  const ofVersion = [
    ["versions", folder, "settings"],
    ["versions", folder, "functions", name],
  ];
  const fields = [...own, ...(folder === ownFolder ? [] : ofVersion)].map((field) => JSON.stringify(field));
  return settingsPlaces(context).filter(({ field }) => fields.includes(JSON.stringify(field)));
}

/** The field by which a function has a setting, or one name of it: that of the last place that gives it. */
export function fieldOfSetting(
  places: readonly SettingsPlace[],
  setting: keyof FunctionSettingsInFile,
  name?: string,
): FieldPath {
  const path = name === undefined ? [setting] : [setting, name];
  const gives = ({ settings }: SettingsPlace) => {
    const value = settings[setting];
    return name === undefined ? value !== undefined : Object.hasOwn((value ?? {}) as object, name);
  };
  return [...(places.findLast(gives)?.field ?? ["settings"]), ...path];
}

/** Each of them once: what a shared place gives is found for every function that has it. */
export function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [JSON.stringify(one), one])).values()];
}
