import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import type { RoleName } from "../src/release/role";
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
  /** @default - Terraform's own */
  readonly lifecycle?: TerraformResourceLifecycle;
}

export interface NamedRole {
  /** The role as Terraform manages it. */
  readonly role: IamRole;
  /** What it may do: whoever takes the role before it is there fails. */
  readonly policy: IamRolePolicy;
}

/** A role with its one policy. In a path it is another resource than at `/`, and Terraform forgets the one at `/`. */
export function addNamedRole(scope: Construct, id: string, props: NamedRoleProps): NamedRole {
  const { assumeRolePolicy, policyName, statements, lifecycle } = props;
  const place = props.role.path === undefined ? scope : placeInPath(scope, id);
  const role = new IamRole(place, id, { ...props.role, assumeRolePolicy, lifecycle });
  const policy = new IamRolePolicy(place, "policy", {
    name: policyName,
    role: role.name,
    policy: policyDocument(...statements),
    lifecycle,
  });
  return { role, policy };
}

/**
 * The role at `/` stays in AWS: a published version keeps the role that it was published with, and cannot run without
 * it. Who deploys has no right to it any more.
 */
function placeInPath(scope: Construct, id: string): Construct {
  new Forget(scope, id, IamRole);
  new Forget(scope, "policy", IamRolePolicy);
  return new Construct(scope, "in-path");
}
