import { aliasCanaryStage } from "./alias-canary-stage";
import { blueGreenStage } from "./blue-green-stage";
import { canaryStage } from "./canary-stage";
import { codedeployAlias } from "./codedeploy-alias";
import { ecsBlueGreen } from "./ecs-blue-green";
import { ecsNative } from "./ecs-native";
import { type Strategy, strategies } from "./names";
import type { StrategyModel } from "./strategy-model";
import { weightedAlias } from "./weighted-alias";

/** The room of each strategy: the compiler asks for those that are missing. */
export const models = {
  "canary-stage": canaryStage,
  "alias-canary-stage": aliasCanaryStage,
  "weighted-alias": weightedAlias,
  "blue-green-stage": blueGreenStage,
  "codedeploy-alias": codedeployAlias,
  "ecs-blue-green": ecsBlueGreen,
  "ecs-native": ecsNative,
} satisfies { readonly [S in Strategy]: StrategyModel };

/** The names of the strategies that are so, as a message lists them. */
export function strategiesThat(are: (model: StrategyModel) => boolean): string {
  return strategies.filter((strategy) => are(models[strategy])).join(", ");
}

/** The strategies whose versions are containers. */
export const ofContainers = strategiesThat(({ versionKind }) => versionKind === "container");

/** Whether AWS shifts users by itself once it is started, and gives the shares that no file knows. */
export function shiftsByItself({ movedBy }: Pick<StrategyModel, "movedBy">): boolean {
  return movedBy === "codedeploy" || movedBy === "ecs";
}

/** What the strategy of a file or release is like. */
export function modelOf({ strategy }: { readonly strategy: Strategy }): StrategyModel {
  return models[strategy];
}
