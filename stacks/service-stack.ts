import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { ApiStage } from "../constructs/api-stage";
import { AwsTarget } from "../constructs/aws-target";
import { BasePathMapping } from "../constructs/base-path-mapping";
import { boundaryArn, limitRoles } from "../constructs/function-boundary";
import { limitPolicySizes } from "../constructs/policy-sizes";
import type { ServiceApi } from "../constructs/service-api";
import type { TemporaryStage } from "../constructs/temporary-stage";
import { constructIds } from "../src/release/construct-ids";
import { domainAddress } from "../src/release/domain";
import { type FunctionsRelease, splitOf } from "../src/release/release";
import { rolePath } from "../src/release/role";
import { sharesOf } from "../src/release/split";
import { EnvironmentStack } from "./environment-stack";

export interface ServiceOutputs {
  /** Its id is an output. @default - there is none */
  readonly api?: ServiceApi;
  /** The stage that users call. @default - there is no API */
  readonly stage?: ApiStage;
  /** @default - none */
  readonly temporary?: TemporaryStage;
}

/** What the stacks of all strategies have in common. */
export abstract class ServiceStack<R extends FunctionsRelease = FunctionsRelease> extends EnvironmentStack {
  protected readonly target: AwsTarget;

  constructor(
    scope: Construct,
    protected readonly release: R,
  ) {
    super(scope, release.name, release.environment);
    new ArchiveProvider(this, "archive");
    this.target = new AwsTarget(this, "target");
    const { environment } = release;
    const file = `releases/${environment.name}/${release.service}.json`;
    limitPolicySizes(this, environment, {
      policies: { place: `${file} 'api.routes'`, what: "routes without AWS_IAM, or shorter paths" },
      roles: {
        place: `${file} 'settings'`,
        what: "entries in 'permissions', 'parameters' and 'secrets' of a function, or wildcards in place of them",
      },
    });
    if (environment.github === undefined) return;
    const permissionsBoundary = boundaryArn(this.target, environment);
    limitRoles(this, { permissionsBoundary, path: rolePath(environment.name) });
  }

  /**
   * Outputs with fixed names: `api_endpoint`, `url` (on the environment's domain), `api_id`, `stage`, `traffic`
   * (percent by version), `temporary_endpoint`. Without an API there is `traffic` alone.
   */
  protected addOutputs({ api, stage, temporary }: ServiceOutputs): void {
    const { release } = this;
    if (api !== undefined && stage !== undefined) this.addApiOutputs(api, stage);
    // Who serves what is CodeDeploy's to say where it moves the alias.
    const split = splitOf(release);
    if (split !== undefined) {
      new TerraformOutput(this, "traffic", { value: Object.fromEntries(sharesOf(split)) });
    }
    if (temporary !== undefined) new TerraformOutput(this, "temporary_endpoint", { value: temporary.url });
  }

  private addApiOutputs(api: ServiceApi, stage: ApiStage): void {
    new TerraformOutput(this, "api_endpoint", { value: stage.url });
    const url = this.mapBasePath(api, stage);
    if (url !== undefined) new TerraformOutput(this, "url", { value: url });
    new TerraformOutput(this, "api_id", { value: api.id });
    new TerraformOutput(this, "stage", { value: this.release.stage?.name });
  }

  /** @returns where users call the stage on the environment's domain, if the service has a base path there */
  private mapBasePath(api: ServiceApi, stage: ApiStage): string | undefined {
    const { release } = this;
    const address = domainAddress(release.environment, release.stage?.basePath);
    if (address === undefined) return undefined;
    const adopted = "adopted" in release && release.adopted.basePath;
    new BasePathMapping(this, constructIds.basePath, { address, api, stage, adopted });
    return address.url;
  }
}
