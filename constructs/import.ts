import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsCloudwatchLogGroups } from "@cdktf/provider-aws/lib/data-aws-cloudwatch-log-groups";
import { TerraformElement, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";

export interface ImportProps {
  /** The resource that takes it in. */
  readonly to: TerraformResource;
  /** What the AWS provider imports it by: its id, name or path. */
  readonly id: string;
}

/**
 * Takes what is there in AWS under the care of a resource, instead of making it: an import block, which does
 * nothing once the resource is in the state. cdktf's own `importFrom` would run Terraform in each synthesis.
 */
export class Import extends TerraformElement {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ImportProps,
  ) {
    super(scope, id);
  }

  override toTerraform() {
    return { import: [{ to: addressOf(this.props.to), id: this.props.id }] };
  }
}

export interface LogGroupImportProps {
  /** The log group that takes it in. */
  readonly to: CloudwatchLogGroup;
  /** Name of the group. */
  readonly name: string;
}

/**
 * The same for a log group, where there is one. AWS makes it with the first line that is logged, so nobody
 * knows beforehand: to import one that is not there fails, and so does to make one that is.
 */
export class LogGroupImport extends TerraformElement {
  private readonly groups: DataAwsCloudwatchLogGroups;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LogGroupImportProps,
  ) {
    super(scope, id);
    this.groups = new DataAwsCloudwatchLogGroups(this, "groups", { logGroupNamePrefix: props.name });
  }

  override toTerraform() {
    const names = `data.aws_cloudwatch_log_groups.${this.groups.friendlyUniqueId}.log_group_names`;
    return {
      import: [
        {
          for_each: `\${toset([for name in ${names} : name if name == "${this.props.name}"])}`,
          to: addressOf(this.props.to),
          id: "${each.value}",
        },
      ],
    };
  }
}

function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
