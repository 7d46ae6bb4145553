import { Construct } from "constructs";
import { constructIds } from "../src/release/construct-ids";
import { hash } from "../src/release/definition/fingerprint";
import type { RoutingRule as Rule } from "../src/release/environment/routing-rule";
import type { StageSettings } from "../src/release/release-base";
import { ApiStage, type StageTarget } from "./api-stage";
import { RoutingRule } from "./routing-rule";
import type { ServiceApi } from "./service-api";
import { VersionDeployment } from "./version-deployment";

export interface TemporaryStageProps {
  /** Name of the API. */
  readonly name: string;
  /** The API, whose policy closes the stage. */
  readonly api: ServiceApi;
  /** Name of the stage. */
  readonly stageName: string;
  /** What users' stage has: this one has the same, so that what is tested is what ships. */
  readonly settings: StageSettings;
  /** Fingerprint of the API's definition, which is that of the version behind the stage. */
  readonly fingerprint: string;
  /** What the version has of functions or aliases, and their permissions. */
  readonly target: Omit<StageTarget, "deploymentId">;
  /** The stage that users call, whose API keys may call this one too. */
  readonly usersStage: ApiStage;
  /** Ranges of addresses that may call it. */
  readonly sources: readonly string[];
  /** Which requests on the domain go there. @default - none */
  readonly rule?: Rule;
}

/**
 * A stage to preview a version before any user reaches it. It is closed by the API's resource policy,
 * not by other methods, and goes without trace when the release file drops it.
 */
export class TemporaryStage extends Construct {
  /** The address of the stage. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: TemporaryStageProps) {
    super(scope, id);
    const { name, api, stageName, settings, fingerprint, target, usersStage, sources, rule } = props;
    const deployment = new VersionDeployment(this, "deployment", {
      api,
      description: stageName,
      triggers: { fingerprint, sources: hash(sources) },
    });
    const stage = new ApiStage(this, "stage", {
      name: `${name}/${stageName}`,
      api,
      stage: { ...settings, name: stageName },
      stable: { ...target, deploymentId: deployment.id },
      madeKeys: usersStage.madeKeys,
    });
    if (rule !== undefined) new RoutingRule(this, constructIds.routingRule, { rule, api, stage });
    this.url = stage.url;
  }
}
