import { fingerprint } from "../fingerprint";
import { defaultFingerprint, definitionInFile } from "../release";
import { asInFile, type ReleaseContext, versionsInFile } from "../release-context";
import type { Finding } from "./finding";

/**
 * A temporary stage has a deployment made for it, because a deployment snapshots the policy that closes the stage:
 * the definition is that of the file, and the policy must close it.
 */
export function checkTemporaryStage(context: ReleaseContext): Finding[] {
  const { file, environment } = context;
  const name = file.blue === undefined ? "preview" : "blue";
  const temporary = file.blue ?? file.preview;
  if (temporary === undefined) return [];
  return [
    ...ownDefinition(context, name, temporary.version),
    ...openToPrincipals(context, name),
    ...((file.stage.name ?? environment.name) === name
      ? [{ field: ["stage", "name"], message: "must not be the name of the temporary stage", value: name }]
      : []),
  ];
}

function ownDefinition(context: ReleaseContext, name: string, version: string): Finding[] {
  const current = fingerprint(definitionInFile(context));
  const { fingerprint: recorded = defaultFingerprint(context.service) } =
    versionsInFile(context.file)[version] ?? {};
  if (recorded === current) return [];
  const message = `must have the definition that the file gives, ${current}, for its stage is deployed with that; ${version} has ${recorded}`;
  return [{ field: [name, "version"], message, value: asInFile(version) }];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html */
function openToPrincipals({ file }: ReleaseContext, name: string): Finding[] {
  if (!file.api?.routes?.some(({ authorization }) => authorization === "AWS_IAM")) return [];
  const message =
    "must not be given with AWS_IAM routes: the policy that closes the stage would admit every principal of the account to them";
  return [{ field: [name], message }];
}
