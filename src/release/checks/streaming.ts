import { defaultFingerprint, fingerprint } from "../definition/fingerprint";
import { runtimeLanguage } from "../functions/runtimes";
import { codeFolders, definitionInFile, functionsOf } from "../functions/service-functions";
import { ownFolder, type ReleaseContext, routeField, versionsInFile } from "../release-context";
import type { Finding } from "./finding";

/**
 * Functions behind streamed routes can stream: Lambda's own runtimes of other languages than Node.js cannot, and API
 * Gateway would answer 500.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
export function checkStreaming(context: ReleaseContext): Finding[] {
  const definition = definitionInFile(context);
  if (!definition.routes.some(({ stream }) => stream)) return [];
  const current = fingerprint(definition);
  const recorded = (version: string) =>
    versionsInFile(context.file)[version]?.fingerprint ?? defaultFingerprint(context.service);
  // A version with another definition has other routes.
  const functions = codeFolders(context.file)
    .filter((folder) => folder === ownFolder || recorded(folder) === current)
    .flatMap((folder) => functionsOf(context, folder));
  return definition.routes.flatMap(({ stream = false, function: name }, index) => {
    const unable = stream
      ? functions.find((one) => one.name === name && !canStream(one.settings))
      : undefined;
    if (unable === undefined) return [];
    const message =
      "must not be given for a function that cannot stream: Lambda streams answers of Node.js, of provided.al2023, and of " +
      "the Lambda Web Adapter by AWS_LAMBDA_EXEC_WRAPPER";
    return [
      {
        field: routeField(context, index, "stream"),
        message,
        value: `${name} with ${unable.settings.runtime}`,
      },
    ];
  });
}

function canStream({
  runtime,
  environment,
}: {
  runtime: string;
  environment: Readonly<Record<string, string>>;
}) {
  const language = runtimeLanguage(runtime);
  return language === "node" || language === "os" || "AWS_LAMBDA_EXEC_WRAPPER" in environment;
}
