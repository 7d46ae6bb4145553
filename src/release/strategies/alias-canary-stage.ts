import { splitByStage, versionAlias, versionTarget } from "../pointer";
import type { LambdaVersionsReleaseOf } from "../release-base";
import type { Canary, LambdaVersion, TemporaryStageSettings } from "../version";
import { watchedVersion } from "../watched";
import { apiFields, lambdaVersions, whyNoSettings } from "./behind-api";
import type { StrategyModel } from "./strategy-model";

/** An alias for each version, and a stage that splits the requests. */
export interface AliasCanaryStageRelease extends LambdaVersionsReleaseOf<"alias-canary-stage"> {
  /** @default - all traffic goes to stable */
  readonly canary?: Canary<LambdaVersion>;
  /** @default - none */
  readonly preview?: TemporaryStageSettings<LambdaVersion>;
}

export const aliasCanaryStage: StrategyModel<AliasCanaryStageRelease> = {
  versionKind: "lambda",
  movedBy: "stage",
  aliasOf: "version",
  deploymentOf: "version",
  trial: "canary",
  fields: [...apiFields, "canary", "image", "preview", "steps"],
  versionFields: ["fingerprint", "provisionedConcurrency"],
  whyNot: whyNoSettings,
  alarmScopes: ["version"],
  watched: ({ name }, versions) => versions.map((version) => watchedVersion(name, version)),
  resolve: (parts) => ({ ...lambdaVersions(parts), strategy: "alias-canary-stage" }),
  pointer: (release) => {
    const serving = [release.stable, ...(release.canary ? [release.canary.version] : [])];
    const aliases = serving.map(({ name }) => [versionAlias(name), { version: name, weights: {} }]);
    return splitByStage(release, ({ name }) => versionTarget(name), Object.fromEntries(aliases));
  },
};
