import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import { hash } from "../src/release/definition/fingerprint";
import type { RoleName } from "../src/release/functions/role";
import { Forget } from "./forget";
import { policyDocument, type Statement } from "./policy-document";

export interface NamedRoleProps {
  /** Name and path. */
  readonly role: RoleName;
  /** Who may take it, as JSON. */
  readonly assumeRolePolicy: string;
  /** Name of its one policy. */
  readonly policyName: string;
  /** What it may do. */
  readonly statements: readonly Statement[];
  /** ARNs of managed policies that are attached besides. @default - none */
  readonly managedPolicies?: readonly string[];
  /** @default - Terraform's own */
  readonly lifecycle?: TerraformResourceLifecycle;
}

export interface NamedRole {
  /** The role as Terraform manages it. */
  readonly role: IamRole;
  /** What it may do. A resource that uses the role before this exists fails. */
  readonly policy: IamRolePolicy;
  /** Its managed policies. */
  readonly attachments: readonly IamRolePolicyAttachment[];
}

/** A role with its one policy of its own, and managed ones. In a path it is another resource than at `/`, and Terraform forgets the one at `/`. */
export function addNamedRole(scope: Construct, id: string, props: NamedRoleProps): NamedRole {
  const { assumeRolePolicy, policyName, statements, managedPolicies = [], lifecycle } = props;
  const place = props.role.path === undefined ? scope : placeInPath(scope, id, managedPolicies);
  const role = new IamRole(place, id, { ...props.role, assumeRolePolicy, lifecycle });
  const policy = new IamRolePolicy(place, "policy", {
    name: policyName,
    role: role.name,
    policy: policyDocument(...statements),
    lifecycle,
  });
  const attachments = managedPolicies.map(
    (policyArn) =>
      new IamRolePolicyAttachment(place, attachmentId(policyArn), { role: role.name, policyArn, lifecycle }),
  );
  return { role, policy, attachments };
}

/** By the policy, so that another one beside it replaces nothing. */
function attachmentId(policyArn: string): string {
  return `managed-policy-${hash(policyArn)}`;
}

/**
 * The role at `/` stays in AWS: a published version keeps the role that it was published with, and cannot run without
 * it. Who deploys has no right to it any more.
 */
function placeInPath(scope: Construct, id: string, managedPolicies: readonly string[]): Construct {
  forgetNamedRole(scope, id);
  for (const arn of managedPolicies) new Forget(scope, attachmentId(arn), IamRolePolicyAttachment);
  return new Construct(scope, inPath);
}

/** Id of what holds a role that stands in a path. */
export const inPath = "in-path";

/** Leaves the role that `addNamedRole` made in this scope in AWS, with its policy. */
export function forgetNamedRole(scope: Construct, id: string): void {
  new Forget(scope, id, IamRole);
  new Forget(scope, "policy", IamRolePolicy);
}
