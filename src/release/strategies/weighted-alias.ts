import { behindAlias, liveAlias } from "../pointer";
import type { LambdaVersionsReleaseOf } from "../release-base";
import type { Canary, LambdaVersion, TemporaryStageSettings } from "../version";
import { watchedScope } from "../watched";
import { apiFields, lambdaVersions, whyNoSettings } from "./behind-api";
import type { StrategyModel } from "./strategy-model";

/** One alias that splits the invocations. */
export interface WeightedAliasRelease extends LambdaVersionsReleaseOf<"weighted-alias"> {
  /** @default - all traffic goes to stable */
  readonly canary?: Canary<LambdaVersion>;
  /** @default - none */
  readonly preview?: TemporaryStageSettings<LambdaVersion>;
}

const alarmScopes = ["version", "alias"] as const;

export const weightedAlias: StrategyModel<WeightedAliasRelease> = {
  versionKind: "lambda",
  movedBy: "alias",
  aliasOf: "all",
  deploymentOf: "definition",
  trial: "canary",
  fields: [...apiFields, "canary", "image", "preview", "steps"],
  versionFields: ["fingerprint"],
  whyNot: {
    ...whyNoSettings,
    provisionedConcurrency: "Lambda allows none on an alias that splits its traffic",
  },
  alarmScopes,
  watched: ({ name }) => alarmScopes.map((scope) => watchedScope(name, scope)),
  resolve: (parts) => ({ ...lambdaVersions(parts), strategy: "weighted-alias" }),
  pointer: ({ stable, canary }) =>
    behindAlias(liveAlias, stable, canary && { [canary.version.name]: canary.percent.weight }),
};
