import { fingerprint } from "../fingerprint";
import { entryFiles, versionFolder } from "../function-settings";
import { defaultFingerprint, definitionInFile, functionsOf } from "../release";
import { type ReleaseContext, versionsInFile } from "../release-context";
import type { Finding } from "./finding";
import { versionField } from "./handlers";

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
          `must be the definition of a version, and its fingerprint ${current} is none's ` +
          `(${recorded.map((one) => `${one.version} ${one.fingerprint}`).join(", ")}); ` +
          `record it in the version that is published with it, "versions": { "<version>": { "fingerprint": ` +
          `"${current}" } }, or take the change back`,
      },
    ];
  }
  const isPlain = current === plain && versions.every(([, inFile]) => inFile.fingerprint === undefined);
  const silent = versions.filter(([, inFile]) => !isPlain && inFile.fingerprint === undefined);
  if (silent.length > 0) {
    return silent.map(([version]) => ({
      field: versionField(context, version),
      message:
        `must record its fingerprint, for there is more than the default definition: "${plain}" when it was ` +
        `published with GET / alone${current === plain ? "" : `, "${current}" when it is with this definition`}`,
      value: version,
    }));
  }
  if (file.api?.routes === undefined) return [];
  return owners.flatMap(({ version }) => {
    if (handlerFiles.get(version) === undefined) return [];
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
