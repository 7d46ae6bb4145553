import { fingerprint } from "../definition";
import { entryFiles, versionFolder } from "../function-settings";
import {
  defaultFingerprint,
  definitionInFile,
  functionsOf,
  type ReleaseContext,
  versionsInFile,
} from "../release";
import type { Finding } from "./finding";

/**
 * The definition of the file is that of a version. One that belongs to none would reach nobody: deployments
 * are snapshots, and a new one is made only for a new fingerprint.
 */
export function checkDefinition(context: ReleaseContext): Finding[] {
  const { service, file, handlerFiles } = context;
  const definition = definitionInFile(context);
  const current = fingerprint(definition);
  const recorded = Object.entries(versionsInFile(file)).map(([version, inFile]) => ({
    version,
    fingerprint: inFile.fingerprint ?? defaultFingerprint(context),
  }));
  const owners = recorded.filter((one) => one.fingerprint === current);
  if (owners.length === 0) {
    return [
      {
        field: ["api"],
        message:
          `must be the definition of a version, and its fingerprint ${current} is none's ` +
          `(${recorded.map((one) => `${one.version} ${one.fingerprint}`).join(", ")}); ` +
          `to publish it give a new version "fingerprint": "${current}", or take the change back`,
      },
    ];
  }
  if (file.api?.routes === undefined) return [];
  return owners.flatMap(({ version }) => {
    if (handlerFiles[version] === undefined) return [];
    const present = functionsOf(context, version).map((one) => one.name);
    const missing = [...new Set(definition.routes.map((route) => route.function))].filter(
      (name) => !present.includes(name),
    );
    return missing.map((name) => {
      const route = definition.routes.findIndex((one) => one.function === name);
      return {
        field: ["api", "routes", route],
        message:
          `must be answered by a function of version ${version}, and ${versionFolder(service, version)}/ ` +
          `has no ${entryFiles(file, version, name).join(" or ")}`,
        value: name,
      };
    });
  });
}
