import { DataAwsLambdaFunction } from "@cdktf/provider-aws/lib/data-aws-lambda-function";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias";
import { LambdaProvisionedConcurrencyConfig } from "@cdktf/provider-aws/lib/lambda-provisioned-concurrency-config";
import { Fn, type ITerraformDependable, Op, type TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import type { Percent } from "../src/release/percent";
import type { LambdaVersion } from "../src/release/version";
import type { StageTarget } from "./api-stage";
import { InvokePermission } from "./invoke-permission";
import { outlivesPointers } from "./outlives-pointers";
import type { ServiceApi } from "./service-api";
import type { ServiceFunction } from "./service-function";

export interface VersionAliasProps {
  /** Name of the alias. */
  readonly name: string;
  /** The function that the alias belongs to. */
  readonly lambda: ServiceFunction;
  /** The one API that may invoke it. @default - none may */
  readonly api?: ServiceApi;
  /** The version that it names. */
  readonly version: LambdaVersion;
  /** A second version and its share of the invocations, drawn for each. @default - all go to `version` */
  readonly canary?: { readonly version: LambdaVersion; readonly percent?: Percent };
  /** By what decision it stands as it does. @default - it has no description */
  readonly description?: string;
  /** What must hold for users to get what it names. @default - nothing more */
  readonly preconditions?: TerraformResourceLifecycle["precondition"];
  /** Whether CodeDeploy moves it: it is made at `version`, and then left alone with what it names. @default false */
  readonly movedByCodeDeploy?: boolean;
  /** Executions that Lambda keeps ready for whichever version it names. @default - none */
  readonly provisionedConcurrency?: number;
}

/**
 * An alias of a function with the permission of the API to invoke it: resource policies are per alias.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
 */
export class VersionAlias extends Construct {
  /** Its name, known only when the alias is there. */
  readonly name: string;
  /** Its ARN, which stays as it is whatever version it names. */
  readonly arn: string;
  /** For the stage variable `alias`: its name. */
  readonly stageVariables: { readonly alias: string };
  /** What must be in place before a pointer names it: the permission, and the executions that are kept ready. */
  readonly prerequisites: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: VersionAliasProps) {
    super(scope, id);
    const { name, lambda, api, version, canary, movedByCodeDeploy, provisionedConcurrency } = props;
    const { functionName } = lambda;
    const alias = new LambdaAlias(this, "Resource", {
      name,
      functionName,
      functionVersion: version.name,
      description: props.description,
      routingConfig: canary?.percent && {
        additionalVersionWeights: { [canary.version.name]: canary.percent.weight },
      },
      lifecycle: {
        ...outlivesPointers,
        precondition: props.preconditions,
        ignoreChanges: movedByCodeDeploy ? ["function_version", "routing_config"] : undefined,
      },
      dependsOn: [lambda.readBack, ...this.lookUp(lambda, [version, ...(canary ? [canary.version] : [])])],
    });
    const invoked = { functionName, qualifier: alias.name };
    const permissions =
      api === undefined ? [] : [new InvokePermission(this, "permission", { ...invoked, api }).permission];
    this.name = alias.name;
    this.arn = alias.arn;
    this.stageVariables = { alias: alias.name };
    const ready =
      provisionedConcurrency === undefined
        ? []
        : [
            new LambdaProvisionedConcurrencyConfig(this, "provisioned-concurrency", {
              ...invoked,
              provisionedConcurrentExecutions: provisionedConcurrency,
              lifecycle: outlivesPointers,
            }),
          ];
    this.prerequisites = [...permissions, ...ready];
  }

  /** The alias as what a deployment's integrations lead to. */
  behind(deploymentId: string): StageTarget {
    const { stageVariables, prerequisites } = this;
    return { deploymentId, stageVariables, prerequisites };
  }

  /** Each version as AWS has it: one that is not there, or is there no more, ends the plan. */
  private lookUp(lambda: ServiceFunction, versions: readonly LambdaVersion[]): ITerraformDependable[] {
    return versions.map(
      (version) =>
        new DataAwsLambdaFunction(this, `version-${version.name}`, {
          functionName: lambda.functionName,
          qualifier: version.name,
          dependsOn: [lambda.resource],
          lifecycle: { precondition: [published(lambda, version)] },
        }),
    );
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
