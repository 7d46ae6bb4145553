import { DataAwsLambdaFunction } from "@cdktf/provider-aws/lib/data-aws-lambda-function";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { ITerraformDependable, TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import type { FunctionSettings } from "../src/release/functions/function-settings";

export interface FunctionReadBackProps {
  /** The function as Terraform manages it. */
  readonly lambda: LambdaFunction;
  /** How `aws lambda update-function-code` gets the code: `--zip-file fileb://packages/shop-dev.zip`. */
  readonly codeOption: string;
  /** What AWS returns about the code, and what Terraform recorded about it. Of an object in S3, Terraform knows no digest. */
  readonly code: "zip" | "image" | "stored";
  /** The settings of the file: those without a default are compared where they are given. */
  readonly settings: FunctionSettings;
  /** Whether Lambda publishes versions: then the one that was published last is read, else what callers meet. */
  readonly publish: boolean;
}

/**
 * What AWS has of a function, read after each apply of it, and by each plan that leaves the function alone.
 *
 * Terraform records code and settings also when UpdateFunctionCode or PublishVersion fails, and plans nothing from
 * then on. Nor does it see code that was changed in the console. So a plan or apply fails here where AWS has
 * another code, or a version without the last settings, and says how to upload it again. Pointers wait for this.
 * https://github.com/hashicorp/terraform-provider-aws/issues/42826
 */
export class FunctionReadBack extends Construct {
  /** The function as AWS has it: what depends on it waits until both agree. */
  readonly data: ITerraformDependable;

  constructor(scope: Construct, id: string, props: FunctionReadBackProps) {
    super(scope, id);
    const { lambda, publish } = props;
    const postcondition = this.renderPostcondition(props);
    this.data = new DataAwsLambdaFunction(this, "Resource", {
      functionName: lambda.functionName,
      // Without a qualifier it is the version that was published last.
      qualifier: publish ? undefined : "$LATEST",
      dependsOn: [lambda],
      ...(postcondition && { lifecycle: { postcondition: [postcondition] } }),
    });
  }

  /** @returns nothing where Terraform knows nothing to compare */
  private renderPostcondition(props: FunctionReadBackProps): Postcondition | undefined {
    const { lambda, code, codeOption, publish, settings } = props;
    const recorded = `${lambda.terraformResourceType}.${lambda.friendlyUniqueId}`;
    const conditions = [
      ...(code === "stored" ? [] : [`self.${digests[code].told} == ${recorded}.${digests[code].known}`]),
      ...(publish
        ? [...publishedSettings, ...givenSettings(settings)].map(
            (value) => `${value("self")} == ${value(recorded)}`,
          )
        : []),
    ];
    if (conditions.length === 0) return undefined;
    const what = publish ? (code === "stored" ? "settings" : "code and settings") : "code";
    const upload =
      `aws lambda update-function-code --function-name ${lambda.functionName} ${codeOption}` +
      (publish ? " --publish" : "");
    return {
      condition: `\${${conditions.join(" && ")}}`,
      errorMessage:
        `AWS does not have the ${what} that Terraform has recorded of ` +
        `${lambda.functionName}: a deploy failed halfway, or somebody changed the function. Upload it again, in the ` +
        `folder of this stack: '${upload}'. Then run the same command.`,
    };
  }
}

/** An expression for a value of the function, as Terraform or AWS has it. */
type Value = (of: string) => string;

type Postcondition = NonNullable<TerraformResourceLifecycle["postcondition"]>[number];

/** Names of the digest: as AWS returns it, and as Terraform has recorded it. */
const digests = {
  zip: { told: "code_sha256", known: "source_code_hash" },
  image: { told: "image_uri", known: "image_uri" },
} as const;

/**
 * What a version is published with. The function's own settings are read back by Terraform, so a plan shows them; a
 * version lacks them where PublishVersion failed.
 */
const publishedSettings: readonly Value[] = [
  ...["role", "memory_size", "timeout"].map((name) => (of: string) => `${of}.${name}`),
  (of) => `jsonencode(coalesce(${of}.layers, []))`,
  ...["environment[*].variables", "dead_letter_config[*].target_arn", "tracing_config[*].mode"].map(
    (path) => (of: string) => `jsonencode(${of}.${path})`,
  ),
];

/** The same of what a file may leave to AWS. The data source has no `snap_start`. */
function givenSettings({ ephemeralStorageMb, kmsKeyArn, logging }: FunctionSettings): readonly Value[] {
  const { applicationLevel, systemLevel } = logging ?? {};
  return [
    ...(ephemeralStorageMb === undefined ? [] : ["ephemeral_storage[*].size"]),
    ...(kmsKeyArn === undefined ? [] : ["kms_key_arn"]),
    ...(logging === undefined ? [] : ["logging_config[*].log_format"]),
    ...(applicationLevel === undefined ? [] : ["logging_config[*].application_log_level"]),
    ...(systemLevel === undefined ? [] : ["logging_config[*].system_log_level"]),
  ].map((path) => (of) => `jsonencode(${of}.${path})`);
}
