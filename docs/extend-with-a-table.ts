import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { CanaryStageRelease } from "lambda-release/release/strategies/canary-stage";
import { CanaryStageStack } from "lambda-release/stacks/canary-stage-stack";

/** What outlives the releases of a service. */
export class OrdersData extends TerraformStack {
  readonly table: DynamodbTable;

  constructor(scope: Construct) {
    super(scope, "orders-data");
    new AwsProvider(this, "aws", { region: "eu-central-1" });
    this.table = new DynamodbTable(this, "orders", {
      name: "orders",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
    });
  }
}

/** A canary stage whose functions, of all versions, know a table and may read it. */
export function ordersStackWith({ table }: OrdersData) {
  return class OrdersStack extends CanaryStageStack {
    constructor(scope: Construct, release: CanaryStageRelease) {
      super(scope, release);
      for (const version of this.versions.values()) {
        for (const lambda of version.functions.values()) {
          lambda.addEnvironment("TABLE", table.name);
          lambda.addPermissions({ actions: ["dynamodb:GetItem"], resources: [table.arn] });
        }
      }
    }
  };
}
