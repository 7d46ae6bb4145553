import { GetAliasCommand } from "@aws-sdk/client-lambda";
import { liveAlias } from "../release/pointer";
import type { Release } from "../release/release";
import type { CodedeployAliasRelease } from "../release/strategies/codedeploy-alias";
import { AwsError } from "./aws-error";
import { CallTime, type TimeLimits } from "./call-time";
import { type Aws, connect, disconnect } from "./clients";
import { aliasTarget, type LiveAlias, Missing } from "./live-state";
import { checkFunction } from "./move";
import { CannotStart, type PlannedMove, type Platform, Rollout } from "./rollout";
import type { ShiftProgress, ShiftReader } from "./sight";

/** The shifts of an alias. @throws {CannotStart} where CodeDeploy moves nothing of this release */
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
    return await Rollout.with(aws, release, new AliasPlatform(aws, release), use);
  } finally {
    disconnect(aws);
  }
}

/** An alias that CodeDeploy gives another version, or a second one with a weight. */
class AliasPlatform implements Platform {
  private readonly functionName: string;

  constructor(
    private readonly aws: Aws,
    release: CodedeployAliasRelease,
  ) {
    const [lambda] = release.functions;
    if (lambda === undefined) throw new Error(`${release.service} has no function`);
    this.functionName = lambda.awsName;
  }

  readonly shiftOf: ShiftReader = (_info, { lambdaTarget }) => {
    const { targetVersion, targetVersionWeight = 0, currentVersion } = lambdaTarget?.lambdaFunctionInfo ?? {};
    if (!targetVersion) return undefined;
    return { version: targetVersion, percent: targetVersionWeight, from: currentVersion };
  };

  async moveTo(version: string): Promise<PlannedMove> {
    const { functionName } = this;
    const alias = await this.alias();
    if (Object.keys(alias.weights).length > 0) throw new CannotStart(this.splitText(alias));
    if (alias.version === version)
      throw new CannotStart(`${liveAlias} serves ${version} already: promote it in the file`);
    await checkFunction(this.aws, functionName, version);
    const properties = {
      Name: functionName,
      Alias: liveAlias,
      CurrentVersion: alias.version,
      TargetVersion: version,
    };
    return {
      what: `${functionName}:${liveAlias}`,
      server: liveAlias,
      from: alias.version,
      to: version,
      appSpec: { name: functionName, type: "AWS::Lambda::Function", properties },
    };
  }

  async leftBehind({ from, version: to }: ShiftProgress): Promise<string | undefined> {
    const alias = await this.alias();
    if (Object.keys(alias.weights).length > 0) return this.splitText(alias);
    if (alias.version !== to || from === undefined) return undefined;
    return `${liveAlias} still serves ${to}: '${this.moveCommand(from)}' sends all traffic to ${from}`;
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
    return `a stopped shift left ${liveAlias} split, ${shares.join(", ")}: '${this.moveCommand(version)}' sends all traffic to ${version}`;
  }

  private moveCommand(version: string): string {
    return (
      `aws lambda update-alias --region ${this.aws.region} --function-name ${this.functionName} ` +
      `--name ${liveAlias} --function-version ${version} --routing-config AdditionalVersionWeights={}`
    );
  }
}
