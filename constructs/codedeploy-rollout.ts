import { CodedeployApp } from "@cdktf/provider-aws/lib/codedeploy-app";
import {
  CodedeployDeploymentConfig,
  type CodedeployDeploymentConfigTrafficRoutingConfig,
} from "@cdktf/provider-aws/lib/codedeploy-deployment-config";
import {
  CodedeployDeploymentGroup,
  type CodedeployDeploymentGroupConfig,
} from "@cdktf/provider-aws/lib/codedeploy-deployment-group";
import { Construct } from "constructs";
import { domainOf, partitionOf } from "../src/release/aws/aws-regions";
import type { Environment } from "../src/release/environment/environment";
import { roleOf } from "../src/release/functions/role";
import { codeDeployRoleName, type RolloutSettings, type Shift } from "../src/release/shifts/rollout";
import type { AwsTarget } from "./aws-target";
import { addNamedRole } from "./named-role";
import { allow, policyDocument, resources, type Statement } from "./policy-document";

/** What CodeDeploy moves users between: versions of a function, or tasks. */
export interface RolloutSubject {
  /** CodeDeploy's name for what it moves. */
  readonly platform: "Lambda" | "ECS";
  /** What CodeDeploy may do to it. */
  readonly statements: readonly Statement[];
  /** How the deployment groups tell it. @default - the AppSpec of each deployment does */
  readonly group?: Pick<
    CodedeployDeploymentGroupConfig,
    "ecsService" | "loadBalancerInfo" | "blueGreenDeploymentConfig"
  >;
}

/** A deployment group. */
export interface RolloutGroup {
  /** Its id as a construct: `Resource` for the one that is named as the release. */
  readonly id: string;
  /** Name in CodeDeploy. */
  readonly name: string;
}

/** The only group there is, where one thing is moved. */
const onlyGroup = (name: string): readonly RolloutGroup[] => [{ id: "Resource", name }];

export interface CodedeployRolloutProps {
  /** Name of the release: that of the application. */
  readonly name: string;
  /** The deployment groups, one for each function that is moved. @default - one, named as the release */
  readonly groups?: readonly RolloutGroup[];
  /** Its region is known when the stack is synthesized. */
  readonly environment: Environment;
  /** Partition, region and account. */
  readonly target: AwsTarget;
  /** What CodeDeploy moves: an alias, or a service of containers. */
  readonly subject: RolloutSubject;
  /** How it shifts, and on which events it moves back. */
  readonly rollout: RolloutSettings;
  /** Names of the alarms on which CodeDeploy stops. */
  readonly alarms: readonly string[];
  /** ARNs of the functions that CodeDeploy calls to check whether it may continue. */
  readonly hookArns: readonly string[];
}

/** What CodeDeploy's role may do, by what it is about. */
export const rolloutActions = {
  alias: ["lambda:GetAlias", "lambda:UpdateAlias"],
  concurrency: ["lambda:GetProvisionedConcurrencyConfig"],
  alarms: ["cloudwatch:DescribeAlarms"],
  hooks: ["lambda:InvokeFunction"],
} as const;

/** What CodeDeploy needs to move users. No resource of Terraform's starts it: a deployment does. */
export class CodedeployRollout extends Construct {
  /** Name of the CodeDeploy application. */
  readonly applicationName: string;
  /** Names of the deployment groups, in the order that they were given in. */
  readonly deploymentGroupNames: readonly string[];

