import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";

/** For how many minutes a group's deployments wait for an operator. @returns nothing where they go on by themselves */
export function readyWaitMinutes({
  blueGreenDeploymentConfiguration,
}: Pick<DeploymentGroupInfo, "blueGreenDeploymentConfiguration">): number | undefined {
  const { actionOnTimeout, waitTimeInMinutes = 0 } =
    blueGreenDeploymentConfiguration?.deploymentReadyOption ?? {};
  return actionOnTimeout === "STOP_DEPLOYMENT" ? waitTimeInMinutes : undefined;
}
