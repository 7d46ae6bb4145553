import { type Trigger, triggersOf } from "../functions/triggers";
import { splitByAliases } from "../pointer";
import type { AliasReleaseOf } from "../release-base";
import type { StepInFile } from "../schema/release";
import type { Canary, LambdaVersion, TemporaryStageSettings } from "../version";
import { oneAlias } from "./aliases";
import { apiFields, lambdaVersions } from "./behind-api";
import type { StrategyModel } from "./strategy-model";

/** One alias of each function, which splits its invocations. */
export interface WeightedAliasRelease extends AliasReleaseOf<"weighted-alias"> {
  /** @default - all traffic goes to stable */
  readonly canary?: Canary<LambdaVersion>;
  /** The shares that a canary is planned to get, one after the other. @default - none are planned */
  readonly steps?: readonly StepInFile[];
  /** @default - none */
  readonly preview?: TemporaryStageSettings<LambdaVersion>;
  /** What invokes the function besides the API. */
  readonly triggers: readonly Trigger[];
}

export const weightedAlias: StrategyModel<WeightedAliasRelease> = {
  ...oneAlias,
  movedBy: "alias",
  trial: "canary",
  fields: [
    ...apiFields,
    "canary",
    "functions",
    "guard",
    "image",
    "preview",
    "stableSince",
    "steps",
    "triggers",
    "verdict",
  ],
  resolve: (parts) => ({
    ...lambdaVersions(parts, parts.invoked()),
    strategy: "weighted-alias",
    triggers: triggersOf(parts.context.file.triggers),
  }),
  pointer: splitByAliases,
};
