import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { ApiStage } from "../constructs/api-stage";
import { AwsTarget } from "../constructs/aws-target";
import { BasePathMapping } from "../constructs/base-path-mapping";
import { boundaryArn, limitRoles } from "../constructs/function-boundary";
import { LiveShareRecord } from "../constructs/live-share-record";
import { limitPolicySizes } from "../constructs/policy-sizes";
import { RecordedStops } from "../constructs/recorded-stops";
import { ReleaseGuard } from "../constructs/release-guard";
import type { ServiceApi } from "../constructs/service-api";
import { ServiceDashboard, type ServiceDashboardProps } from "../constructs/service-dashboard";
import type { TemporaryStage } from "../constructs/temporary-stage";
import { accessLogGroup } from "../src/release/alarms/access-log";
import { constructIds } from "../src/release/construct-ids";
import { domainAddress } from "../src/release/environment/domain";
import { rolePath } from "../src/release/functions/role";
import { guardedOf } from "../src/release/guarded";
import { descriptionOf, type FunctionsRelease, isServedByApi, splitOf } from "../src/release/release";
import { sharesOf } from "../src/release/split";
import { decisionOf } from "../src/release/steps/decision";
import { standingOf } from "../src/release/steps/standing";
import { modelOf } from "../src/release/strategies/strategies";
import { dashboardText } from "./dashboard-text";
import { EnvironmentStack } from "./environment-stack";
import { shownAnswers } from "./measured-stage";

export interface ServiceOutputs {
  /** Its id is an output. @default - there is none */
  readonly api?: ServiceApi;
  /** The stage that users call. @default - there is no API */
  readonly stage?: ApiStage;
  /** @default - none */
  readonly temporary?: TemporaryStage;
}

/** What the stacks of all strategies have in common. */
export abstract class ServiceStack<R extends FunctionsRelease = FunctionsRelease> extends EnvironmentStack {
  protected readonly target: AwsTarget;
  /** Names of the alarms on the guard itself. */
  private guardAlarms: readonly string[] = [];

  constructor(
    scope: Construct,
    protected readonly release: R,
  ) {
    super(scope, release.name, release.environment);
    new ArchiveProvider(this, "archive");
    this.target = new AwsTarget(this, "target");
    const { environment } = release;
    const file = `releases/${environment.name}/${release.service}.json`;
    limitPolicySizes(this, environment, {
      policies: { place: `${file} 'api.routes'`, what: "routes without AWS_IAM, or shorter paths" },
      roles: {
        place: `${file} 'settings'`,
        what: "entries in 'permissions', 'parameters' and 'secrets' of a function, or wildcards in place of them",
      },
    });
    if (environment.github === undefined) return;
    const permissionsBoundary = boundaryArn(this.target, environment);
    limitRoles(this, { permissionsBoundary, path: rolePath(environment.name) });
  }

  /**
   * Outputs with fixed names: `api_endpoint`, `url` (on the environment's domain), `api_id`, `stage`, `traffic`
   * (percent by version), `temporary_endpoint`. Without an API there is `traffic` alone.
   */
  protected addOutputs({ api, stage, temporary }: ServiceOutputs): void {
    const { release } = this;
    if (api !== undefined && stage !== undefined) this.addApiOutputs(api, stage);
    // Where CodeDeploy moves the alias, it sets who serves what.
    const split = splitOf(release);
    if (split !== undefined) {
      new TerraformOutput(this, "traffic", { value: Object.fromEntries(sharesOf(split)) });
    }
    if (temporary !== undefined) new TerraformOutput(this, "temporary_endpoint", { value: temporary.url });
  }

  private addApiOutputs(api: ServiceApi, stage: ApiStage): void {
    new TerraformOutput(this, "api_endpoint", { value: stage.url });
    const url = this.mapBasePath(api, stage);
    if (url !== undefined) new TerraformOutput(this, "url", { value: url });
    new TerraformOutput(this, "api_id", { value: api.id });
    new TerraformOutput(this, "stage", { value: this.release.stage?.name });
  }

  /** What the pointer says and asks where a guard watches: by what decision it stands so, and that nothing in it was stopped. */
  protected guarded(api: ServiceApi | undefined) {
    const { release, target } = this;
    const guarded = guardedOf(release);
    if (guarded === undefined) return {};
    const { name, environment, service } = release;
    const named = { name, service: `${environment.name}/${service}` };
    const stops = new RecordedStops(this, constructIds.stops, named);
    const share =
      modelOf(release).movedBy === "alias" ? new LiveShareRecord(this, constructIds.share, named) : undefined;
    const guard = new ReleaseGuard(this, constructIds.guard, { release, guarded, target, api, stops, share });
    this.guardAlarms = guard.alarms;
    return {
      description: descriptionOf(release),
      preconditions: stops.preconditions(decisionOf(standingOf(release))),
    };
  }

  /**
   * The dashboard of the service, unless the file or the environment leaves it out. Those of its guard come last.
   *
   * @param alarms names of the release's alarms
   * @param aliases the aliases that split. @default - none does
   */
  protected addDashboard(alarms: readonly string[], aliases?: ServiceDashboardProps["aliases"]): void {
    const { release, target } = this;
    const { name, dashboard, environment } = release;
    if (!dashboard) return;
    new ServiceDashboard(this, constructIds.dashboard, {
      name,
      text: dashboardText(release),
      target,
      region: environment.region,
      answers: isServedByApi(release) ? shownAnswers(release) : [],
      alarms: [...alarms, ...this.guardAlarms],
      logGroups: `/aws/lambda/${name}`,
      accessLog: release.stage?.accessLogs ? accessLogGroup(name) : undefined,
      aliases,
    });
  }

  /** @returns where users call the stage on the environment's domain, if the service has a base path there */
  private mapBasePath(api: ServiceApi, stage: ApiStage): string | undefined {
    const { release } = this;
    const address = domainAddress(release.environment, release.stage?.basePath);
    if (address === undefined) return undefined;
    const adopted = "adopted" in release && release.adopted.basePath;
    new BasePathMapping(this, constructIds.basePath, { address, api, stage, adopted });
    return address.url;
  }
}
