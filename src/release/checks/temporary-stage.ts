import { defaultFingerprint, fingerprint } from "../definition/fingerprint";
import { definitionInFile } from "../functions/service-functions";
import { stageName } from "../release";
import { asInFile, type ReleaseContext, versionsInFile } from "../release-context";
import type { Finding } from "./finding";

/**
 * A temporary stage has a deployment made for it, because a deployment snapshots the policy that closes the stage:
 * the definition of that deployment is the file's.
 */
export function checkTemporaryStage(context: ReleaseContext): Finding[] {
  const { file, environment } = context;
  const name = file.blue === undefined ? "preview" : "blue";
  const temporary = file.blue ?? file.preview;
  if (temporary === undefined) return [];
  return [
    ...ownDefinition(context, name, temporary.version),
    ...(stageName(file, environment) === name
      ? [
          {
            field: ["stage", "name"],
            message: "must differ from the temporary stage's name",
            value: name,
          },
        ]
      : []),
  ];
}

function ownDefinition(context: ReleaseContext, name: string, version: string): Finding[] {
  const current = fingerprint(definitionInFile(context));
  const inFile = versionsInFile(context.file)[version];
  if (inFile === undefined) return [];
  const { fingerprint: recorded = defaultFingerprint(context.service) } = inFile;
  if (recorded === current) return [];
  const message = `must have the file's definition, ${current}, because its stage is deployed with that; ${version} has ${recorded}`;
  return [{ field: [name, "version"], message, value: asInFile(version) }];
}
