import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import {
  ApiGatewayStage,
  type ApiGatewayStageCanarySettings,
} from "@cdktf/provider-aws/lib/api-gateway-stage";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import type { ITerraformDependable, TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import { constructIds } from "../src/release/construct-ids";
import type { StageSettings } from "../src/release/release-base";
import type { Canary } from "../src/release/version";
import { Import } from "./import";
import { Protection } from "./protection";
import type { ServiceApi } from "./service-api";
import { type AccessLogGroups, StageLogs } from "./stage-logs";
import { UsagePlans } from "./usage-plans";

/** What one side of a stage is served from: a deployment, and the functions that it invokes. */
export interface StageTarget {
  /** Id of the API Gateway deployment. */
  readonly deploymentId: string;
  /** For each stage variable the function or alias that it names. */
  readonly stageVariables: Record<string, string>;
  /** What must be in place before a stage points here: permissions, functions as AWS has them, ready executions. */
  readonly prerequisites: readonly ITerraformDependable[];
}

export interface ApiStageProps {
  /** Name of the API. */
  readonly name: string;
  /** The API that the stage belongs to. */
  readonly api: ServiceApi;
  /** Name, throttling, logs, tracing, metrics, web ACL and variables, which stable and canary share. */
  readonly stage: StageSettings;
  /** What serves most users. */
  readonly stable: StageTarget;
  /**
   * The version on trial and its share of the requests: 10 percent means 10 of 100, drawn for each request.
   * @default - no canary, all traffic goes to stable
   */
  readonly canary?: Canary<StageTarget>;
  /** By what decision it stands as it does. @default - it has no description */
  readonly description?: string;
  /** What must hold for users to get what it serves. @default - nothing more */
  readonly preconditions?: TerraformResourceLifecycle["precondition"];
  /** Whether it may ever have a canary, whose logs have groups of their own. @default false */
  readonly hasCanaryLogs?: boolean;
  /** Ids of the API keys that the users' stage has made, by their names. @default - they are made */
  readonly madeKeys?: ReadonlyMap<string, string>;
  /** Whether the stage is there, at an adopted API, and is imported. @default false */
  readonly adopted?: boolean;
  /** Refuses every plan that would destroy or replace the stage. @default false */
  readonly protect?: boolean;
}

/**
 * An API Gateway stage: it points at stable's deployment and functions, and its canary settings at the canary's,
 * so that a canary release moves this one resource.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
 */
export class ApiStage extends Construct {
  /** The address that API Gateway gives the stage. */
  readonly url: string;
  /** Its name: what uses it waits for the stage. */
  readonly stageName: string;
  /** Where stable and the canary are logged. @default - there are no access logs, or none of a canary */
  readonly accessGroups?: AccessLogGroups;
  /** Ids of the API keys that its usage plans name, by their names. @default - it has no usage plans */
  readonly madeKeys?: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, props: ApiStageProps) {
    super(scope, id);
    const { api, stage, stable, canary, protect = false } = props;
    const logs = new StageLogs(this, constructIds.stageLogs, props);
    const resource = new ApiGatewayStage(this, "Resource", {
      restApiId: api.id,
      stageName: stage.name,
      deploymentId: stable.deploymentId,
      // Of its own they name what answers, and the check of the file keeps the others apart.
      variables: { ...stage.variables, ...stable.stageVariables },
      canarySettings: this.renderCanary(canary),
      description: props.description,
      lifecycle: props.preconditions && { precondition: props.preconditions },
      accessLogSettings: logs.accessLogSettings,
      xrayTracingEnabled: stage.tracing,
      clientCertificateId: stage.clientCertificateId,
      dependsOn: [...logs.groups, ...stable.prerequisites, ...(canary?.version.prerequisites ?? [])],
    });
    if (protect) new Protection(this, constructIds.protection, { of: resource });
    this.url = resource.invokeUrl;
    this.stageName = resource.stageName;
    this.accessGroups = logs.accessGroups;
    if (stage.webAclArn !== undefined) {
      const { webAclArn } = stage;
      new Wafv2WebAclAssociation(this, constructIds.webAcl, { resourceArn: resource.arn, webAclArn });
    }
    if (props.adopted) new Import(this, "import", { to: resource, id: `${api.adoptedId}/${stage.name}` });
    this.limit(this, constructIds.stageSettings, resource, props, "*/*", stage.throttling);
    const throttled = Object.entries(stage.routeThrottling ?? {});
    const limits = throttled.length > 0 ? new Construct(this, constructIds.routeThrottling) : this;
    for (const [route, throttling] of throttled)
      this.limit(limits, encodeURIComponent(route), resource, props, methodPathOf(route), throttling);
    const { usagePlans: plans } = stage;
    if (plans === undefined) return;
    const { name, madeKeys } = props;
    const { stageName } = resource;
    const usagePlans = new UsagePlans(this, constructIds.usagePlans, {
      name,
      api,
      stageName,
      plans,
      madeKeys,
    });
    this.madeKeys = usagePlans.madeKeys;
  }

  /** What is set for one method goes in place of all that is set for the stage. */
  private limit(
    scope: Construct,
    id: string,
    { stageName }: ApiGatewayStage,
    { api, stage }: ApiStageProps,
    methodPath: string,
    { rateLimit, burstLimit }: StageSettings["throttling"],
  ): void {
    new ApiGatewayMethodSettings(scope, id, {
      restApiId: api.id,
      stageName,
      methodPath,
      settings: {
        throttlingRateLimit: rateLimit,
        throttlingBurstLimit: burstLimit,
        metricsEnabled: stage.detailedMetrics,
        loggingLevel: { off: "OFF", errors: "ERROR", all: "INFO" }[stage.executionLogs],
      },
    });
  }

  private renderCanary(canary: ApiStageProps["canary"]): ApiGatewayStageCanarySettings | undefined {
    return (
      canary && {
        percentTraffic: canary.percent.value,
        deploymentId: canary.version.deploymentId,
        stageVariableOverrides: canary.version.stageVariables,
        // Stable and canary must never be served each other's cached answers.
        useStageCache: false,
      }
    );
  }
}

/** `orders/{id}/GET`: without the first slash, and the root as API Gateway escapes it. */
function methodPathOf(route: string): string {
  const [method = "", path = ""] = route.split(" ");
  return `${path === "/" ? "~1" : path.slice(1)}/${method}`;
}
