import { aliasesAt, splitByStage, versionAlias, versionTarget } from "../pointer";
import type { LambdaVersionsReleaseOf } from "../release-base";
import type { StepInFile } from "../schema/release";
import type { Canary, LambdaVersion, TemporaryStageSettings } from "../version";
import { aliasOfEachVersion } from "./aliases";
import { apiFields, lambdaVersions } from "./behind-api";
import type { StrategyModel } from "./strategy-model";

/** An alias of each function for each version, and a stage that splits the requests. */
export interface AliasCanaryStageRelease extends LambdaVersionsReleaseOf<"alias-canary-stage"> {
  /** @default - all traffic goes to stable */
  readonly canary?: Canary<LambdaVersion>;
  /** The shares that a canary is planned to get, one after the other. @default - none are planned */
  readonly steps?: readonly StepInFile[];
  /** @default - none */
  readonly preview?: TemporaryStageSettings<LambdaVersion>;
}

export const aliasCanaryStage: StrategyModel<AliasCanaryStageRelease> = {
  ...aliasOfEachVersion,
  movedBy: "stage",
  deploymentOf: "version",
  trial: "canary",
  answersScopes: ["canary", "stage"],
  fields: [
    ...apiFields,
    "canary",
    "functions",
    "guard",
    "image",
    "preview",
    "stableSince",
    "steps",
    "verdict",
  ],
  resolve: (parts) => ({ ...lambdaVersions(parts, parts.behindApi()), strategy: "alias-canary-stage" }),
  pointer: (release) => {
    const { functions, stable, canary } = release;
    const serving = [stable, ...(canary ? [canary.version] : [])];
    const aliases = serving.map((version) => aliasesAt(versionAlias(version.name), version, functions));
    const target = (version: LambdaVersion) => versionTarget(version, functions);
    return splitByStage(release, target, Object.assign({}, ...aliases));
  },
};
