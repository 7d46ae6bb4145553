import type { Definition } from "../definition/definition";
import { defaultFingerprint, fingerprint } from "../definition/fingerprint";
import { entryText, versionFolder } from "../functions/function-settings";
import { definitionInFile, functionNames, functionsOf } from "../functions/service-functions";
import type { FieldPath } from "../problem";
import { asInFile, type ReleaseContext, versionField, versionsInFile } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/**
 * The definition of the file is that of a version. One that belongs to none would reach nobody: deployments
 * are snapshots, and a new one is made only for a new fingerprint.
 */
export function checkDefinition(context: ReleaseContext): Finding[] {
  const { service, file, handlerFiles } = context;
  const definition = definitionInFile(context);
  const current = fingerprint(definition);
  const versions = Object.entries(versionsInFile(file));
  const plain = defaultFingerprint(service);
  const recorded = versions.map(([version, inFile]) => ({
    version,
    fingerprint: inFile.fingerprint ?? plain,
  }));
  const owners = recorded.filter((one) => one.fingerprint === current);
  if (owners.length === 0) {
    return [
      {
        field: ["api"],
        message:
          `must be the definition of a version, but no version has fingerprint ${current} ` +
          `(${recorded.map((one) => `${one.version} ${one.fingerprint}`).join(", ")}); ` +
          `record it in the version that is published with it, "versions": { "<version>": { "fingerprint": ` +
          `"${current}" } }, or undo the change`,
      },
    ];
  }
  const isPlain = current === plain && versions.every(([, inFile]) => inFile.fingerprint === undefined);
  const silent = versions.filter(([, inFile]) => !isPlain && inFile.fingerprint === undefined);
  if (silent.length > 0) {
    return silent.map(([version]) => ({
      field: versionField(context, version),
      message:
        `must record its fingerprint, because not all versions have the default definition: "${plain}" if it was ` +
        `published with GET / alone${current === plain ? "" : `, "${current}" if it is published with this definition`}`,
      value: version,
    }));
  }
  const split = splitDefinition(context, recorded, current);
  if (split.length > 0) return split;
  const isDocument = file.api?.openapi !== undefined;
  if (file.api?.routes === undefined && !isDocument) return [];
  if (modelOf(file).versionKind === "lambda") return unnumbered(context, definition, owners);
  return owners.flatMap(({ version }) => {
    if (handlerFiles.get(version) === undefined) return [];
    const present = functionsOf(context, version).map((one) => one.name);
    const missing = namedFunctions(definition).filter(({ name }) => !present.includes(name));
    return missing.map(({ name, field }) => ({
      field: isDocument ? ["api", "openapi"] : field,
      message:
        `must be answered by a function of version ${version}, but ${versionFolder(service, version)}/ ` +
        `has no ${entryText(file, version, name)}`,
      value: name,
    }));
  });
}

/** Functions of a definition that a version with it has no number of. */
function unnumbered(
  context: ReleaseContext,
  definition: Definition,
  owners: readonly { readonly version: string }[],
): Finding[] {
  const known = functionNames(context);
  return owners.flatMap(({ version }) => {
    const { lambdaVersions } = versionsInFile(context.file)[version] ?? {};
    if (lambdaVersions === undefined) return [];
    return namedFunctions(definition)
      .filter(({ name }) => known.includes(name) && lambdaVersions[name] === undefined)
      .map(({ name }) => ({
        field: ["versions", version, "lambdaVersions"],
        message: `must have a number for ${name}, which the version's API definition calls`,
      }));
  });
}

/** The functions of routes and authorizers, each where it is named first. */
function namedFunctions({ routes, authorizers = {} }: Definition): { name: string; field: FieldPath }[] {
  const named = [
    ...routes.flatMap(({ function: name }, index) =>
      name === undefined ? [] : [{ name, field: ["api", "routes", index] }],
    ),
    ...Object.entries(authorizers).map(([name, one]) => ({
      name: one.function,
      field: ["api", "authorizers", name],
    })),
  ];
  return named.filter(({ name }, index) => named.findIndex((one) => one.name === name) === index);
}

/** Behind one deployment there is one definition for both versions, and it stays while they share the traffic. */
function splitDefinition(
  { file }: ReleaseContext,
  recorded: readonly { readonly version: string; readonly fingerprint: string }[],
  current: string,
): Finding[] {
  const { stable, canary } = file;
  if (modelOf(file).movedBy !== "alias" || canary === undefined) return [];
  const fingerprintOf = (version: string) => recorded.find((one) => one.version === version)?.fingerprint;
  const own = fingerprintOf(stable);
  // A version that is not listed is told as that.
  if (own === undefined || fingerprintOf(canary.version) === undefined) return [];
  if (fingerprintOf(canary.version) !== own) {
    const message = `must have the definition of ${stable}, ${own}: one deployment serves both`;
    return [{ field: ["canary", "version"], message, value: asInFile(canary.version) }];
  }
  if (current === own) return [];
  const message = `must not change while the traffic is split: its fingerprint is ${current}, but ${stable} and ${canary.version} have ${own}; drop the canary or promote it first`;
  return [{ field: ["api"], message }];
}
