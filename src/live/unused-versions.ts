import {
  DeleteFunctionCommand,
  type FunctionConfiguration,
  paginateListVersionsByFunction,
} from "@aws-sdk/client-lambda";
import { aliasedFunction, aliasInVariable } from "../release/functions/alias-variable";
import type { LambdaVersionsRelease } from "../release/release";
import type { ReleaseFunction } from "../release/version";
import { mayHaveArrived } from "./arrival";
import { AwsError } from "./aws-error";
import type { Aws } from "./clients";
import { Missing, readAliases } from "./live-state";
import { pages } from "./pages";

/** A version that Lambda keeps and nobody needs. */
export interface UnusedVersion {
  /** Its number; of a function that is not named as the service with its function, `shop-dev-admin:3`. */
  readonly version: string;
  readonly codeBytes: number;
  /** When it was published. */
  readonly modified: string;
}

export interface PublishedVersions {
  /** By function, each by their numbers. */
  readonly unused: readonly UnusedVersion[];
  /** Later than all that the file lists: they may wait for being recorded. */
  readonly later: readonly string[];
}

/**
 * The published versions that neither an alias names nor the file lists.
 *
 * @throws {Missing} when a function is not there
 */
export async function publishedVersions(
  aws: Aws,
  release: LambdaVersionsRelease,
): Promise<PublishedVersions> {
  const found: PublishedVersions[] = [];
  for (const one of release.functions) found.push(await versionsOfFunction(aws, release, one));
  return {
    unused: found.flatMap(({ unused }) => unused),
    later: found.flatMap(({ later }) => later),
  };
}

async function versionsOfFunction(
  aws: Aws,
  release: LambdaVersionsRelease,
  lambda: ReleaseFunction,
): Promise<PublishedVersions> {
  const { awsName, name } = lambda;
  const all = await listVersions(aws, awsName);
  const aliases = await readAliases(aws, awsName);
  const named = [...aliases.values()].flatMap(({ version, weights }) => [version, ...Object.keys(weights)]);
  const listed = release.versions.flatMap(({ numbers }) => numbers[name] ?? []);
  const free = all.filter(({ version }) => !named.includes(version) && !listed.includes(version));
  const latest = Math.max(0, ...listed.map(Number));
  const isLater = ({ version }: UnusedVersion) => Number(version) > latest;
  const told = (one: UnusedVersion) => ({ ...one, version: aliasInVariable(lambda, one.version) });
  return {
    unused: free.filter((one) => !isLater(one)).map(told),
    later: free.filter(isLater).map((one) => told(one).version),
  };
}

/** Without a number the call would delete the function. */
export function checkNumber(version: string): void {
  if (!/^([A-Za-z0-9_-]+:)?[1-9]\d*$/.test(version))
    throw new Error(`'${version}' must be the number of a version`);
}

/** Deletes one version. AWS refuses one that an alias names by now. */
export async function deleteVersion(
  { lambda }: Aws,
  release: LambdaVersionsRelease,
  version: string,
): Promise<void> {
  checkNumber(version);
  const found = aliasedFunction(release.functions, version);
  if (found === undefined) throw new Error(`${version} is a version of no function of the service`);
  try {
    await lambda.send(
      new DeleteFunctionCommand({ FunctionName: found.lambda.awsName, Qualifier: found.alias }),
    );
  } catch (error) {
    if (error instanceof AwsError && error.code === "ResourceNotFoundException") return;
    throw mayHaveArrived(
      error,
      `and version ${version} may be deleted: run the same command again to list the rest`,
    );
  }
}

async function listVersions({ lambda }: Aws, FunctionName: string): Promise<UnusedVersion[]> {
  const found: FunctionConfiguration[] = [];
  try {
    const all = paginateListVersionsByFunction({ client: lambda }, { FunctionName });
    const call = "lambda:ListVersionsByFunction";
    for await (const { Versions = [] } of pages(call, all, ({ NextMarker }) => NextMarker))
      found.push(...Versions);
  } catch (error) {
    if (!(error instanceof AwsError && error.code === "ResourceNotFoundException")) throw error;
    throw new Missing(`there is no function ${FunctionName}: it was never deployed`);
  }
  return found
    .map(({ Version = "", CodeSize = 0, LastModified = "" }) => ({
      version: Version,
      codeBytes: CodeSize,
      modified: LastModified,
    }))
    .filter(({ version }) => version !== "$LATEST")
    .sort((a, b) => Number(a.version) - Number(b.version));
}
