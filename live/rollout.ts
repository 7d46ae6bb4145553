import { createHash } from "node:crypto";
import {
  CodeDeployClient,
  CreateDeploymentCommand,
  type CreateDeploymentCommandInput,
  type DeploymentGroupInfo,
  GetDeploymentGroupCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { GetAliasCommand } from "@aws-sdk/client-lambda";
import { hookEvents, hookMoments, nameOfHook } from "../release/hooks";
import { type CodedeployAliasRelease, resolveRelease } from "../release/release";
import type { ReleaseContext } from "../release/release-context";
import { AwsError } from "./aws-error";
import { type Aws, clientSettings, connect, disconnect, tellingErrors } from "./clients";
import { type LiveAlias, liveAlias, Missing } from "./live-state";
import { checkFunction } from "./move";
import { deploymentInfo, type Sight, type Trouble, type WatchOptions, watch } from "./watch";

/** What keeps CodeDeploy from being asked: nothing was changed. */
export class CannotStart extends Error {}

/** What CodeDeploy is asked to do. */
export interface RolloutPlan {
  readonly functionName: string;
  /** The version that the alias serves now. */
  readonly from: string;
  readonly to: string;
  /** Whether the file calls another version stable than the one that is served. */
  readonly isStrange: boolean;
  /** Name of the configuration by which it shifts. */
  readonly config: string;
  /** The functions that are asked, by CodeDeploy's names for the hooks. */
  readonly hooks: Readonly<Record<string, string>>;
}

const aliasName = "live";
const underWay = ["Created", "Queued", "InProgress", "Baking", "Ready"] as const;

/** The shifts of one release by CodeDeploy. */
export class Rollout {
  private readonly names: { readonly applicationName: string; readonly deploymentGroupName: string };

  private constructor(
    readonly aws: Aws,
    private readonly codeDeploy: CodeDeployClient,
    private readonly release: CodedeployAliasRelease,
  ) {
    this.names = { applicationName: release.name, deploymentGroupName: release.name };
  }

  /** @throws {CannotStart} where CodeDeploy moves nothing of this release */
  static async with<T>(context: ReleaseContext, use: (rollout: Rollout) => Promise<T>): Promise<T> {
    const release = resolveRelease(context);
    if (release.strategy !== "codedeploy-alias")
      throw new CannotStart(
        `CodeDeploy moves nothing of the strategy ${release.strategy}: 'shift' and 'next' do, in the file`,
      );
    const aws = await connect(context.environment);
    const { region } = aws;
    const codeDeploy = tellingErrors(new CodeDeployClient({ ...clientSettings, region }), "codedeploy");
    try {
      return await use(new Rollout(aws, codeDeploy, release));
    } finally {
      codeDeploy.destroy();
      disconnect(aws);
    }
  }

  /** Looks whether everything is there. @throws {CannotStart} where CodeDeploy would refuse, or do nothing */
  async plan(): Promise<RolloutPlan> {
    const { canary, stable, hooks } = this.release;
    const functionName = this.release.function.awsName;
    if (canary === undefined)
      throw new CannotStart("there is no canary in the file to shift to: start names one");
    const { deploymentConfigName: config = "" } = await this.group();
    const running = await this.running();
    if (running !== undefined)
      throw new CannotStart(
        `the deployment ${running} is under way: --watch follows it, --stop has it moved back`,
      );
    const alias = await this.alias();
    const to = canary.version.name;
    if (Object.keys(alias.weights).length > 0) throw new CannotStart(this.splitText(alias));
    if (alias.version === to)
      throw new CannotStart(`${aliasName} serves ${to} already: promote it in the file`);
    await checkFunction(this.aws, functionName, to);
    const asked = hookMoments.flatMap((moment) => {
      const hook = hooks[moment];
      return hook === undefined ? [] : [[hookEvents[moment], nameOfHook(hook)]];
    });
    const isStrange = alias.version !== stable.name;
    return { functionName, from: alias.version, to, isStrange, config, hooks: Object.fromEntries(asked) };
  }

  /** @returns the id of the deployment */
  async start(plan: RolloutPlan, { ignoreAlarms = false } = {}): Promise<string> {
    const content = appSpecOf(plan);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const input: CreateDeploymentCommandInput = {
      ...this.names,
      revision: { revisionType: "AppSpecContent", appSpecContent: { content, sha256 } },
      description: `${plan.from} to ${plan.to}`,
      overrideAlarmConfiguration: ignoreAlarms ? { enabled: false, alarms: [] } : undefined,
    };
    const before = await this.newest();
    try {
      const { deploymentId = "" } = await this.codeDeploy.send(new CreateDeploymentCommand(input));
      return deploymentId;
    } catch (error) {
      const mine = await this.startedAfter(before, sha256).catch(() => undefined);
      if (mine !== undefined) return mine;
      if (error instanceof AwsError && /alarm/i.test(error.message))
        throw new AwsError(error.code, `${error.message} (--ignore-alarms starts it all the same)`);
      throw error;
    }
  }

  /** The deployment that was made last; one that rolls another back is told as that other. */
  async newest(): Promise<string | undefined> {
    const id = (await this.group()).lastAttemptedDeployment?.deploymentId;
    if (id === undefined) return undefined;
    const { rollbackInfo } = await deploymentInfo(this.codeDeploy, id);
    return rollbackInfo?.rollbackTriggeringDeploymentId ?? id;
  }

  async running(): Promise<string | undefined> {
    const { deployments = [] } = await this.codeDeploy.send(
      new ListDeploymentsCommand({ ...this.names, includeOnlyStatuses: [...underWay] }),
    );
    return deployments[0];
  }

  /** Has it stopped and moved back. @throws {CannotStart} where it is a rollback itself */
  async stop(deploymentId: string): Promise<void> {
    const { rollbackInfo } = await deploymentInfo(this.codeDeploy, deploymentId);
    if (rollbackInfo?.rollbackTriggeringDeploymentId !== undefined)
      throw new CannotStart(`the deployment ${deploymentId} moves it back already: --watch follows it`);
    try {
      await this.codeDeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
    } catch (error) {
      // Then its end is what is followed.
      if (!(error instanceof AwsError && error.code === "DeploymentAlreadyCompletedException")) throw error;
    }
  }

  watch(id: string, options: WatchOptions): AsyncGenerator<Sight | Trouble> {
    return watch(this.codeDeploy, id, options);
  }

  /** What is wrong with the alias after a shift that has neither succeeded nor been moved back: nothing, perhaps. */
  async leftBehind({ from, version: to }: NonNullable<Sight["target"]>): Promise<string | undefined> {
    const alias = await this.alias();
    if (Object.keys(alias.weights).length > 0) return this.splitText(alias);
    if (alias.version !== to) return undefined;
    return `${aliasName} serves ${to} all the same: '${this.moveCommand(from)}' gives ${from} everybody`;
  }

  private async group(): Promise<DeploymentGroupInfo> {
    try {
      const { deploymentGroupInfo } = await this.codeDeploy.send(new GetDeploymentGroupCommand(this.names));
      return deploymentGroupInfo ?? {};
    } catch (error) {
      if (!(error instanceof AwsError && /^(Application|DeploymentGroup)DoesNotExist/.test(error.code)))
        throw error;
      throw new Missing(`there is no deployment group ${this.release.name}: it was never deployed`);
    }
  }

  private async alias(): Promise<LiveAlias> {
    const FunctionName = this.release.function.awsName;
    try {
      return liveAlias(await this.aws.lambda.send(new GetAliasCommand({ FunctionName, Name: aliasName })));
    } catch (error) {
      if (!(error instanceof AwsError && error.code === "ResourceNotFoundException")) throw error;
      throw new Missing(`there is no alias ${aliasName} of ${FunctionName}: it was never deployed`);
    }
  }

  /** A call whose answer was lost is sent again, and refused because it was done. */
  private async startedAfter(before: string | undefined, sha256: string): Promise<string | undefined> {
    const id = await this.newest();
    if (id === undefined || id === before) return undefined;
    const { revision } = await deploymentInfo(this.codeDeploy, id);
    return revision?.appSpecContent?.sha256 === sha256 ? id : undefined;
  }

  private splitText({ version, weights }: LiveAlias): string {
    const shares = Object.entries(weights).map(
      ([other, weight]) => `${Math.round(weight * 100)} % at ${other}`,
    );
    return `a stopped shift has left ${aliasName} split, ${shares.join(", ")}: '${this.moveCommand(version)}' gives ${version} everybody`;
  }

  private moveCommand(version: string): string {
    return (
      `aws lambda update-alias --region ${this.aws.region} --function-name ${this.release.function.awsName} ` +
      `--name ${aliasName} --function-version ${version} --routing-config AdditionalVersionWeights={}`
    );
  }
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure.html */
function appSpecOf({ functionName, from, to, hooks }: RolloutPlan): string {
  const properties = { Name: functionName, Alias: aliasName, CurrentVersion: from, TargetVersion: to };
  const resources = [{ [functionName]: { Type: "AWS::Lambda::Function", Properties: properties } }];
  const called = Object.entries(hooks).map(([name, hook]) => ({ [name]: hook }));
  // As a text: JSON has no other way to keep the zero behind the point.
  const spec = { version: "0.0", Resources: resources, Hooks: called.length > 0 ? called : undefined };
  return JSON.stringify(spec);
}
