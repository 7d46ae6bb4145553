import { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { RoutingRule as Rule } from "../src/release/environment/routing-rule";
import type { ApiStage } from "./api-stage";
import type { ServiceApi } from "./service-api";

export interface RoutingRuleProps {
  /** Domain, base path and header of the requests. */
  readonly rule: Rule;
  /** The API whose stage gets the requests. */
  readonly api: ServiceApi;
  /** The stage that the requests go to. */
  readonly stage: ApiStage;
}

/**
 * Leads requests on a custom domain that have a header to a stage. The classes of AWS provider 5, and of 6 up to 6.28,
 * do not know the resource: its arguments are written as the classes of 6.66 write them.
 */
export class RoutingRule extends Construct {
  constructor(scope: Construct, id: string, { rule, api, stage }: RoutingRuleProps) {
    super(scope, id);
    const { domainName, basePath, header, priority } = rule;
    const resource = new TerraformResource(this, "Resource", {
      terraformResourceType: "aws_apigatewayv2_routing_rule",
      terraformGeneratorMetadata: { providerName: "aws" },
    });
    const given = {
      domain_name: domainName,
      priority,
      condition: [
        { match_headers: [{ any_of: [{ header: header.name, value_glob: header.value }] }] },
        { match_base_paths: [{ any_of: [basePath] }] },
      ],
      // The functions get the path that they get by the domain's mapping.
      action: [{ invoke_api: [{ api_id: api.id, stage: stage.stageName, strip_base_path: true }] }],
    };
    for (const [argument, value] of Object.entries(given)) resource.addOverride(argument, value);
  }
}
