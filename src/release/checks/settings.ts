import { regionOf } from "../aws/arn";
import { awsLimits } from "../aws/aws-limits";
import { settingsFingerprint } from "../functions/function-settings";
import { nameOfLayer } from "../functions/layers";
import { storedNames } from "../functions/permission";
import { codeFolders, functionsOf } from "../functions/service-functions";
import { type ReleaseContext, versionField, versionsInFile } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";
import { settingsPlaces } from "./settings-places";

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const reservedNames = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_MAX_CONCURRENCY",
  "AWS_LAMBDA_METADATA_API",
  "AWS_LAMBDA_METADATA_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

const environmentBytes = awsLimits.functionVariableBytes.most;

/** What Lambda refuses of environment variables. */
export function checkEnvironmentVariables(context: ReleaseContext): Finding[] {
  const { file } = context;
  const reserved = settingsPlaces(context).flatMap(({ field, settings }) =>
    (["environment", "parameters", "secrets"] as const).flatMap((kind) =>
      Object.keys(settings[kind] ?? {})
        .filter((name) => reservedNames.has(name))
        .map((name) => ({
          field: [...field, kind, name],
          message: "must not be a name that Lambda reserves",
          value: name,
        })),
    ),
  );
  const tooLarge = codeFolders(file).flatMap((version) =>
    functionsOf(context, version).flatMap(({ name, settings }) => {
      const variables = { ...settings.environment, ...storedNames(settings) };
      const bytes = Buffer.byteLength(JSON.stringify(variables));
      if (bytes <= environmentBytes) return [];
      return [
        {
          field: versionField(context, version),
          message: `must have environment variables of at most ${environmentBytes} bytes as JSON for function ${name}`,
          value: bytes,
        },
      ];
    }),
  );
  return [...reserved, ...tooLarge];
}

/** What Lambda refuses of layers: two versions of one, and one of another region. */
export function checkLayers(context: ReleaseContext): Finding[] {
  const { region } = context.environment;
  return settingsPlaces(context).flatMap(({ field, settings }) =>
    (settings.layers ?? []).flatMap((layer, index, layers) => {
      const place = [...field, "layers", index];
      const isFirst = layers.findIndex((other) => nameOfLayer(other) === nameOfLayer(layer)) === index;
      if (typeof layer !== "string") {
        if (isFirst) return [];
        const message = "must have another name than the layers before it";
        return [{ field: [...place, "path"], message, value: layer.path }];
      }
      if (regionOf(layer) !== region) {
        return [
          { field: place, message: `must be a layer in the function's region, ${region}`, value: layer },
        ];
      }
      if (isFirst) return [];
      return [{ field: place, message: "must be the only version of its layer", value: layer }];
    }),
  );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/images-create.html: image and function are in one region. */
export function checkImage({ file, environment }: ReleaseContext): Finding[] {
  const region = file.image?.split(".")[3];
  if (region === undefined || region === environment.region) return [];
  const message = `must be an image in the function's region, ${environment.region}`;
  return [{ field: ["image"], message, value: region }];
}

/**
 * A published version keeps its settings. What a version records must hold; and while a canary runs, the
 * shared settings must not reach the stable version unless it records them.
 */
export function checkPublishedSettings(context: ReleaseContext): Finding[] {
  const { file } = context;
  // A Lambda version keeps its settings itself.
  if (modelOf(file).versionKind === "lambda") return [];
  return Object.entries(versionsInFile(file)).flatMap(([version, inFile]) => {
    const functions = functionsOf(context, version);
    const current = settingsFingerprint(functions);
    if (inFile.settingsFingerprint !== undefined) {
      if (inFile.settingsFingerprint === current) return [];
      return [
        {
          field: ["versions", version, "settingsFingerprint"],
          message:
            `must be the fingerprint of the settings, ${current}: ${version} is published and keeps its settings; ` +
            `give the changed settings to a new version, in versions.<version>.settings`,
          value: inFile.settingsFingerprint,
        },
      ];
    }
    if (file.canary === undefined || version !== file.stable) return [];
    const withoutShared = { ...file, settings: undefined, functions: namesOnly(file.functions) };
    const alone = functionsOf({ ...context, file: withoutShared }, version);
    if (settingsFingerprint(alone) === current) return [];
    return [
      {
        field: file.settings === undefined ? ["functions"] : ["settings"],
        message:
          `must not change ${version}, which serves users while a canary runs: give the settings to ` +
          `${file.canary.version} alone, in versions.${file.canary.version}.settings, or, if ${version} was ` +
          `published with them, record that in versions.${version}: "settingsFingerprint": "${current}"`,
      },
    ];
  });
}

function namesOnly<T>(functions: T): T | string[] {
  return functions === undefined || Array.isArray(functions) ? functions : Object.keys(functions as object);
}
