import {
  type Deployment,
  GetStageCommand,
  paginateGetDeployments,
  paginateGetRestApis,
  type Stage,
} from "@aws-sdk/client-api-gateway";
import { type AliasConfiguration, paginateListAliases } from "@aws-sdk/client-lambda";
import { aliasInVariable } from "../release/functions/alias-variable";
import { type AliasTarget, liveAlias } from "../release/pointer";
import { type ApiRelease, type FunctionsRelease, isServedByApi } from "../release/release";
import type { ReleaseFunction } from "../release/version";
import { AwsError } from "./aws-error";
import type { Aws } from "./clients";
import { pages } from "./pages";

/** What a release file speaks of and AWS does not have. */
export class Missing extends Error {}

export interface LiveSide {
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface LiveStage extends LiveSide {
  /** @default - none */
  readonly description?: string;
  /** When it was changed last. @default - API Gateway does not say */
  readonly updated?: Date;
  readonly canary?: LiveSide & { readonly percent: number };
}

export interface LiveAlias extends AliasTarget {
  /** Changes with every change of the alias: whoever gives it changes nothing that he has not read. */
  readonly revisionId?: string;
}

export interface LiveApi {
  readonly apiId: string;
  readonly stage: LiveStage;
  /** The newest first. */
  readonly deployments: readonly { readonly id: string; readonly description: string }[];
}

/** All that decides who serves a release's users, as AWS has it now. */
export interface LiveState {
  /** @default - the release has no API */
  readonly api?: LiveApi;
  /** As a stage variable names it, every alias of the functions, where Lambda keeps the versions. */
  readonly aliases: ReadonlyMap<string, LiveAlias>;
}

/** @throws {Missing} when the API or its stage is not there, or without an API the alias that serves users */
export async function readLive(aws: Aws, release: FunctionsRelease): Promise<LiveState> {
  if (!isServedByApi(release)) return { aliases: await readOwnAliases(aws, release) };
  const apiId = await findApi(aws, release);
  const stage = await readStage(aws, apiId, release.stage.name);
  const [deployments, aliases] = await Promise.all([
    readDeployments(aws, apiId),
    readAliasesOf(aws, release),
  ]);
  return { api: { apiId, stage, deployments }, aliases };
}

async function readAliasesOf(aws: Aws, release: FunctionsRelease): Promise<LiveState["aliases"]> {
  return release.versionKind === "functions" ? new Map() : readAllAliases(aws, release.functions);
}

/**
 * The aliases alone, where they serve the users: without an API they tell that the service is there.
 *
 * @throws {Missing} when there is none
 */
export async function readOwnAliases(aws: Aws, release: FunctionsRelease): Promise<LiveState["aliases"]> {
  const aliases = await readAliasesOf(aws, release);
  if (release.functions.some((one) => aliases.has(aliasInVariable(one, liveAlias)))) return aliases;
  const { accountId, region } = aws;
  throw new Missing(
    `there is no alias ${liveAlias} of ${release.name} in account ${accountId}, ${region}: it was never deployed`,
  );
}

/** API Gateway takes any number of APIs of one name. */
async function findApi({ apiGateway, accountId, region }: Aws, release: ApiRelease): Promise<string> {
  const adopted = "adopted" in release ? release.adopted.api : undefined;
  if (adopted !== undefined) return adopted;
  const { name } = release;
  const found: string[] = [];
  const apis = paginateGetRestApis({ client: apiGateway, pageSize: 500 }, {});
  for await (const { items = [] } of pages("apigateway:GetRestApis", apis, ({ position }) => position))
    found.push(...items.filter((api) => api.name === name).map(({ id = "" }) => id));
  const [id] = found;
  if (id === undefined)
    throw new Missing(`there is no API ${name} in account ${accountId}, ${region}: it was never deployed`);
  if (found.length > 1)
    throw new AwsError(
      "SeveralApis",
      `there are ${found.length} APIs named ${name} (${found.join(", ")}): cannot tell which one is yours; delete or rename the others`,
    );
  return id;
}

async function readStage({ apiGateway }: Aws, restApiId: string, stageName: string): Promise<LiveStage> {
  try {
    return liveStage(await apiGateway.send(new GetStageCommand({ restApiId, stageName })));
  } catch (error) {
    if (!(error instanceof AwsError && error.code === "NotFoundException")) throw error;
    throw new Missing(`the API ${restApiId} has no stage ${stageName}: deploy to create it again`);
  }
}

export function liveStage({
  deploymentId = "",
  variables = {},
  canarySettings,
  description,
  lastUpdatedDate: updated,
}: Stage): LiveStage {
  if (canarySettings === undefined) return { deploymentId, variables, description, updated };
  const { deploymentId: own = deploymentId, stageVariableOverrides, percentTraffic = 0 } = canarySettings;
  const canary = {
    deploymentId: own,
    variables: { ...variables, ...stageVariableOverrides },
    percent: percentTraffic,
  };
  return { deploymentId, variables, description, updated, canary };
}

async function readDeployments({ apiGateway }: Aws, restApiId: string): Promise<LiveApi["deployments"]> {
  const found: Deployment[] = [];
  const all = paginateGetDeployments({ client: apiGateway, pageSize: 500 }, { restApiId });
  for await (const { items = [] } of pages("apigateway:GetDeployments", all, ({ position }) => position))
    found.push(...items);
  const time = ({ createdDate }: Deployment) => createdDate?.getTime() ?? 0;
  return found
    .sort((a, b) => time(b) - time(a))
    .map(({ id = "", description = "" }) => ({ id, description }));
}

async function readAllAliases(
  aws: Aws,
  functions: readonly ReleaseFunction[],
): Promise<Map<string, LiveAlias>> {
  const read = functions.map(async (one) =>
    [...(await readAliases(aws, one.awsName))].map(
      ([name, alias]) => [aliasInVariable(one, name), alias] as const,
    ),
  );
  return new Map((await Promise.all(read)).flat());
}

/** None where the function is not there. */
export async function readAliases({ lambda }: Aws, functionName: string): Promise<Map<string, LiveAlias>> {
  const found = new Map<string, LiveAlias>();
  try {
    const all = paginateListAliases({ client: lambda }, { FunctionName: functionName });
    for await (const { Aliases = [] } of pages("lambda:ListAliases", all, ({ NextMarker }) => NextMarker))
      for (const alias of Aliases) found.set(alias.Name ?? "", aliasTarget(alias));
  } catch (error) {
    if (!(error instanceof AwsError && error.code === "ResourceNotFoundException")) throw error;
  }
  return found;
}

export function aliasTarget({
  FunctionVersion = "",
  RoutingConfig,
  RevisionId,
  Description,
}: AliasConfiguration): LiveAlias {
  const weights = RoutingConfig?.AdditionalVersionWeights ?? {};
  return { version: FunctionVersion, weights, revisionId: RevisionId, description: Description };
}
