import { TerraformResource } from "cdktf";
import { Construct } from "constructs";

export interface ProtectionProps {
  /** The resource that no plan may destroy or replace. */
  readonly of: TerraformResource;
}

/**
 * Refuses every plan that would destroy or replace a resource.
 *
 * The resource itself has no `prevent_destroy`: where AWS makes it and then refuses its settings, Terraform calls it
 * tainted, and with `prevent_destroy` could never recreate it. This one is made only after the resource is whole,
 * and is replaced with it, which `prevent_destroy` then refuses.
 * https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
 */
export class Protection extends Construct {
  constructor(scope: Construct, id: string, { of }: ProtectionProps) {
    super(scope, id);
    // Not cdktf's `DataResource`, which runs Terraform in each synthesis to ask for its version.
    new TerraformResource(this, "Resource", {
      terraformResourceType: "terraform_data",
      lifecycle: {
        preventDestroy: true,
        // A changed argument keeps the id. A deleted resource comes back: that replaces nothing.
        replaceTriggeredBy: [`${of.terraformResourceType}.${of.friendlyUniqueId}.id`],
      },
    });
  }
}
