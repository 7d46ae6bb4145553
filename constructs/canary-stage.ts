import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import {
  ApiGatewayStage,
  type ApiGatewayStageCanarySettings,
} from "@cdktf/provider-aws/lib/api-gateway-stage";
import { Construct } from "constructs";
import type { Percent } from "../release/percent";
import type { StageSettings } from "../release/release";
import { Import } from "./import";
import type { PublishedVersion } from "./published-version";
import type { ServiceApi } from "./service-api";
import { StageLogs } from "./stage-logs";

export interface CanaryStageProps {
  /** Name of the API. */
  readonly name: string;
  readonly api: ServiceApi;
  readonly stage: StageSettings;
  /** The version that serves most users. */
  readonly stable: PublishedVersion;
  /**
   * The version on trial and its share of the requests: 10 percent means 10 of 100, drawn for each request.
   * @default - no canary, all traffic goes to stable
   */
  readonly canary?: { readonly version: PublishedVersion; readonly percent: Percent };
  /** Whether the stage is there, at an adopted API, and is imported. @default false */
  readonly adopted?: boolean;
  /** Refuses every plan that would destroy or replace the stage. @default false */
  readonly protect?: boolean;
}

/**
 * An API Gateway stage, the one resource that a release moves: it points at stable's deployment and functions,
 * and its canary settings at the canary's.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
 */
export class CanaryStage extends Construct {
  /** The address that users call. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: CanaryStageProps) {
    super(scope, id);
    const { name, api, stage, stable, canary, adopted = false, protect = false } = props;
    const logs = new StageLogs(this, "logs", { name, api, stage, adopted });
    const resource = new ApiGatewayStage(this, "Resource", {
      restApiId: api.id,
      stageName: stage.name,
      deploymentId: stable.deploymentId,
      variables: stable.stageVariables,
      canarySettings: this.renderCanary(canary),
      accessLogSettings: logs.accessLogSettings,
      xrayTracingEnabled: stage.tracing,
      dependsOn: [...logs.groups, ...stable.permissions, ...(canary?.version.permissions ?? [])],
      lifecycle: protect ? { preventDestroy: true } : undefined,
    });
    this.url = resource.invokeUrl;
    if (adopted) new Import(this, "import", { to: resource, id: `${api.adoptedId}/${stage.name}` });
    new ApiGatewayMethodSettings(this, "method-settings", {
      restApiId: api.id,
      stageName: resource.stageName,
      methodPath: "*/*",
      settings: {
        throttlingRateLimit: stage.throttling.rateLimit,
        throttlingBurstLimit: stage.throttling.burstLimit,
        metricsEnabled: stage.detailedMetrics,
        loggingLevel: { off: "OFF", errors: "ERROR", all: "INFO" }[stage.executionLogs],
      },
    });
  }

  private renderCanary(canary: CanaryStageProps["canary"]): ApiGatewayStageCanarySettings | undefined {
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