  constructor(scope: Construct, id: string, props: CodedeployRolloutProps) {
    super(scope, id);
    const { name, groups = onlyGroup(name), environment, subject, rollout, alarms } = props;
    const app = new CodedeployApp(this, "application", { name, computePlatform: subject.platform });
    const { role, policy } = addNamedRole(this, "role", {
      role: roleOf(codeDeployRoleName(name), environment),
      assumeRolePolicy: this.renderTrust(props),
      policyName: "rollout",
      statements: this.renderStatements(props),
    });
    const shared = {
      appName: app.name,
      serviceRoleArn: role.arn,
      deploymentConfigName: this.configName(props),
      deploymentStyle: { deploymentOption: "WITH_TRAFFIC_CONTROL", deploymentType: "BLUE_GREEN" },
      // A block that is disabled and empty is read as none by the provider, and would be a change in every plan.
      autoRollbackConfiguration:
        rollout.rollbackOn.length > 0 ? { enabled: true, events: [...rollout.rollbackOn] } : undefined,
      alarmConfiguration: alarms.length > 0 ? { enabled: true, alarms: [...alarms] } : undefined,
      ...subject.group,
      dependsOn: [policy],
    };
    this.applicationName = app.name;
    this.deploymentGroupNames = groups.map(
      (group) =>
        new CodedeployDeploymentGroup(this, group.id, { ...shared, deploymentGroupName: group.name })
          .deploymentGroupName,
    );
  }

  /** A configuration cannot be changed: with other numbers it is another one, made before the group lets go of the first. */
  private configName({ name, subject, rollout: { shift } }: CodedeployRolloutProps): string {
    if (shift.kind === "predefined") return shift.config;
    const { percent, minutes } = shift;
    const every = `${minutes}Minute${minutes === 1 ? "" : "s"}`;
    const numbers =
      shift.kind === "canary" ? `Canary${percent}Percent${every}` : `Linear${percent}PercentEvery${every}`;
    return new CodedeployDeploymentConfig(this, "config", {
      deploymentConfigName: `${name}-${numbers}`,
      computePlatform: subject.platform,
      trafficRoutingConfig: this.renderRouting(shift),
      lifecycle: { createBeforeDestroy: true },
    }).deploymentConfigName;
  }

  private renderRouting(
    shift: Exclude<Shift, { kind: "predefined" }>,
  ): CodedeployDeploymentConfigTrafficRoutingConfig {
    const { kind, percent: percentage, minutes: interval } = shift;
    return kind === "canary"
      ? { type: "TimeBasedCanary", timeBasedCanary: { percentage, interval } }
      : { type: "TimeBasedLinear", timeBasedLinear: { percentage, interval } };
  }

  private renderTrust({
    name,
    groups = onlyGroup(name),
    environment,
    target,
  }: CodedeployRolloutProps): string {
    // https://docs.aws.amazon.com/codedeploy/latest/userguide/security_confused_deputy.html
    const arns = groups.map((group) => deploymentGroupArn(target, name, group.name));
    return policyDocument({
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: codeDeployPrincipal(environment.region) },
      Condition: {
        StringEquals: { "aws:SourceAccount": target.accountId },
        ArnLike: { "aws:SourceArn": resources(arns) },
      },
    });
  }

  private renderStatements({ subject, hookArns }: CodedeployRolloutProps): Statement[] {
    return [
      ...subject.statements,
      // AWS returns composite alarms only to callers who may read every alarm.
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
      allow(rolloutActions.alarms, "*"),
      ...(hookArns.length > 0 ? [allow(rolloutActions.hooks, hookArns)] : []),
    ];
  }
}

/** Functions whose aliases are moved. */
export function aliasesOf(functionArns: readonly string[]): RolloutSubject {
  return {
    platform: "Lambda",
    statements: [
      allow(rolloutActions.alias, resources(functionArns)),
      allow(rolloutActions.concurrency, resources(functionArns.map((arn) => `${arn}:*`))),
    ],
  };
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html */
export function deploymentGroupArn(
  { partition, region, accountId }: AwsTarget,
  application: string,
  group: string,
): string {
  return `arn:${partition}:codedeploy:${region}:${accountId}:deploymentgroup:${application}/${group}`;
}

export function applicationArn({ partition, region, accountId }: AwsTarget, name: string): string {
  return `arn:${partition}:codedeploy:${region}:${accountId}:application:${name}`;
}

/** What CodeDeploy takes a role as: in China it is the region's. */
export function codeDeployPrincipal(region: string): string {
  return partitionOf(region) === "aws-cn"
    ? `codedeploy.${region}.${domainOf(region)}`
    : "codedeploy.amazonaws.com";
}
