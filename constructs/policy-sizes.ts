import { ApiGatewayRestApiPolicy } from "@cdktf/provider-aws/lib/api-gateway-rest-api-policy";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { awsLimits, raisedBy } from "../src/release/aws/aws-limits";
import { partitionOf } from "../src/release/aws/aws-regions";
import type { Environment } from "../src/release/environment/environment";

/** What a file has too much of where a policy of its stack is too long. */
export interface PolicySource {
  /** File and field: `releases/dev/shop.json 'api.routes'`. */
  readonly place: string;
  /** What must be fewer there: `adopted functions`. */
  readonly what: string;
}

/** The files' places of the policies that a stack has. */
export interface PolicySources {
  /** Of all but those of roles. */
  readonly policies: PolicySource;
  /** Of what stands within roles. */
  readonly roles: PolicySource;
}

interface Measured {
  /** What has too much of it. */
  readonly source: PolicySource;
  readonly policies: readonly string[];
  readonly most: number;
  /** Whose they are. */
  readonly of: string;
  readonly hint?: string;
}

/**
 * Has a stack refused whose policies are longer than AWS takes them, in one line on the one that is longest. They are
 * measured as they are synthesized, with what a stack that extends this one adds.
 */
export function limitPolicySizes(stack: Construct, environment: Environment, sources: PolicySources): void {
  const lengthOf = ({ policies }: Measured) =>
    policies.reduce((sum, policy) => sum + sizeOf(resolved(policy, stack), environment.region), 0);
  const validate = () => {
    const [worst] = measured(stack, environment, sources)
      .map((one) => ({ ...one, length: lengthOf(one) }))
      .filter(({ length, most }) => length > most)
      .sort((a, b) => b.length / b.most - a.length / a.most);
    if (worst === undefined) return [];
    const { of, most, hint = "", length, source } = worst;
    const { place, what } = source;
    return [`${place} must have fewer ${what}: ${of} may have ${most} characters${hint}, got ${length}`];
  };
  stack.node.addValidation({ validate });
}

function measured(stack: Construct, environment: Environment, sources: PolicySources): Measured[] {
  const constructs = stack.node.findAll();
  const apis = constructs.filter((one) => one instanceof ApiGatewayRestApiPolicy);
  const managed = constructs.filter((one) => one instanceof IamPolicy);
  return [
    ...apis.map(({ policyInput = "" }) => ({
      source: sources.policies,
      policies: [policyInput],
      most: environment.quotas.apiPolicyCharacters,
      of: "an API's resource policy",
      hint: raisedBy("apiPolicyCharacters"),
    })),
    ...managed.map(({ policyInput = "", nameInput }) => ({
      source: sources.policies,
      policies: [policyInput],
      most: awsLimits.managedPolicyCharacters.most,
      of: `the policy ${nameInput}`,
    })),
    ...inlinePolicies(stack, constructs).map(([role, policies]) => ({
      source: sources.roles,
      policies,
      most: awsLimits.inlinePolicyCharacters.most,
      of: `the inline policies of the role ${role}`,
    })),
  ];
}

/** Those of each role together, by its name. */
function inlinePolicies(stack: Construct, constructs: readonly IConstruct[]): [string, string[]][] {
  const roles = constructs.filter((one) => one instanceof IamRole);
  const names = new Map(roles.map((role) => [resolved(role.name, stack), role.nameInput ?? role.node.path]));
  const byRole = new Map<string, string[]>();
  for (const { roleInput = "", policyInput = "" } of constructs.filter(
    (one) => one instanceof IamRolePolicy,
  )) {
    const role = resolved(roleInput, stack);
    const name = names.get(role) ?? role;
    byRole.set(name, [...(byRole.get(name) ?? []), policyInput]);
  }
  return [...byRole];
}

/** Text with references as Terraform writes them. */
function resolved(text: string, scope: Construct): string {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(text, { scope, resolver, preparing: false });
}

/**
 * How long a policy will be, where IAM counts no white space. Of what is not known before the deploy the length is that
 * of its longest usual value.
 */
function sizeOf(policy: string, region: string): number {
  const partition = partitionOf(region);
  const account = "0".repeat(12);
  const values: Readonly<Record<string, string>> = {
    partition,
    account_id: account,
    name: region,
    execution_arn: `arn:${partition}:execute-api:${region}:${account}:${"x".repeat(10)}`,
  };
  const known = policy.replace(/\$\{[^}]*\.(\w+)\}/g, (_, attribute) => values[attribute] ?? "x".repeat(128));
  return known.replace(/\s/g, "").length;
}
