import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { Import } from "./import";
import { outlivesPointers } from "./outlives-pointers";
import type { ServiceApi } from "./service-api";

export interface InvokePermissionProps {
  /** Name of the function in AWS. */
  readonly functionName: string;
  /** The alias that may be invoked, and nothing else of the function. @default - the function without a qualifier */
  readonly qualifier?: string;
  /** The one API that may invoke the function. */
  readonly api: ServiceApi;
  /** Name in AWS of a function that has this permission already: it is imported. @default - it is made */
  readonly recoveredFrom?: string;
}

/**
 * Lets one API invoke a function. API Gateway cannot see through a stage variable, so it grants nothing by
 * itself: without this a request ends in 500, and the deploy shows no error.
 *
 * One statement covers every stage, method and path, so no release ever replaces it: replacing deletes first
 * and would leave users with errors in between.
 */
export class InvokePermission extends Construct {
  /** What must be in place before a stage points at the function. */
  readonly permission: LambdaPermission;

  constructor(scope: Construct, id: string, props: InvokePermissionProps) {
    super(scope, id);
    this.permission = new LambdaPermission(this, "Resource", {
      // Named after the API: for a new one the statement is made before the old one is deleted.
      statementId: `AllowApi-${props.api.id}`,
      action: "lambda:InvokeFunction",
      functionName: props.functionName,
      qualifier: props.qualifier,
      principal: "apigateway.amazonaws.com",
      sourceArn: `${props.api.executionArn}/*`,
      lifecycle: outlivesPointers,
    });
    const { api, recoveredFrom } = props;
    if (recoveredFrom === undefined || api.adoptedId === undefined) return;
    new Import(this, "import", { to: this.permission, id: `${recoveredFrom}/AllowApi-${api.adoptedId}` });
  }
}
