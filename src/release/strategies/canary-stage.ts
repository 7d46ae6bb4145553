import { watchedFunction } from "../alarms/watched";
import { functionsTarget, splitByStage } from "../pointer";
import type { ApiReleaseOf } from "../release-base";
import { ownFolder, type ReleaseContext, versionsInFile } from "../release-context";
import type { StepInFile } from "../schema/release";
import type { Canary, TemporaryStageSettings, Version } from "../version";
import { apiFields, recordedVersions } from "./behind-api";
import { pointedAt } from "./pointed-at";
import type { StrategyModel } from "./strategy-model";

/** What was there before the release file, besides functions. */
export interface Adopted {
  /** Id of the API. @default - a new one is made */
  readonly api?: string;
  /** Whether the stage was there too. */
  readonly stage: boolean;
  /** Whether the mapping of the stage's base path was there too. */
  readonly basePath: boolean;
}

/** Each version has functions of its own, and a stage splits the requests. */
export interface CanaryStageRelease extends ApiReleaseOf<"canary-stage", "functions", Version> {
  /** @default - all traffic goes to stable */
  readonly canary?: Canary<Version>;
  /** The shares that a canary is planned to get, one after the other. @default - none are planned */
  readonly steps?: readonly StepInFile[];
  /** @default - none */
  readonly preview?: TemporaryStageSettings<Version>;
  /** Later versions whose code is there and that are not published yet. */
  readonly unpublished: readonly string[];
  /** What the first deploy imports. */
  readonly adopted: Adopted;
}

export const canaryStage: StrategyModel<CanaryStageRelease> = {
  versionKind: "functions",
  movedBy: "stage",
  deploymentOf: "version",
  trial: "canary",
  fields: [
    ...apiFields,
    "adopt",
    "canary",
    "functions",
    "guard",
    "preview",
    "stableSince",
    "steps",
    "verdict",
  ],
  versionFields: ["fingerprint", "functions", "settings", "settingsFingerprint"],
  whyNot: {
    provisionedConcurrency: "its functions are not published as Lambda versions",
    triggers: "each version has functions of its own, and no alias leads to them",
  },
  alarmScopes: ["version"],
  answersScopes: ["canary", "stage"],
  watched: (release, versions) =>
    release.versions
      .filter(({ name }) => versions.includes(name))
      .flatMap(({ functions }) => functions.map(({ awsName }) => watchedFunction(awsName))),
  resolve: ({ context, service, behindApi, functionsOf }) => {
    const versions = recordedVersions(context).map(({ name, fingerprint }) => ({
      name,
      fingerprint,
      functions: functionsOf(name),
    }));
    const { api, stage, basePath } = context.file.adopt;
    return {
      ...service,
      ...behindApi(),
      strategy: "canary-stage",
      versionKind: "functions",
      ...pointedAt(context.file, versions),
      unpublished: unpublished(context),
      adopted: { api, stage, basePath },
    };
  },
  pointer: (release) => splitByStage(release, functionsTarget),
};

/** Folders of code that no version has yet, of those that are named as later ones: what was pruned stays pruned. */
function unpublished({ file, handlerFiles }: ReleaseContext): readonly string[] {
  const published = Object.keys(versionsInFile(file));
  const isLater = (folder: string) =>
    published.every((version) => folder.localeCompare(version, "en", { numeric: true }) > 0);
  return [...handlerFiles]
    .filter(([folder, files]) => folder !== ownFolder && files.length > 0 && isLater(folder))
    .map(([folder]) => folder);
}
