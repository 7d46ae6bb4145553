import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { Construct } from "constructs";
import { outlivesPointers } from "./outlives-pointers";
import type { ServiceApi } from "./service-api";

export interface VersionDeploymentProps {
  /** The API that is deployed. */
  readonly api: ServiceApi;
  /** What the deployment is for. */
  readonly description: string;
  /** It is replaced when one of these changes, and only then. One of them is the definition's fingerprint. */
  readonly triggers: Record<string, string>;
}

/**
 * An API Gateway deployment: a snapshot of the API's definition as it was when a version was published. It is
 * replaced only for another fingerprint, so a later definition leaves it as it is.
 */
export class VersionDeployment extends Construct {
  /** Id of the deployment. */
  readonly id: string;

  constructor(scope: Construct, id: string, { api, description, triggers }: VersionDeploymentProps) {
    super(scope, id);
    const deployment = new ApiGatewayDeployment(this, "Resource", {
      restApiId: api.id,
      description,
      triggers,
      // API Gateway also refuses to delete a deployment that a stage points at.
      lifecycle: outlivesPointers,
      dependsOn: [...api.contents],
    });
    this.id = deployment.id;
  }
}
