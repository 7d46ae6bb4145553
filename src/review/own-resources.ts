import type { StrategyModel } from "../release/strategies/strategy-model";

/** Whether each version is served by resources of its own: a deployment, or tasks. */
export function servesByItsOwn({ versionKind, deploymentOf }: StrategyModel): boolean {
  return versionKind === "container" || deploymentOf === "version";
}

/** Whether publishing a version adds resources to the stack. */
export function addsResources(model: StrategyModel): boolean {
  return servesByItsOwn(model) || model.aliasOf === "version";
}
