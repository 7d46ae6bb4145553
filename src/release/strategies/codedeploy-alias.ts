import { always } from "../always";
import { type Hooks, hooksOf } from "../functions/hooks";
import { type Trigger, triggersOf } from "../functions/triggers";
import { splitByAliases } from "../pointer";
import type { AliasReleaseOf } from "../release-base";
import { type RolloutSettings, rolloutOf } from "../shifts/rollout";
import type { Canary, LambdaVersion, TemporaryStageSettings } from "../version";
import { oneAlias } from "./aliases";
import { apiFields, lambdaVersions } from "./behind-api";
import { byCodeDeploy, whyNoGuard } from "./by-codedeploy";
import type { StrategyModel } from "./strategy-model";

/** One alias of each function, which CodeDeploy moves from one version to the next. */
export interface CodedeployAliasRelease extends AliasReleaseOf<"codedeploy-alias"> {
  /** The version that CodeDeploy is to move the aliases to. @default - none */
  readonly canary?: Pick<Canary<LambdaVersion>, "version" | "since">;
  /** @default - none */
  readonly preview?: TemporaryStageSettings<LambdaVersion>;
  /** What invokes the functions besides the API. */
  readonly triggers: readonly Trigger[];
  /** How CodeDeploy shifts. */
  readonly rollout: RolloutSettings;
  /** Whom it asks. */
  readonly hooks: Hooks;
}

export const codedeployAlias: StrategyModel<CodedeployAliasRelease> = {
  ...oneAlias,
  movedBy: "codedeploy",
  trial: "canary",
  fields: [
    ...apiFields,
    "canary",
    "functions",
    "hooks",
    "image",
    "preview",
    "rollout",
    "triggers",
    "verdict",
  ],
  whyNot: {
    ...oneAlias.whyNot,
    steps: byCodeDeploy,
    ...whyNoGuard,
  },
  resolve: (parts) => {
    const { canary, ...release } = lambdaVersions(parts, parts.invoked());
    const { context } = parts;
    return {
      ...release,
      strategy: "codedeploy-alias",
      canary: canary && { version: canary.version, since: canary.since },
      rollout: rolloutOf(always(context.file, "rollout")),
      hooks: hooksOf(context),
      triggers: triggersOf(context.file.triggers),
    };
  },
  // As it is where CodeDeploy moves nothing.
  pointer: ({ canary: _, ...release }) => splitByAliases(release),
};
