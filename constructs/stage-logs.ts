import type { ApiGatewayStageAccessLogSettings } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import { accessLogGroup, canaryLogGroup } from "../src/release/alarms/access-log";
import type { StageSettings } from "../src/release/release-base";
import { LogGroupImport } from "./import";
import type { ServiceApi } from "./service-api";

/** Where the lines of the access log stand: those of canary requests stand in both. */
export interface AccessLogGroups {
  /** The group with the lines of all requests. */
  readonly stable: CloudwatchLogGroup;
  /** The group with the lines of canary requests alone. */
  readonly canary: CloudwatchLogGroup;
}

export interface StageLogsProps {
  /** Name of the API, which names the access log group. */
  readonly name: string;
  /** The API of the stage. */
  readonly api: ServiceApi;
  /** Which logs there are, and how long they are kept. */
  readonly stage: StageSettings;
  /** Whether canary requests have groups of their own. @default false */
  readonly hasCanaryLogs?: boolean;
  /** Whether the stage was there before, and may have its log groups. @default false */
  readonly adopted?: boolean;
}

/**
 * One line of the access log. None of these values can hold a quote, which would break the JSON of the line. So the
 * kind of an error stands for its message, which may repeat what the caller sent; and a quoted message of AWS's,
 * `$context.error.messageString`, goes without quotes here and is none where nothing failed.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  isCanaryRequest: "$context.isCanaryRequest",
  stage: "$context.stage",
  deploymentId: "$context.deploymentId",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  status: "$context.status",
  integrationStatus: "$context.integration.status",
  integrationLatency: "$context.integration.latency",
  responseLatency: "$context.responseLatency",
  sourceIp: "$context.identity.sourceIp",
  error: "$context.error.responseType",
});

/**
 * The log groups of a stage. API Gateway writes what the canary answers also to groups of its own, named
 * `.../Canary`, and would make them without a retention: they are made here, also while no canary runs, so
 * that starting one changes nothing but the stage.
 */
export class StageLogs extends Construct {
  /** Every group: to be made before the stage, or API Gateway makes them. */
  readonly groups: readonly CloudwatchLogGroup[];
  /** @default - no access logs */
  readonly accessLogSettings?: ApiGatewayStageAccessLogSettings;
  /** @default - no access logs, or none of a canary */
  readonly accessGroups?: AccessLogGroups;

  constructor(scope: Construct, id: string, props: StageLogsProps) {
    super(scope, id);
    const { name, api, stage } = props;
    const apiId = api.adoptedId ?? api.id;
    const access = stage.accessLogs ? this.groupsOf("access", accessLogGroup(name), props) : [];
    const execution =
      stage.executionLogs === "off"
        ? []
        : this.groupsOf("execution", `API-Gateway-Execution-Logs_${apiId}/${stage.name}`, props);
    this.groups = [...access, ...execution];
    const [stable, canary] = access;
    if (stable !== undefined && canary !== undefined) this.accessGroups = { stable, canary };
    this.accessLogSettings = access[0] && { destinationArn: access[0].arn, format: accessLogFormat };
  }

  private groupsOf(id: string, name: string, props: StageLogsProps) {
    const group = this.group(id, name, props);
    return props.hasCanaryLogs ? [group, this.group(`${id}-canary`, canaryLogGroup(name), props)] : [group];
  }

  private group(id: string, name: string, { stage, adopted }: StageLogsProps) {
    const group = new CloudwatchLogGroup(this, id, { name, retentionInDays: stage.logRetentionDays });
    if (adopted) new LogGroupImport(this, `${id}-import`, { to: group, name });
    return group;
  }
}
