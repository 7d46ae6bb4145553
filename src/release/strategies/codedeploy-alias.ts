import { type Hooks, hooksOf } from "../hooks";
import { behindAlias, liveAlias } from "../pointer";
import type { LambdaVersionsReleaseOf } from "../release-base";
import { type RolloutSettings, rolloutOf } from "../rollout";
import type { LambdaVersion, TemporaryStageSettings } from "../version";
import { watchedScope } from "../watched";
import { apiFields, lambdaVersions, whyNoSettings } from "./behind-api";
import type { StrategyModel } from "./strategy-model";

/** One alias that CodeDeploy moves from one version to the next. */
export interface CodedeployAliasRelease extends LambdaVersionsReleaseOf<"codedeploy-alias"> {
  /** The version that CodeDeploy is to move the alias to. @default - none */
  readonly canary?: { readonly version: LambdaVersion };
  /** @default - none */
  readonly preview?: TemporaryStageSettings<LambdaVersion>;
  /** How CodeDeploy shifts. */
  readonly rollout: RolloutSettings;
  /** Whom it asks. */
  readonly hooks: Hooks;
}

const alarmScopes = ["version", "alias"] as const;

export const codedeployAlias: StrategyModel<CodedeployAliasRelease> = {
  versionKind: "lambda",
  movedBy: "codedeploy",
  aliasOf: "all",
  deploymentOf: "definition",
  trial: "canary",
  fields: [...apiFields, "canary", "hooks", "image", "preview", "rollout"],
  versionFields: ["fingerprint"],
  whyNot: {
    ...whyNoSettings,
    provisionedConcurrency: "Lambda allows none on an alias that splits its traffic",
  },
  alarmScopes,
  watched: ({ name }) => alarmScopes.map((scope) => watchedScope(name, scope)),
  resolve: (parts) => {
    const { canary, ...release } = lambdaVersions(parts);
    const { context } = parts;
    return {
      ...release,
      strategy: "codedeploy-alias",
      canary: canary && { version: canary.version },
      rollout: rolloutOf("Lambda", context.file.rollout),
      hooks: hooksOf(context),
    };
  },
  // As it is where CodeDeploy moves nothing.
  pointer: ({ stable }) => behindAlias(liveAlias, stable),
};
