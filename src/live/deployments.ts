import {
  CodeDeployClient,
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  type CreateDeploymentCommandInput,
  type DeploymentGroupInfo,
  type DeploymentInfo,
  GetDeploymentGroupCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { type AppSpec, appSpecContent } from "./app-spec";
import { mayHaveArrived } from "./arrival";
import { AwsError } from "./aws-error";
import { type Account, clientOf } from "./clients";
import { Missing } from "./live-state";
import { takenBackBy } from "./shift-description";
import { deploymentInfo, type ShiftReader, sightOnce } from "./sight";
import type { Wait } from "./wait";
import { type WatchOptions, watch } from "./watch";

const underWay = ["Created", "Queued", "InProgress", "Baking", "Ready"] as const;
const waitTypes = { operator: "READY_WAIT", termination: "TERMINATION_WAIT" } as const;

/** A deployment as it was started. */
export interface Described {
  readonly id: string;
  readonly description: string;
  readonly at: Date;
}

/** A deployment that was made, however it ended. */
export interface PastDeployment extends Described {
  /** As CodeDeploy calls it: `Succeeded`. */
  readonly status: string;
  /** The deployment that it takes back. @default - none */
  readonly rollsBack?: string;
  /** Why it was stopped, or failed. @default - it was not */
  readonly reason?: string;
}

/** What a group is asked for to begin a deployment. */
export interface StartOptions {
  /** Whether it goes on while an alarm is in ALARM. @default false */
  readonly ignoreAlarms?: boolean;
  /** Name of a configuration. @default - that of the group */
  readonly config?: string;
}

/** The deployments of one group in CodeDeploy, whatever they shift. */
export class Deployments {
  private readonly names: { readonly applicationName: string; readonly deploymentGroupName: string };
  private readonly client: CodeDeployClient;

  /**
   * @param application the release's name
   * @param group by default that of the application
   */
  constructor(
    private readonly account: Account,
    application: string,
    private readonly shiftOf: ShiftReader,
    private readonly name = application,
  ) {
    this.names = { applicationName: application, deploymentGroupName: name };
    this.client = clientOf(CodeDeployClient, account, "codedeploy");
  }

  close(): void {
    this.client.destroy();
  }

  /** @throws {Missing} where the release was never deployed */
  async group(): Promise<DeploymentGroupInfo> {
    try {
      const { deploymentGroupInfo } = await this.client.send(new GetDeploymentGroupCommand(this.names));
      return deploymentGroupInfo ?? {};
    } catch (error) {
      if (!(error instanceof AwsError && /^(Application|DeploymentGroup)DoesNotExist/.test(error.code)))
        throw error;
      throw new Missing(`there is no deployment group ${this.name}: it was never deployed`);
    }
  }

  /** @returns the id of the deployment */
  async start(
    appSpec: AppSpec,
    description: string,
    { ignoreAlarms = false, config }: StartOptions = {},
  ): Promise<string> {
    const spec = appSpecContent(appSpec);
    const input: CreateDeploymentCommandInput = {
      ...this.names,
      revision: { revisionType: "AppSpecContent", appSpecContent: spec },
      description,
      deploymentConfigName: config,
      overrideAlarmConfiguration: ignoreAlarms ? { enabled: false, alarms: [] } : undefined,
    };
    const before = (await this.newest())?.id;
    try {
      const { deploymentId = "" } = await this.client.send(new CreateDeploymentCommand(input));
      return deploymentId;
    } catch (error) {
      this.account.time.renew();
      const mine = await this.startedAfter(before, spec.sha256).catch(() => "unknown" as const);
      if (mine !== undefined && mine !== "unknown") return mine;
      if (error instanceof AwsError && /alarm/i.test(error.message))
        throw new AwsError(
          error.code,
          `${error.message} ('status --live' shows what alarmed; --ignore-alarms starts the shift although an alarm is in ALARM)`,
        );
      throw mayHaveArrived(
        error,
        mine === undefined
          ? "but CodeDeploy lists no new deployment yet: run 'rollout --watch' to see the last one"
          : "but CodeDeploy did not confirm it: run 'rollout --watch' to see the last deployment",
      );
    }
  }

  /** The deployment that was made last; one that rolls another back is told as that other. */
  async newest(): Promise<Described | undefined> {
    const id = (await this.group()).lastAttemptedDeployment?.deploymentId;
    return id === undefined ? undefined : this.described(id);
  }

  private async described(id: string): Promise<Described> {
    const info = await deploymentInfo(this.client, id);
    const takenBack = takenBackIn(info);
    if (takenBack !== undefined) return this.described(takenBack);
    return { id, description: info.description ?? "", at: info.createTime ?? new Date(0) };
  }

  /** The deployment by which one that had succeeded was taken back, with the others of its shift. */
  async backFrom(deploymentId: string): Promise<string | undefined> {
    const id = (await this.group()).lastAttemptedDeployment?.deploymentId;
    if (id === undefined) return undefined;
    const { description } = await deploymentInfo(this.client, id);
    return takenBackBy(description) === deploymentId ? id : undefined;
  }

  /** The deployments that CodeDeploy keeps, the newest first. @param most how many at most, 1 to 100 */
  async past(most: number): Promise<PastDeployment[]> {
    const { deployments = [] } = await this.client.send(new ListDeploymentsCommand(this.names));
    const made = deployments.slice(0, most).map(async (id): Promise<PastDeployment> => {
      const {
        description = "",
        createTime,
        status = "Created",
        ...info
      } = await deploymentInfo(this.client, id);
      const rollsBack = takenBackIn(info);
      const reason = info.errorInformation?.message?.replace(/\s+/g, " ").trim();
      return { id, description, at: createTime ?? new Date(0), status, rollsBack, reason };
    });
    return Promise.all(made);
  }

  async running(): Promise<string | undefined> {
    const { deployments = [] } = await this.client.send(
      new ListDeploymentsCommand({ ...this.names, includeOnlyStatuses: [...underWay] }),
    );
    return deployments[0];
  }

  /** The deployment that a rollback takes back. @returns nothing for what is no rollback */
  async rolledBackBy(deploymentId: string): Promise<string | undefined> {
    return takenBackIn(await deploymentInfo(this.client, deploymentId));
  }

  /** Has it stopped and moved back. */
  async stop(deploymentId: string): Promise<void> {
    try {
      await this.client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
    } catch (error) {
      // Then its end is what is followed.
      if (error instanceof AwsError && error.code === "DeploymentAlreadyCompletedException") return;
      throw mayHaveArrived(error, "and 'rollout --watch' shows whether the deployment ends");
    }
  }

  /** Ends a wait before its time. */
  async goOn(deploymentId: string, { for: what }: Wait): Promise<void> {
    const deploymentWaitType = waitTypes[what];
    try {
      await this.client.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType }));
    } catch (error) {
      // A call whose answer was lost is sent again, and refused because it was done.
      this.account.time.renew();
      if (!(await this.hasGoneOn(deploymentId, what)))
        throw mayHaveArrived(error, "and 'rollout --watch' shows whether the deployment goes on");
    }
  }

  /** How it is at this moment. */
  look(deploymentId: string) {
    return sightOnce(this.client, deploymentId, this.shiftOf);
  }

  watch(deploymentId: string, options: WatchOptions) {
    return watch(this.client, deploymentId, this.shiftOf, { ...options, time: this.account.time });
  }

  private async hasGoneOn(deploymentId: string, from: Wait["for"]): Promise<boolean> {
    const sight = await this.look(deploymentId).catch(() => undefined);
    return sight !== undefined && sight.waits?.for !== from && !["Stopped", "Failed"].includes(sight.status);
  }

  /** A call whose answer was lost is sent again, and refused because it was done. */
  private async startedAfter(before: string | undefined, sha256: string): Promise<string | undefined> {
    const id = (await this.newest())?.id;
    if (id === undefined || id === before) return undefined;
    const { revision } = await deploymentInfo(this.client, id);
    return revision?.appSpecContent?.sha256 === sha256 ? id : undefined;
  }
}

/** The deployment that one takes back: CodeDeploy tells it of its own rollbacks, the description of the others. */
function takenBackIn({ rollbackInfo, description }: DeploymentInfo): string | undefined {
  return rollbackInfo?.rollbackTriggeringDeploymentId ?? takenBackBy(description);
}
