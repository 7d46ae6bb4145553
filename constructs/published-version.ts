import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AlarmSettings } from "../src/release/alarms/alarm-settings";
import { watchedFunction } from "../src/release/alarms/watched";
import { isRecovered } from "../src/release/functions/deployed-function";
import { functionsTarget } from "../src/release/pointer";
import type { Version } from "../src/release/version";
import { InvokePermission } from "./invoke-permission";
import { MetricAlarms } from "./metric-alarms";
import type { ServiceApi } from "./service-api";
import { ServiceFunction } from "./service-function";
import { VersionDeployment } from "./version-deployment";

export interface PublishedVersionProps {
  /** Its name, functions and fingerprint. */
  readonly version: Version;
  /** The one API that may invoke its functions. */
  readonly api: ServiceApi;
  /** The alarms that look at each of its functions. @default - none */
  readonly alarms?: AlarmSettings;
}

/** All that a version brings: its functions, their permissions, its deployment. Publishing adds it, pruning takes it away. */
export class PublishedVersion extends Construct {
  /** As the file has it. */
  readonly name: string;
  /** Id of its API Gateway deployment. */
  readonly deploymentId: string;
  /** For each stage variable the function that it names in this version. */
  readonly stageVariables: Record<string, string>;
  /** Each function of the service in this version, by its name in the file. */
  readonly functions: ReadonlyMap<string, ServiceFunction>;
  /** The name in AWS of each function of the service. */
  readonly functionNames: Record<string, string>;
  /** What must be in place before a stage points at it: its permissions, and its functions as AWS has them. */
  readonly prerequisites: readonly ITerraformDependable[];
  /** Names of the alarms that look at it. */
  readonly alarms: readonly string[];

  constructor(scope: Construct, id: string, props: PublishedVersionProps) {
    super(scope, id);
    const { version, api, alarms } = props;
    const functions = version.functions.map((one) => {
      const lambda = new ServiceFunction(this, `${one.name}-function`, one);
      const { functionName, readBack } = lambda;
      const { permission } = new InvokePermission(this, `${one.name}-permission`, {
        functionName,
        api,
        recoveredFrom: isRecovered(one) ? one.awsName : undefined,
      });
      return { ...one, lambda, functionName, prerequisites: [permission, readBack] };
    });
    const deployment = new VersionDeployment(this, "deployment", {
      api,
      description: functionsTarget(version).deployment,
      triggers: { fingerprint: version.fingerprint },
    });
    this.name = version.name;
    this.deploymentId = deployment.id;
    this.stageVariables = Object.fromEntries(functions.map((one) => [one.stageVariable, one.functionName]));
    this.functions = new Map(functions.map((one) => [one.name, one.lambda]));
    this.functionNames = Object.fromEntries(functions.map((one) => [one.name, one.functionName]));
    this.prerequisites = functions.flatMap((one) => one.prerequisites);
    this.alarms = functions.flatMap(({ name, awsName, functionName }) => {
      if (alarms === undefined) return [];
      const dimensions = { FunctionName: functionName };
      const watched = watchedFunction(awsName);
      return new MetricAlarms(this, `${name}-alarms`, { alarms, watched, dimensions }).names;
    });
  }
}
