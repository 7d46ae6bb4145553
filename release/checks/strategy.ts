import { isDeepStrictEqual } from "node:util";
import { versionNamePattern } from "../fields";
import type { FieldPath } from "../problem";
import {
  asInFile,
  hasLambdaVersions,
  type ReleaseContext,
  runsContainers,
  versionField,
  versionsInFile,
} from "../release-context";
import { type ReleaseFile, releaseFile, type Strategy, strategies } from "../schema";
import { isMovedByCodeDeploy } from "../traffic";
import type { Finding } from "./finding";

type Field = keyof ReleaseFile & string;

const ofFunctions = strategies.filter((strategy) => !runsContainers({ strategy }));

/** Fields that not every strategy has, and those that have them. */
const strategiesOf: Partial<Record<Field, readonly Strategy[]>> = {
  adopt: ["canary-stage"],
  api: ofFunctions,
  blue: ["blue-green-stage"],
  canary: ["canary-stage", "alias-canary-stage", "weighted-alias", "codedeploy-alias", "ecs-blue-green"],
  ecs: ["ecs-blue-green"],
  functions: ["canary-stage"],
  greenAlias: ["blue-green-stage"],
  hooks: ["codedeploy-alias", "ecs-blue-green"],
  image: ["alias-canary-stage", "weighted-alias", "blue-green-stage", "codedeploy-alias"],
  preview: ["canary-stage", "alias-canary-stage", "weighted-alias", "codedeploy-alias"],
  requests: ofFunctions,
  rollout: ["codedeploy-alias", "ecs-blue-green"],
  settings: ofFunctions,
  stage: ofFunctions,
  steps: ["canary-stage", "alias-canary-stage", "weighted-alias"],
};

/** The same for the fields of a version. */
const strategiesOfVersion: Record<string, readonly Strategy[]> = {
  container: ["ecs-blue-green"],
  fingerprint: ofFunctions,
  functions: ["canary-stage"],
  provisionedConcurrency: ["alias-canary-stage", "blue-green-stage"],
  settings: ["canary-stage"],
  settingsFingerprint: ["canary-stage"],
};

/** Where Lambda refuses provisioned concurrency, or it would serve nobody. */
const withoutConcurrency: Partial<Record<Strategy, string>> = {
  "canary-stage": "its functions are not published as Lambda versions",
  "weighted-alias": "Lambda allows none on an alias that splits its traffic",
  "codedeploy-alias": "Lambda allows none on an alias that splits its traffic",
};

/** What gives the share where the file does not. */
const byCodeDeploy = "CodeDeploy gives the canary its share, by the configuration in 'rollout'";

/** Whatever a strategy does not have is refused, with the strategies that have it. */
export function checkStrategy(context: ReleaseContext): Finding[] {
  const { file } = context;
  return [
    ...foreignFields(file),
    ...foreignVersionFields(file),
    ...givenPercent(file),
    ...versionNames(context),
    ...imageSettings(file),
  ];
}

function foreignFields(file: ReleaseFile): Finding[] {
  return Object.entries(strategiesOf).flatMap(([field, allowed]) => {
    if (allowed.includes(file.strategy) || !isGiven(file, field as Field)) return [];
    return [
      { field: [field], message: `must not be given with ${file.strategy}: ${reason(file, field, allowed)}` },
    ];
  });
}

function foreignVersionFields(file: ReleaseFile): Finding[] {
  return Object.entries(versionsInFile(file)).flatMap(([version, inFile]) =>
    Object.keys(inFile)
      .filter((field) => strategiesOfVersion[field]?.includes(file.strategy) === false)
      .map((field) => ({
        field: ["versions", version, field],
        message: `must not be given with ${file.strategy}: ${reason(file, field, strategiesOfVersion[field] ?? [])}`,
      })),
  );
}

function givenPercent({ strategy, canary }: ReleaseFile): Finding[] {
  if (!isMovedByCodeDeploy({ strategy }) || canary?.percent === undefined) return [];
  const message = `must not be given with ${strategy}: ${byCodeDeploy}`;
  return [{ field: ["canary", "percent"], message, value: canary.percent }];
}

function reason({ strategy }: ReleaseFile, field: string, allowed: readonly Strategy[]): string {
  const why = field === "provisionedConcurrency" ? withoutConcurrency[strategy] : undefined;
  if (why !== undefined) return why;
  if (field === "steps" && isMovedByCodeDeploy({ strategy })) return byCodeDeploy;
  if (!runsContainers({ strategy }) && (field === "settings" || field === "settingsFingerprint"))
    return "a Lambda version keeps the settings that it was published with; those of the next one stand in 'settings'";
  return `it belongs to ${allowed.join(", ")}`;
}

function isGiven(file: ReleaseFile, field: Field): boolean {
  return !isDeepStrictEqual(file[field], releaseFile.shape[field].parse(undefined));
}

/** A version is named where its functions are its own, and numbered where Lambda keeps versions of one function. */
function versionNames(context: ReleaseContext): Finding[] {
  const { file } = context;
  const isNumbered = hasLambdaVersions(file);
  const isRight = (version: string) => isNumbered !== versionNamePattern.test(version);
  const message = isNumbered
    ? "must be the number that Lambda gave a published version: a whole number from 1"
    : `must be a name that starts with a letter, such as v1: ${runsContainers(file) ? "its container is" : "its functions are"} its own`;
  const pointers: [FieldPath, string | undefined][] = [
    ...Object.keys(versionsInFile(file)).map((version): [FieldPath, string] => [
      versionField(context, version),
      version,
    ]),
    [["stable"], file.stable],
    [["former"], file.former],
    [["canary", "version"], file.canary?.version],
    [["blue", "version"], file.blue?.version],
    [["preview", "version"], file.preview?.version],
  ];
  return pointers.flatMap(([field, version]) =>
    version === undefined || isRight(version) ? [] : [{ field, message, value: asInFile(version) }],
  );
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html: they are in the image. */
function imageSettings({ image, settings = {} }: ReleaseFile): Finding[] {
  if (image === undefined) return [];
  return (["handler", "runtime", "layers"] as const)
    .filter((name) => settings[name] !== undefined)
    .map((name) => ({
      field: ["settings", name],
      message: "must not be given beside 'image', which brings its own",
      value: settings[name],
    }));
}
