import { DataAwsLambdaFunction } from "@cdktf/provider-aws/lib/data-aws-lambda-function";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias";
import { LambdaProvisionedConcurrencyConfig } from "@cdktf/provider-aws/lib/lambda-provisioned-concurrency-config";
import { Fn, type ITerraformDependable, Op, type TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import { aliasInVariable } from "../src/release/functions/alias-variable";
import type { Percent } from "../src/release/percent";
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
  /** By which stage variable the stage names the alias. */
  readonly variable: string;
  /** The one API that may invoke it. @default - none may */
  readonly api?: ServiceApi;
  /** Lambda's number of the version that it names. */
  readonly version: string;
  /** A second version and its share of the invocations, drawn for each. @default - all go to `version` */
  readonly canary?: { readonly version: string; readonly percent?: Percent };
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
  /** For the stage variable that names the alias: its name, or that with its function's. */
  readonly stageVariables: Record<string, string>;
  /** What must be in place before a pointer names it: the permission, and the executions that are kept ready. */
  readonly prerequisites: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: VersionAliasProps) {
    super(scope, id);
    const { name, lambda, variable, api, version, canary, movedByCodeDeploy, provisionedConcurrency } = props;
    const { functionName } = lambda;
    const alias = new LambdaAlias(this, "Resource", {
      name,
      functionName,
      functionVersion: version,
      description: props.description,
      routingConfig: canary?.percent && {
        additionalVersionWeights: { [canary.version]: canary.percent.weight },
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
    const named = aliasInVariable({ aliasVariable: variable, awsName: functionName }, alias.name);
    this.stageVariables = { [variable]: named };
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

  /** Each version as AWS has it: one that is not there, or is there no more, ends the plan. */
  private lookUp(lambda: ServiceFunction, versions: readonly string[]): ITerraformDependable[] {
    return versions.map(
      (version) =>
        new DataAwsLambdaFunction(this, `version-${version}`, {
          functionName: lambda.functionName,
          qualifier: version,
          dependsOn: [lambda.resource],
          lifecycle: { precondition: [published(lambda, version)] },
        }),
    );
  }
}

/** The aliases of a version's functions, one of each, as what a deployment's integrations lead to. */
export function behindAliases(aliases: Iterable<VersionAlias>): Omit<StageTarget, "deploymentId"> {
  const all = [...aliases];
  return {
    stageVariables: Object.assign({}, ...all.map(({ stageVariables }) => stageVariables)),
    prerequisites: all.flatMap(({ prerequisites }) => prerequisites),
  };
}

type Precondition = NonNullable<TerraformResourceLifecycle["precondition"]>[number];

/** A pointer never names a version that does not exist: the plan fails, unless the same apply publishes it. */
function published({ functionName, latestVersion }: ServiceFunction, version: string): Precondition {
  return {
    condition: Op.gte(Fn.tonumber(latestVersion), Number(version)),
    errorMessage:
      `version ${version} of ${functionName} is not published, the latest is ${latestVersion}: ` +
      "deploy its code first, then point at it",
  };
}
