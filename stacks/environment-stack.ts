import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { isNewToTerraform } from "../src/release/aws/aws-regions";
import { type Environment, stateKey } from "../src/release/environment/environment";

/** What every stack has of its environment: the AWS provider and the place of its state. */
export abstract class EnvironmentStack extends TerraformStack {
  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    new AwsProvider(this, "aws", {
      region: environment.region,
      skipRegionValidation: isNewToTerraform(environment.region) ? true : undefined,
      allowedAccountIds: environment.allowedAccountIds,
      defaultTags: Object.keys(environment.tags).length > 0 ? [{ tags: environment.tags }] : undefined,
    });
    this.placeState(id, environment);
  }

  private placeState(stack: string, environment: Environment): void {
    const { state } = environment;
    if (state === undefined) {
      // Relative to cdktf.out/stacks/<stack>, where Terraform runs; cdktf's own default is an absolute path.
      new LocalBackend(this, { path: `../../../terraform-state/${stack}.tfstate` });
      return;
    }
    new S3Backend(this, {
      bucket: state.s3.bucket,
      key: stateKey(environment, stack),
      region: state.s3.region,
      skipRegionValidation: isNewToTerraform(state.s3.region) ? true : undefined,
      encrypt: true,
    });
    // Native locking: cdktf 0.21 has no property for it.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}
