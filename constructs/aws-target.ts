import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

/** The partition, region and account that a stack is deployed to, as references: known when it is planned. */
export class AwsTarget extends Construct {
  /** That of the stack of a construct, which is made where there is none. */
  static of(scope: Construct): AwsTarget {
    const stack = TerraformStack.of(scope);
    const found = stack.node.tryFindChild("target");
    return found instanceof AwsTarget ? found : new AwsTarget(stack, "target");
  }

  /** `aws`, or another one such as `aws-cn`. */
  readonly partition: string;
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.partition = new DataAwsPartition(this, "partition").partition;
    this.region = new DataAwsRegion(this, "region").id;
    this.accountId = new DataAwsCallerIdentity(this, "caller-identity").accountId;
  }
}
