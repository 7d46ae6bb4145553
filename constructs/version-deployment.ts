import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { Construct } from "constructs";
import { outlivesPointers } from "./outlives-pointers";
import type { ServiceApi } from "./service-api";

export interface VersionDeploymentProps {
  readonly api: ServiceApi;
  /** Name of the version. */
  readonly version: string;
  /** Fingerprint of the definition that the version was published with. */
  readonly fingerprint: string;
}

/**
 * A version's own API Gateway deployment: a snapshot of the API's definition as it was when the version was
 * published. It is made anew only for another fingerprint, so a later definition leaves it as it is.
 */
export class VersionDeployment extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, props: VersionDeploymentProps) {
    super(scope, id);
    const deployment = new ApiGatewayDeployment(this, "Resource", {
      restApiId: props.api.id,
      description: props.version,
      triggers: { fingerprint: props.fingerprint },
      // API Gateway also refuses to delete a deployment that a stage points at.
      lifecycle: outlivesPointers,
    });
    this.id = deployment.id;
  }
}
