import { functionsTarget, splitByStage } from "../pointer";
import type { ApiReleaseOf } from "../release-base";
import type { Canary, TemporaryStageSettings, Version } from "../version";
import { watchedFunction } from "../watched";
import { apiFields, recordedVersions } from "./behind-api";
import { pointedAt } from "./pointed-at";
import type { StrategyModel } from "./strategy-model";

/** What was there before the release file, besides functions. */
export interface Adopted {
  /** Id of the API. @default - a new one is made */
  readonly api?: string;
  /** Whether the stage was there too. */
  readonly stage: boolean;
}

/** Each version has functions of its own, and a stage splits the requests. */
export interface CanaryStageRelease extends ApiReleaseOf<"canary-stage", "functions", Version> {
  /** @default - all traffic goes to stable */
  readonly canary?: Canary<Version>;
  /** @default - none */
  readonly preview?: TemporaryStageSettings<Version>;
  /** What the first deploy imports. */
  readonly adopted: Adopted;
}

export const canaryStage: StrategyModel<CanaryStageRelease> = {
  versionKind: "functions",
  movedBy: "stage",
  deploymentOf: "version",
  trial: "canary",
  fields: [...apiFields, "adopt", "canary", "functions", "preview", "steps"],
  versionFields: ["fingerprint", "functions", "settings", "settingsFingerprint"],
  whyNot: { provisionedConcurrency: "its functions are not published as Lambda versions" },
  alarmScopes: ["version"],
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
    const { api, stage } = context.file.adopt;
    return {
      ...service,
      ...behindApi(),
      strategy: "canary-stage",
      versionKind: "functions",
      ...pointedAt(context.file, versions),
      adopted: { api, stage },
    };
  },
  pointer: (release) => splitByStage(release, functionsTarget),
};
