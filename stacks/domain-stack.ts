import { ApiGatewayDomainName } from "@cdktf/provider-aws/lib/api-gateway-domain-name";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { Protection } from "../constructs/protection";
import { constructIds } from "../src/release/construct-ids";
import { domainStackName } from "../src/release/environment/domain";
import type { Environment } from "../src/release/environment/environment";
import { EnvironmentStack } from "./environment-stack";

/** An environment whose custom domain a stack makes. */
export type EnvironmentWithDomain = Environment & { readonly domain: NonNullable<Environment["domain"]> };

export function makesDomain(environment: Environment): environment is EnvironmentWithDomain {
  return environment.domain !== undefined && !environment.domain.existing;
}

/**
 * The custom domain of an environment's services: a stack of its own, because it outlives them. Services map their
 * base paths by its name, so each of them is deployed alone.
 *
 * Outputs: `domain_name`, and `target_domain_name` and `target_zone_id`, which a record of the name leads to.
 */
export class DomainStack extends EnvironmentStack {
  constructor(scope: Construct, environment: EnvironmentWithDomain) {
    super(scope, domainStackName(environment.name), environment);
    const { name, certificateArn, securityPolicy = "TLS_1_2", record } = environment.domain;
    const { endpointAccessMode, routingRules = false } = environment.domain;
    const domain = new ApiGatewayDomainName(this, "domain", {
      domainName: name,
      regionalCertificateArn: certificateArn,
      securityPolicy,
      endpointConfiguration: { types: ["REGIONAL"] },
    });
    // The classes of AWS provider 5 do not know these arguments.
    if (endpointAccessMode !== undefined) domain.addOverride("endpoint_access_mode", endpointAccessMode);
    if (routingRules) domain.addOverride("routing_mode", "ROUTING_RULE_THEN_BASE_PATH_MAPPING");
    if (environment.protect) new Protection(this, constructIds.protection, { of: domain });
    const { regionalDomainName, regionalZoneId } = domain;
    if (record !== undefined) {
      new Route53Record(this, "record", {
        zoneId: record.hostedZoneId,
        name,
        type: "A",
        alias: { name: regionalDomainName, zoneId: regionalZoneId, evaluateTargetHealth: false },
      });
    }
    new TerraformOutput(this, "domain_name", { value: domain.domainName });
    new TerraformOutput(this, "target_domain_name", { value: regionalDomainName });
    new TerraformOutput(this, "target_zone_id", { value: regionalZoneId });
  }
}
