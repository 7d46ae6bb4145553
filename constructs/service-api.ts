import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { Construct } from "constructs";
import type { Definition } from "../release/definition";
import { openApiDocument } from "../release/openapi";
import type { AwsTarget } from "./aws-target";
import { stageVariableUri } from "./stage-variable-uri";

export interface ServiceApiProps {
  /** Name of the API. */
  readonly name: string;
  /** The definition that the next deployment snapshots. */
  readonly definition: Definition;
  readonly target: AwsTarget;
}

/** A regional REST API. Its definition is what is worked on; users see the deployments made of it. */
export class ServiceApi extends Construct {
  /** Id of the API. */
  readonly id: string;
  /** `arn:aws:execute-api:<region>:<account>:<api id>`, under which every request of the API stands. */
  readonly executionArn: string;

  constructor(scope: Construct, id: string, props: ServiceApiProps) {
    super(scope, id);
    const { name, definition, target } = props;
    const restApi = new ApiGatewayRestApi(this, "Resource", {
      name,
      endpointConfiguration: { types: ["REGIONAL"] },
      body: JSON.stringify(
        openApiDocument(definition, name, (stageVariable) => stageVariableUri(target, stageVariable)),
      ),
    });
    this.id = restApi.id;
    this.executionArn = restApi.executionArn;
  }
}
