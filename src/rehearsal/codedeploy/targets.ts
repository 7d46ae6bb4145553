import type {
  BatchGetDeploymentTargetsInput,
  BatchGetDeploymentTargetsOutput,
  DeploymentTarget,
  GetDeploymentTargetInput,
  GetDeploymentTargetOutput,
  ListDeploymentTargetsInput,
  ListDeploymentTargetsOutput,
} from "@aws-sdk/client-codedeploy";
import type { Deployment } from "./deployment";
import type { Deployments } from "./deployments";
import { targetFilter } from "./list-filters";
import { ApiError } from "./protocol";

/** What deployments deploy to: one alias or service each. */
export class Targets {
  constructor(private readonly deployments: Deployments) {}

  get({ deploymentId, targetId }: GetDeploymentTargetInput): GetDeploymentTargetOutput {
    return { deploymentTarget: find(this.deployments.find(deploymentId), targetId) };
  }

  batchGet({ deploymentId, targetIds }: BatchGetDeploymentTargetsInput): BatchGetDeploymentTargetsOutput {
    const deployment = this.deployments.find(deploymentId);
    if (!targetIds?.length)
      throw new ApiError("DeploymentTargetIdRequiredException", "'targetIds' must be given");
    if (targetIds.length > 25) {
      throw new ApiError(
        "DeploymentTargetListSizeExceededException",
        `there must be 25 targets at most, got ${targetIds.length}`,
      );
    }
    return { deploymentTargets: targetIds.map((id) => find(deployment, id)) };
  }

  list(input: ListDeploymentTargetsInput): ListDeploymentTargetsOutput {
    const deployment = this.deployments.find(input.deploymentId);
    const isAskedFor = targetFilter(input);
    return { targetIds: isAskedFor(deployment.targetStatus) ? [deployment.targetId] : [] };
  }
}

function find(deployment: Deployment, targetId: string | undefined): DeploymentTarget {
  if (!targetId) throw new ApiError("DeploymentTargetIdRequiredException", "'targetId' must be given");
  if (targetId === deployment.targetId) return deployment.target();
  throw new ApiError(
    "DeploymentTargetDoesNotExistException",
    `deployment ${deployment.id} has no target ${targetId}`,
  );
}
