import { setTimeout as pause } from "node:timers/promises";
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceRevision,
  StopServiceDeploymentCommand,
} from "@aws-sdk/client-ecs";
import type { ComparedTargets } from "../release/alarms/compared-metrics";
import { familyOf, taskFamily } from "../release/shifts/ecs";
import type { EcsNativeRelease } from "../release/strategies/ecs-native";
import { AwsError } from "./aws-error";
import { type Account, clientOf } from "./clients";
import { Missing } from "./live-state";
import type { Trouble, WatchOptions } from "./watch";

/** A deployment of ECS's own, at one moment. */
export interface NativeSight {
  readonly arn: string;
  /** As ECS calls it: `IN_PROGRESS`. */
  readonly status: string;
  /** What it is at: `PRODUCTION_TRAFFIC_SHIFT`. @default - ECS does not tell it */
  readonly stage?: string;
  /** The version before, and the one that it moves users to, as the file names them. */
  readonly from?: string;
  readonly to: string;
  /** The share of the new version in percent. */
  readonly percent: number;
  /** Why it is where it is. @default - ECS does not tell it */
  readonly reason?: string;
  /** The version that serves everybody once it is over. */
  readonly serves: string;
  readonly isOver: boolean;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
const over: readonly string[] = ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"];

/** ECS's own deployments of one release. */
export class NativeDeployments {
  private readonly client: ECSClient;
  /** The version of a service revision never changes. */
  private readonly versions = new Map<string, string>();

  constructor(
    private readonly account: Account,
    private readonly release: Pick<EcsNativeRelease, "name" | "versions">,
  ) {
    this.client = clientOf(ECSClient, account, "ecs");
  }

  close(): void {
    this.client.destroy();
  }

  /** The version that the service is told to run. @throws {Missing} where the release was never deployed */
  async served(): Promise<string> {
    const { name } = this.release;
    const missing = `there is no service ${name} in a cluster of that name: it was never deployed`;
    try {
      const { services: [service] = [] } = await this.client.send(
        new DescribeServicesCommand({ cluster: name, services: [name] }),
      );
      if (service === undefined || service.status === "INACTIVE") throw new Missing(missing);
      return this.versionNamed(service.taskDefinition ?? "");
    } catch (error) {
      if (!(error instanceof AwsError && error.code === "ClusterNotFoundException")) throw error;
      throw new Missing(missing);
    }
  }

  /** The deployment that was made last. @returns nothing where there was none in the last 90 days, as long as ECS knows them */
  async newest(): Promise<NativeSight | undefined> {
    const [last] = await this.made();
    return last && this.look(last.arn);
  }

  /** The deployments that ECS keeps, the newest first. @param most how many at most */
  async past(most: number): Promise<readonly { readonly at: Date; readonly sight: NativeSight }[]> {
    const all: { at: Date; sight: NativeSight }[] = [];
    for (const { arn, at } of (await this.made()).slice(0, most)) {
      this.account.time.renew();
      all.push({ at, sight: await this.look(arn) });
    }
    return all;
  }

  /** The newest first; of more than 100 those that ECS answers with at once. */
  private async made(): Promise<readonly { readonly arn: string; readonly at: Date }[]> {
    const { name } = this.release;
    const { serviceDeployments = [] } = await this.client.send(
      new ListServiceDeploymentsCommand({ cluster: name, service: name }),
    );
    return serviceDeployments
      .flatMap(({ serviceDeploymentArn: arn, createdAt: at = new Date(0) }) =>
        arn === undefined ? [] : [{ arn, at }],
      )
      .sort((one, other) => other.at.getTime() - one.at.getTime());
  }

  async look(arn: string, signal?: AbortSignal): Promise<NativeSight> {
    return this.sightOf(arn, await this.describe(arn, signal));
  }

  private async describe(arn: string, signal?: AbortSignal): Promise<ServiceDeployment> {
    const { serviceDeployments: [deployment] = [] } = await this.client.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
      { abortSignal: signal },
    );
    if (deployment === undefined) throw new Missing(`ECS does not know the deployment ${arn} any more`);
    return deployment;
  }

