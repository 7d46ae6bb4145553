import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Construct } from "constructs";
import { noShare, shareParameter } from "../src/release/steps/live-share";

export interface LiveShareRecordProps {
  /** Name of the release: `<service>-<environment>`. */
  readonly name: string;
  /** The service as people name it: `<environment>/<service>`. */
  readonly service: string;
}

/**
 * The SSM parameter that holds since when a share is live, where Lambda does not say when an alias was changed. Terraform
 * makes it, and never changes its value: the guard and the deploy write it.
 */
export class LiveShareRecord extends Construct {
  /** ARN of the parameter. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, service }: LiveShareRecordProps) {
    super(scope, id);
    const parameter = new SsmParameter(this, "Resource", {
      name: shareParameter(name),
      description: `Since when the version of ${service} on trial has its share`,
      type: "String",
      insecureValue: noShare,
      lifecycle: { ignoreChanges: ["insecure_value", "value"] },
    });
    this.arn = parameter.arn;
  }
}
