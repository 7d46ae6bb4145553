import { always } from "../always";
import { aliasesAt, behindAlias, greenAlias, versionAlias } from "../pointer";
import type { LambdaVersionsReleaseOf } from "../release-base";
import type { LambdaVersion, TemporaryStageSettings } from "../version";
import { aliasOfEachVersion } from "./aliases";
import { apiFields, lambdaVersions } from "./behind-api";
import type { StrategyModel } from "./strategy-model";

/** A production stage, and a temporary stage to preview the next version. */
export interface BlueGreenStageRelease extends LambdaVersionsReleaseOf<"blue-green-stage"> {
  /** @default - no version is previewed */
  readonly blue?: TemporaryStageSettings<LambdaVersion>;
  /** Whether an alias `green` follows the stable version, for callers besides the API. */
  readonly greenAlias: boolean;
}

export const blueGreenStage: StrategyModel<BlueGreenStageRelease> = {
  ...aliasOfEachVersion,
  movedBy: "stage",
  deploymentOf: "definition",
  trial: "blue",
  answersScopes: ["blue", "stage"],
  stageName: "green",
  fields: [...apiFields, "blue", "functions", "greenAlias", "guard", "image", "stableSince"],
  resolve: (parts) => ({
    ...lambdaVersions(parts, parts.behindApi()),
    strategy: "blue-green-stage",
    greenAlias: always(parts.context.file, "greenAlias"),
  }),
  pointer: (release) => {
    const { functions, stable } = release;
    const pointer = behindAlias(versionAlias(stable.name), stable, functions);
    if (!release.greenAlias) return pointer;
    const green = aliasesAt(greenAlias, stable, functions);
    return { ...pointer, aliases: { ...pointer.aliases, ...green } };
  },
};