  /**
   * The target groups of the versions that a deployment moves users between, and when it began.
   *
   * @returns nothing where ECS does not tell them
   */
  async sides(arn: string): Promise<(ComparedTargets & { readonly since: Date }) | undefined> {
    const { startedAt, createdAt, ...deployment } = await this.describe(arn);
    const { targetServiceRevision: target, sourceServiceRevisions: [source] = [] } = deployment;
    const since = startedAt ?? createdAt;
    const [stable, canary] = [await this.sideOf(source?.arn), await this.sideOf(target?.arn)];
    if (since === undefined || stable === undefined || canary === undefined) return undefined;
    if (stable.targetGroupArn === canary.targetGroupArn) return undefined;
    return { stable, canary, listenerArn: canary.listenerArn, since };
  }

  /** Has it stopped and moved back. */
  async stop(arn: string): Promise<void> {
    await this.client.send(
      new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" }),
    );
  }

  /** Follows it to the end: each change, and each failed poll once. */
  async *watch(arn: string, { intervalMs, signal }: WatchOptions): AsyncGenerator<NativeSight | Trouble> {
    let told = "";
    let isTroubled = false;
    for (;;) {
      this.account.time.renew();
      const seen = await this.look(arn, signal).catch((error: unknown): Trouble => {
        if (!(error instanceof AwsError && error.passing !== undefined)) throw error;
        return { trouble: error.message };
      });
      if ("trouble" in seen) {
        if (!isTroubled) yield seen;
        isTroubled = true;
      } else {
        isTroubled = false;
        if (JSON.stringify(seen) !== told) yield seen;
        told = JSON.stringify(seen);
        if (seen.isOver) return;
      }
      await pause(intervalMs, undefined, { signal });
    }
  }

  private async sightOf(arn: string, deployment: ServiceDeployment): Promise<NativeSight> {
    const { status = "PENDING", lifecycleStage, statusReason, rollback } = deployment;
    const { targetServiceRevision: target, sourceServiceRevisions: [source] = [] } = deployment;
    const [from, to] = [await this.versionOf(source?.arn), (await this.versionOf(target?.arn)) ?? "unknown"];
    const isOver = over.includes(status);
    return {
      arn,
      status,
      stage: isOver ? undefined : lifecycleStage,
      from,
      to,
      percent: isOver
        ? Number(status === "SUCCESSFUL") * 100
        : (target?.requestedProductionTrafficWeight ?? 0),
      reason: rollback?.reason ?? statusReason,
      serves:
        status === "SUCCESSFUL" ? to : ((await this.versionOf(rollback?.serviceRevisionArn)) ?? from ?? to),
      isOver,
    };
  }

  private async versionOf(revision: string | undefined): Promise<string | undefined> {
    if (revision === undefined) return undefined;
    const known = this.versions.get(revision);
    if (known !== undefined) return known;
    const found = await this.revision(revision);
    if (found?.taskDefinition === undefined) return undefined;
    const version = this.versionNamed(found.taskDefinition);
    this.versions.set(revision, version);
    return version;
  }

  /** The target group that ECS has put the tasks of a revision into, and the rule that leads users there. */
  private async sideOf(revision: string | undefined) {
    const found = revision === undefined ? undefined : await this.revision(revision);
    const [resolved] = found?.resolvedConfiguration?.loadBalancers ?? [];
    const { targetGroupArn, productionListenerRule: listenerArn } = resolved ?? {};
    if (found?.taskDefinition === undefined || targetGroupArn === undefined || listenerArn === undefined)
      return undefined;
    return { version: this.versionNamed(found.taskDefinition), targetGroupArn, listenerArn };
  }

  private async revision(arn: string): Promise<ServiceRevision | undefined> {
    const { serviceRevisions: [found] = [] } = await this.client.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] }),
    );
    return found;
  }

  /** As the file calls it, or the task definition that the file does not know. */
  private versionNamed(taskDefinition: string): string {
    const { name, versions } = this.release;
    const family = familyOf(taskDefinition);
    const version = versions.find((one) => taskFamily(name, one.name) === family);
    return version?.name ?? taskDefinition.replace(/^.*\//, "");
  }
}
