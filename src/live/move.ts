import { type PatchOperation, UpdateStageCommand } from "@aws-sdk/client-api-gateway";
import { GetFunctionConfigurationCommand, UpdateAliasCommand } from "@aws-sdk/client-lambda";
import { aliasedFunction } from "../release/functions/alias-variable";
import type { AliasTarget, Pointer, Target } from "../release/pointer";
import { type ApiRelease, type FunctionsRelease, isServedByApi, pointerOf } from "../release/release";
import { mayHaveArrived } from "./arrival";
import { AwsError } from "./aws-error";
import type { Aws } from "./clients";
import { type LiveAlias, type LiveApi, type LiveState, Missing, readAliases, readLive } from "./live-state";

/** One call that moves a pointer of AWS, in one piece or not at all. */
export interface Move {
  /** `stage dev: canary dropped` */
  readonly told: string;
  run(): Promise<void>;
}

/**
 * The calls after which AWS is as a release without a canary says; none where it is so already. It only reads,
 * and finds all that the calls will need.
 *
 * The alias comes before the stage, as in an apply: the version that takes over must answer the definition that
 * is there for that moment.
 *
 * @throws {Missing} when the version that is to take over, or its deployment, is not there
 */
export async function movesTo(aws: Aws, release: FunctionsRelease, live: LiveState): Promise<Move[]> {
  const pointer = pointerOf(release);
  if (pointer.canary !== undefined || Object.values(pointer.aliases).some(hasWeights))
    throw new Error("what is moved to must have no canary");
  const ofStage = stageMoves(aws, release, pointer, live);
  const aliases = changedAliases(pointer, live);
  await checkFunctions(aws, release, pointer, live);
  return [...aliases.map(({ name, from, to }) => moveAlias(aws, release, name, from, to)), ...ofStage];
}

/** None without an API. */
function stageMoves(aws: Aws, release: FunctionsRelease, pointer: Pointer, { api }: LiveState): Move[] {
  const { stable, description } = pointer;
  if (!isServedByApi(release) || stable === undefined || api === undefined) return [];
  const to = { stable, description };
  const patch = stagePatch(to, api, release.stage.variables);
  return patch.length > 0 ? [moveStage(aws, release, to, api.apiId, patch)] : [];
}

/** What a stage says where one version serves all users. */
interface StagePointer {
  readonly stable: Target;
  /** @default - it stays as it is */
  readonly description?: string;
}

/** Makes the moves, one after the other. @throws {AwsError} that tells what was moved before it */
export async function makeMoves(moves: readonly Move[]): Promise<void> {
  for (const [index, move] of moves.entries()) {
    try {
      await move.run();
    } catch (error) {
      const done = moves.slice(0, index).map(({ told }) => told);
      if (!(error instanceof AwsError) || done.length === 0) throw error;
      throw new AwsError(
        error.code,
        `${error.message} (done before that: ${done.join(", ")}; run the same command again for the rest)`,
      );
    }
  }
}

/** In one call, as the provider sends it. */
function stagePatch(
  { stable, description }: StagePointer,
  { stage, deployments }: LiveApi,
  shared: Readonly<Record<string, string>>,
): PatchOperation[] {
  const described = (id: string) => deployments.find((one) => one.id === id)?.description;
  const deployment = deployments.find(({ description }) => description === stable.deployment);
  if (deployment === undefined)
    throw new Missing(
      `there is no deployment '${stable.deployment}' of the API: it was pruned, or never deployed`,
    );
  const isServed = described(stage.deploymentId) === stable.deployment;
  const replaced = Object.entries(stable.variables).filter(
    ([name, value]) => stage.variables[name] !== value,
  );
  // Those of the file's own are no version's: they stay.
  const removed = Object.keys(stage.variables).filter(
    (name) => stable.variables[name] === undefined && shared[name] === undefined,
  );
  return [
    ...(stage.canary === undefined ? [] : [{ op: "remove" as const, path: "/canarySettings" }]),
    ...(isServed ? [] : [{ op: "replace" as const, path: "/deploymentId", value: deployment.id }]),
    ...replaced.map(([name, value]) => ({ op: "replace" as const, path: `/variables/${name}`, value })),
    ...removed.map((name) => ({ op: "remove" as const, path: `/variables/${name}` })),
    ...(description === undefined || description === stage.description
      ? []
      : [{ op: "replace" as const, path: "/description", value: description }]),
  ];
}

function changedAliases({ aliases }: Pointer, live: LiveState) {
  return Object.entries(aliases).flatMap(([name, to]) => {
    const from = live.aliases.get(name);
    if (from === undefined) throw new Missing(`there is no alias ${name}: it was pruned, or never deployed`);
    return isAs(from, to) ? [] : [{ name, from, to }];
  });
}

