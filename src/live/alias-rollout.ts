import { GetAliasCommand } from "@aws-sdk/client-lambda";
import { liveAlias, liveNumbers } from "../release/pointer";
import type { Release } from "../release/release";
import { versionServed } from "../release/served-numbers";
import { deploymentGroupName } from "../release/shifts/rollout";
import type { CodedeployAliasRelease } from "../release/strategies/codedeploy-alias";
import type { ReleaseFunction } from "../release/version";
import { AwsError } from "./aws-error";
import { CallTime, type TimeLimits } from "./call-time";
import { type Aws, connect, disconnect } from "./clients";
import { Deployments } from "./deployments";
import { aliasTarget, type LiveAlias, Missing } from "./live-state";
import { checkFunction } from "./move";
import { CannotStart, type Moved, type PlannedMove, type Platform } from "./moved";
import { Rollout } from "./rollout";
import type { ShiftProgress, ShiftReader } from "./sight";

/** The shifts of the alias of each function. @throws {CannotStart} where CodeDeploy moves nothing of this release */
export async function withRollout<T>(
  release: Release,
  use: (rollout: Rollout) => Promise<T>,
  limits?: TimeLimits,
): Promise<T> {
  if (release.versionKind !== "lambda" || !("rollout" in release))
    throw new CannotStart(
      `CodeDeploy does not shift releases of the strategy ${release.strategy}: use 'shift' or 'next', then deploy`,
    );
  const aws = await connect(release.environment, new CallTime(limits));
  try {
    return await Rollout.with(aws, release, movedAliases(aws, release), use);
  } finally {
    disconnect(aws);
  }
}

/** An alias of each function. */
function movedAliases(aws: Aws, release: CodedeployAliasRelease): Moved {
  const { name, functions, stable, canary } = release;
  return {
    server: liveAlias,
    parts: functions
      .filter((one) => liveNumbers(release, one.name) !== undefined)
      .map((lambda) => {
        const platform = new AliasPlatform(aws, release, lambda);
        const group = deploymentGroupName(name, lambda);
        const deployments = new Deployments(aws, name, platform.shiftOf, group);
        return { name: lambda.name, platform, deployments };
      }),
    // Those that are not moved stay as stable has them.
    versionOf: (served, isMoved = false) =>
      versionServed(
        release,
        { ...stable.numbers, ...served },
        ({ name }) => isMoved && name === canary?.version.name,
      ),
  };
}

/** An alias that CodeDeploy gives another version, or a second one with a weight. */
class AliasPlatform implements Platform {
  private readonly functionName: string;

  constructor(
    private readonly aws: Aws,
    private readonly release: CodedeployAliasRelease,
    private readonly lambda: ReleaseFunction,
  ) {
    this.functionName = lambda.awsName;
  }

  readonly shiftOf: ShiftReader = (_info, { lambdaTarget }) => {
    const { targetVersion, targetVersionWeight = 0, currentVersion } = lambdaTarget?.lambdaFunctionInfo ?? {};
    if (!targetVersion) return undefined;
    return { version: targetVersion, percent: targetVersionWeight, from: currentVersion };
  };

  async serving(): Promise<string> {
    const alias = await this.alias();
    if (Object.keys(alias.weights).length > 0) throw new CannotStart(this.splitText(alias));
    return alias.version;
  }

  async moveTo(version: string, from: string): Promise<PlannedMove | undefined> {
    const { versions } = this.release;
    // A version that is older than the function leaves its alias where it is.
    const to = versions.find(({ name }) => name === version)?.numbers[this.lambda.name];
    if (to === undefined || to === from) return undefined;
    await checkFunction(this.aws, this.functionName, to);
    return this.move(from, to);
  }

  async backFrom({ from, version: to }: ShiftProgress): Promise<PlannedMove | undefined> {
    if (to === undefined || from === undefined || (await this.serving()) !== to) return undefined;
    return this.move(to, from);
  }

  private move(from: string, to: string): PlannedMove {
    const { functionName } = this;
    const properties = { Name: functionName, Alias: liveAlias, CurrentVersion: from, TargetVersion: to };
    return {
      what: `${functionName}:${liveAlias}`,
      from,
      to,
      appSpec: { name: functionName, type: "AWS::Lambda::Function", properties },
    };
  }

  async leftBehind({ from, version: to }: ShiftProgress): Promise<string | undefined> {
    const alias = await this.alias();
    if (Object.keys(alias.weights).length > 0) return this.splitText(alias);
    if (alias.version !== to || from === undefined) return undefined;
    return `${this.server} still serves ${to}: '${this.moveCommand(from)}' sends all traffic to ${from}`;
  }

  private get server(): string {
    return this.release.functions.length === 1 ? liveAlias : `${liveAlias} of ${this.functionName}`;
  }

  private async alias(): Promise<LiveAlias> {
    const FunctionName = this.functionName;
    try {
      return aliasTarget(await this.aws.lambda.send(new GetAliasCommand({ FunctionName, Name: liveAlias })));
    } catch (error) {
      if (!(error instanceof AwsError && error.code === "ResourceNotFoundException")) throw error;
      throw new Missing(`there is no alias ${liveAlias} of ${FunctionName}: it was never deployed`);
    }
  }

  private splitText({ version, weights }: LiveAlias): string {
    const shares = Object.entries(weights).map(
      ([other, weight]) => `${Math.round(weight * 100)} % at ${other}`,
    );
    return `a stopped shift left ${this.server} split, ${shares.join(", ")}: '${this.moveCommand(version)}' sends all traffic to ${version}`;
  }

  private moveCommand(version: string): string {
    return (
      `aws lambda update-alias --region ${this.aws.region} --function-name ${this.functionName} ` +
      `--name ${liveAlias} --function-version ${version} --routing-config AdditionalVersionWeights={}`
    );
  }
}
