import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias";
import type { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { LambdaProvisionedConcurrencyConfig } from "@cdktf/provider-aws/lib/lambda-provisioned-concurrency-config";
import { Fn, Op, type TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import type { Percent } from "../release/percent";
import type { LambdaVersion } from "../release/release";
import type { StageTarget } from "./api-stage";
import { InvokePermission } from "./invoke-permission";
import { outlivesPointers } from "./outlives-pointers";
import type { ServiceApi } from "./service-api";
import type { ServiceFunction } from "./service-function";

export interface VersionAliasProps {
  /** Name of the alias. */
  readonly name: string;
  readonly lambda: ServiceFunction;
  /** The one API that may invoke it. */
  readonly api: ServiceApi;
  /** The version that it names. */
  readonly version: LambdaVersion;
  /** A second version and its share of the invocations, drawn for each. @default - all go to `version` */
  readonly canary?: { readonly version: LambdaVersion; readonly percent?: Percent };
  /** Whether CodeDeploy moves it: it is made at `version`, and then left alone with what it names. @default false */
  readonly movedByCodeDeploy?: boolean;
  /** Executions that Lambda keeps ready for whichever version it names. @default - none */
  readonly provisionedConcurrency?: number;
}

/**
 * An alias of a function with the permission to invoke it: resource policies are per alias.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
 */
export class VersionAlias extends Construct {
  /** For the stage variable `alias`: its name. */
  readonly stageVariables: { readonly alias: string };
  readonly permissions: readonly LambdaPermission[];
  /** Executions that Lambda keeps ready. @default - none */
  readonly concurrency?: LambdaProvisionedConcurrencyConfig;

  constructor(scope: Construct, id: string, props: VersionAliasProps) {
    super(scope, id);
    const { name, lambda, api, version, canary, movedByCodeDeploy, provisionedConcurrency } = props;
    const { functionName } = lambda;
    const alias = new LambdaAlias(this, "Resource", {
      name,
      functionName,
      functionVersion: version.name,
      routingConfig: canary?.percent && {
        additionalVersionWeights: { [canary.version.name]: canary.percent.weight },
      },
      lifecycle: {
        ...outlivesPointers,
        ignoreChanges: movedByCodeDeploy ? ["function_version", "routing_config"] : undefined,
        precondition: [version, ...(canary ? [canary.version] : [])].map((one) => published(lambda, one)),
      },
    });
    const { permission } = new InvokePermission(this, "permission", {
      functionName,
      qualifier: alias.name,
      api,
    });
    this.stageVariables = { alias: alias.name };
    this.permissions = [permission];
    if (provisionedConcurrency === undefined) return;
    this.concurrency = new LambdaProvisionedConcurrencyConfig(this, "provisioned-concurrency", {
      functionName,
      qualifier: alias.name,
      provisionedConcurrentExecutions: provisionedConcurrency,
      lifecycle: outlivesPointers,
    });
  }

  /** The alias as what a deployment's integrations lead to. */
  behind(deploymentId: string): StageTarget {
    const { stageVariables, permissions, concurrency } = this;
    return { deploymentId, stageVariables, permissions, concurrency };
  }
}

type Precondition = NonNullable<TerraformResourceLifecycle["precondition"]>[number];

/** A pointer never names what is not there: Terraform says so when it plans, unless the same apply publishes it. */
function published({ functionName, latestVersion }: ServiceFunction, { name }: LambdaVersion): Precondition {
  return {
    condition: Op.gte(Fn.tonumber(latestVersion), Number(name)),
    errorMessage:
      `version ${name} of ${functionName} is not published, the latest is ${latestVersion}: ` +
      "deploy its code first, then point at it",
  };
}
