import type { DeploymentTarget } from "@aws-sdk/client-codedeploy";
import { revisionOf } from "../app-spec";
import type { Clock } from "../clock";
import { Fault } from "../fault";
import type { LambdaApi } from "../lambda-api";
import type { Course, Target, ToldOfTarget } from "../platform";

/** Of an AppSpec's resource. */
export const resourceType = "AWS::Lambda::Function";

/** Which alias goes from which version to which. */
export interface AliasShift {
  readonly functionName: string;
  readonly alias: string;
  readonly currentVersion: string;
  readonly targetVersion: string;
}

/** An alias whose traffic is shifted from one version to another. */
export class LambdaTarget implements Target {
  readonly id: string;
  readonly lifecycle = ["BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"] as const;
  readonly waits = [];
  canRollBack = false;
  private aliasArn?: string;

  /** @param percent the target version's share */
  constructor(
    private readonly versions: AliasShift,
    readonly hooks: Target["hooks"],
    private readonly clock: Clock,
    private readonly lambda: LambdaApi,
    private percent = 0,
  ) {
    this.id = `${versions.functionName}:${versions.alias}`;
  }

  async check(gradually: boolean): Promise<void> {
    const { functionName, alias, currentVersion, targetVersion } = this.versions;
    const problem = problemOf(this.versions);
    if (problem !== undefined) throw invalid(problem);
    const found = await this.clock.during(this.lambda.getAlias(functionName, alias));
    this.aliasArn = found.arn;
    if (found.version !== currentVersion) {
      throw invalid("The Lambda function alias version does not match the current version in AppSpec file.");
    }
    // https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-deployments-lambda.html
    if (Object.keys(found.weights).length > 0) {
      throw invalid("The Lambda function alias shifts traffic between two versions already.");
    }
    if (currentVersion === targetVersion && gradually) throw invalid();
    this.canRollBack = true;
  }

  async run(course: Course): Promise<void> {
    await course.hook("BeforeAllowTraffic");
    await course.event("AllowTraffic", () => course.shift((percent) => this.route(percent)));
    await course.hook("AfterAllowTraffic");
  }

  /** The same alias the other way round. */
  back() {
    const { functionName, alias, currentVersion, targetVersion } = this.versions;
    const versions = {
      ...this.versions,
      currentVersion: targetVersion,
      targetVersion: currentVersion,
    };
    const properties = {
      Name: functionName,
      Alias: alias,
      CurrentVersion: targetVersion,
      TargetVersion: currentVersion,
    };
    const target = new LambdaTarget(versions, {}, this.clock, this.lambda, 100 - this.percent);
    return { location: revisionOf(functionName, resourceType, properties), target };
  }

  describe(told: ToldOfTarget): DeploymentTarget {
    const { functionName, alias, currentVersion, targetVersion } = this.versions;
    return {
      deploymentTargetType: "LambdaTarget",
      lambdaTarget: {
        ...told,
        targetArn: this.aliasArn,
        lambdaFunctionInfo: {
          functionName,
          functionAlias: alias,
          currentVersion,
          targetVersion,
          targetVersionWeight: this.percent,
        },
      },
    };
  }

  private async route(percent: number): Promise<void> {
    const { functionName, alias, currentVersion, targetVersion } = this.versions;
    const routing =
      percent === 100
        ? { version: targetVersion, weights: {} }
        : { version: currentVersion, weights: { [targetVersion]: percent / 100 } };
    await this.clock.during(this.lambda.updateAlias(functionName, alias, routing));
    this.percent = percent;
  }
}

/** Why a deployment of this fails, as far as the text alone tells. */
function problemOf({ alias, currentVersion, targetVersion }: AliasShift): string | undefined {
  for (const [field, version] of Object.entries({ currentVersion, targetVersion })) {
    if (!/^[1-9]\d*$/.test(version)) return `'${field}' must be the number of a version, got "${version}".`;
  }
  if (!/^(?!\d+$)[A-Za-z0-9_-]{1,128}$/.test(alias)) return `'alias' must be an alias, got "${alias}".`;
  return undefined;
}

/** @param reason what is wrong with it, as a sentence. @default - it is not told, which is how CodeDeploy does it */
function invalid(reason?: string): Fault {
  const said =
    "The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration " +
    "is missing or has an invalid configuration.";
  return new Fault("INVALID_LAMBDA_CONFIGURATION", reason === undefined ? said : `${said} ${reason}`);
}
