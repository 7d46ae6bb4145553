import { regionOf } from "../aws/arn";
import { type AwsProvider, isKnownTo, remedyFor } from "../aws/aws-provider";
import { domainAddress } from "../environment/domain";
import type { Environment } from "../environment/environment";
import { hasApi } from "../functions/service-functions";
import type { FieldPath, Problem } from "../problem";
import type { ReleaseContext } from "../release-context";
import type { EnvironmentFile } from "../schema/environment";
import type { Finding } from "./finding";
import { checkAccessMode, isEnhanced } from "./security-policy";

/** A domain that is made needs its certificate; of one that is there only the name counts. */
export function checkDomain({ domain, region }: EnvironmentFile, faulty: readonly FieldPath[]): Finding[] {
  if (domain === undefined) return [];
  const { existing, certificateArn } = domain;
  if (existing) {
    return (["certificateArn", "securityPolicy", "endpointAccessMode", "record"] as const)
      .filter((name) => domain[name] !== undefined)
      .map((name) => ({
        field: ["domain", name],
        message: "must not be given with 'existing': no stack changes a domain that already exists",
      }));
  }
  if (certificateArn === undefined) {
    const message = "must have 'certificateArn', or 'existing': true for a domain that already exists";
    return [{ field: ["domain"], message }];
  }
  const access = checkAccessMode("domain", domain, faulty);
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-specify-certificate-for-custom-domain-name.html
  const own = regionOf(certificateArn);
  if (own === region) return access;
  const message = `must be a certificate in the environment's region, ${region}`;
  return [...access, { field: ["domain", "certificateArn"], message, value: own }];
}

/**
 * From which version on the AWS provider takes a field of the domain.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md
 */
const tls13 = { provider: "6.28.0" };
const routing = { provider: "6.29.0" };

/** An older provider would refuse the stacks when it plans. */
export function checkDomainProvider(
  { domain }: EnvironmentFile,
  provider: AwsProvider | undefined,
): Finding[] {
  if (domain === undefined || provider === undefined) return [];
  const { securityPolicy, routingRules = false } = domain;
  return [
    { field: "securityPolicy", value: securityPolicy, isUsed: isEnhanced(securityPolicy), since: tls13 },
    { field: "routingRules", value: routingRules, isUsed: routingRules, since: routing },
  ]
    .filter(({ isUsed, since }) => isUsed && !isKnownTo(provider, since))
    .map(({ field, value, since }) => ({
      field: ["domain", field],
      message: `must be what AWS provider ${provider.version} (${provider.from}) takes, and this needs ${since.provider}: ${remedyFor(since)}`,
      value,
    }));
}

/** A base path is of a domain. */
export function checkBasePath({ file, environment }: ReleaseContext): Finding[] {
  const { basePath } = file.stage;
  if (basePath === undefined || environment.domain !== undefined) return [];
  const message = `must not be given without 'domain' in releases/${environment.name}/environment.json`;
  return [{ field: ["stage", "basePath"], message, value: basePath }];
}

/**
 * A name is one domain in a region, in all accounts together. Each is told at the later file.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
 */
export function checkDomainOnce(environments: readonly Environment[]): Problem[] {
  const makers = new Map<string, string>();
  return environments.flatMap(({ name, region, domain }) => {
    if (domain === undefined || domain.existing) return [];
    const key = `${region} ${domain.name}`;
    const maker = makers.get(key);
    makers.set(key, maker ?? name);
    if (maker === undefined) return [];
    const message = `must be another name, or have 'existing': true: ${maker} already creates this domain in ${region}`;
    return [
      {
        file: `releases/${name}/environment.json`,
        field: ["domain", "name"],
        message,
        value: domain.name,
      },
    ];
  });
}

/** Two services of one domain never have one base path. Each is told at the later file. */
export function checkBasePaths(
  contexts: readonly { readonly file: string; readonly context: ReleaseContext }[],
): Problem[] {
  const owners = new Map<string, string>();
  return contexts.flatMap(({ file, context }) => {
    if (!hasApi(context.file)) return [];
    const { basePath } = context.file.stage;
    const address = domainAddress(context.environment, basePath);
    if (address === undefined) return [];
    const key = `${context.environment.region} ${address.url}`;
    const owner = owners.get(key);
    owners.set(key, owner ?? file);
    if (owner === undefined) return [];
    const message = `must differ from the base path of ${owner}, which ${address.domainName} maps to its own stage`;
    return [{ file, field: ["stage", "basePath"], message, value: basePath }];
  });
}
