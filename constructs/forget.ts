import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/**
 * Has Terraform forget the resource that had this construct's id, and leave it in AWS: a `removed` block, which does
 * nothing where the state has no such resource.
 */
export class Forget extends TerraformElement {
  constructor(
    scope: Construct,
    id: string,
    private readonly type: { readonly tfResourceType: string },
  ) {
    super(scope, id);
  }

  override toTerraform() {
    const from = `${this.type.tfResourceType}.${this.friendlyUniqueId}`;
    return { removed: [{ from, lifecycle: { destroy: false } }] };
  }
}