/** Nobody is sent to a function or version that is not there. */
async function checkFunctions(
  aws: Aws,
  release: FunctionsRelease,
  pointer: Pointer,
  live: LiveState,
): Promise<void> {
  if (release.versionKind === "functions") {
    const isServing = (name: string, value: string) => live.api?.stage.variables[name] === value;
    const functions = Object.entries(pointer.stable?.variables ?? {}).filter(
      ([name, value]) => !isServing(name, value),
    );
    await Promise.all(functions.map(([, name]) => checkFunction(aws, name)));
    return;
  }
  await Promise.all(
    changedAliases(pointer, live).map(({ name, to }) =>
      checkFunction(aws, aliasOf(release, name).FunctionName, to.version),
    ),
  );
}

/** @throws {Missing} where there is no such function, or version of it */
export async function checkFunction(
  { lambda }: Aws,
  FunctionName: string,
  Qualifier?: string,
): Promise<void> {
  try {
    await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
  } catch (error) {
    if (!(error instanceof AwsError && error.code === "ResourceNotFoundException")) throw error;
    const what =
      Qualifier === undefined ? `function ${FunctionName}` : `version ${Qualifier} of ${FunctionName}`;
    throw new Missing(`there is no ${what}: it was deleted, or never deployed`);
  }
}

function moveStage(
  aws: Aws,
  release: ApiRelease,
  to: StagePointer,
  restApiId: string,
  patchOperations: PatchOperation[],
): Move {
  const stageName = release.stage.name;
  const told = patchOperations.flatMap(({ op, path = "", value }) => {
    if (path === "/canarySettings") return "canary dropped";
    if (path === "/description") return patchOperations.length > 1 ? [] : "its description";
    return op === "remove" ? `${path.slice(1)} removed` : `${path.slice(1)} ${value}`;
  });
  return {
    told: `stage ${stageName}: ${told.join(", ")}`,
    run: () =>
      orDoneAlready(
        aws,
        `the stage ${stageName}`,
        () => aws.apiGateway.send(new UpdateStageCommand({ restApiId, stageName, patchOperations })),
        async () => {
          const { api } = await readLive(aws, release);
          return api !== undefined && stagePatch(to, api, release.stage.variables).length === 0;
        },
      ),
  };
}

function moveAlias(
  aws: Aws,
  release: FunctionsRelease,
  name: string,
  from: LiveAlias,
  to: AliasTarget,
): Move {
  const { FunctionName, Name } = aliasOf(release, name);
  const input = {
    FunctionName,
    Name,
    FunctionVersion: to.version,
    RoutingConfig: { AdditionalVersionWeights: {} },
    Description: to.description,
    RevisionId: from.revisionId,
  };
  const isDone = async () => {
    const now = (await readAliases(aws, FunctionName)).get(Name);
    return now !== undefined && isAs(now, to);
  };
  return {
    told: `alias ${name}: version ${to.version} alone`,
    run: () =>
      orDoneAlready(aws, `the alias ${name}`, () => aws.lambda.send(new UpdateAliasCommand(input)), isDone),
  };
}

/** @param named as a stage variable has it */
function aliasOf(release: FunctionsRelease, named: string) {
  const found = aliasedFunction(release.functions, named);
  if (found === undefined) throw new Error(`${named} is an alias of no function of the service`);
  return { FunctionName: found.lambda.awsName, Name: found.alias };
}

/** A call whose answer was lost is sent again, and refused because it was done: what is there then counts. */
async function orDoneAlready(
  { time }: Aws,
  what: string,
  call: () => Promise<unknown>,
  isDone: () => Promise<boolean>,
): Promise<void> {
  try {
    await call();
  } catch (error) {
    // Whatever time the call has used up: it must be known what is there now.
    time.renew();
    const found = await isDone().catch(() => undefined);
    if (found) return;
    if (!(error instanceof AwsError && error.code === "PreconditionFailedException"))
      throw mayHaveArrived(
        error,
        found === undefined
          ? `and ${what} cannot be read back: 'status --live' shows whether it has moved`
          : `but ${what} has not moved yet: run the same command again`,
      );
    throw new AwsError(
      error.code,
      "someone else moved the alias meanwhile: check it with 'status --live', then try again",
    );
  }
}

function isAs(alias: AliasTarget, target: AliasTarget): boolean {
  const isDescribed = target.description === undefined || alias.description === target.description;
  return alias.version === target.version && !hasWeights(alias) && isDescribed;
}

function hasWeights({ weights }: AliasTarget): boolean {
  return Object.keys(weights).length > 0;
}
