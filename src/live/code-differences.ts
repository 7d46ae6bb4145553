import type { DeployedFunction } from "../release/functions/deployed-function";
import { formatProblem, type Problem } from "../release/problem";
import type { FunctionsRelease, LambdaVersionsRelease } from "../release/release";
import type { CanaryStageRelease } from "../release/strategies/canary-stage";
import { differentPaths } from "../synth/different-paths";
import type { PackageFiles, Packages } from "../synth/handler-files";
import { AwsError } from "./aws-error";
import type { Aws } from "./clients";
import { type Comparison, compared, joined } from "./comparison";
import { filesOf, type LiveCode, readCode, readDigest } from "./live-code";

/** Packages the code that stands in the working tree, as a deploy would. */
export type PackageTree = () => Promise<{
  readonly packages: Packages;
  readonly problems: readonly Problem[];
}>;

/** Files that one line names. */
const mostFiles = 3;

/**
 * Compares the code that Lambda runs with the packages of the working tree, file by file. A plan only compares the
 * digest of the code that was deployed last.
 *
 * @param versions names of those whose code is compared
 */
export function codeDifferences(
  aws: Aws,
  release: FunctionsRelease,
  versions: readonly string[],
  packageTree: PackageTree,
): Promise<Comparison> {
  return compared("the code", async () => {
    const { packages, problems } = await packageTree();
    if (problems.length > 0)
      throw new AwsError(
        "CannotPackage",
        `it cannot be packaged here: ${problems.map(formatProblem).join("; ")}`,
      );
    return release.versionKind === "functions"
      ? ofFunctions(aws, release, versions, packages)
      : ofAllPublished(aws, release, versions, packages);
  });
}

/** Each version has functions of its own, and its source is in the tree. */
async function ofFunctions(
  aws: Aws,
  release: CanaryStageRelease,
  versions: readonly string[],
  packages: Packages,
): Promise<Comparison> {
  const found: Comparison[] = [];
  // One after the other: each package may be large.
  for (const { name, functions } of release.versions.filter((one) => versions.includes(one.name))) {
    for (const one of functions) {
      found.push(
        await compared(`the code of ${one.awsName}`, async () => {
          const code = await readCode(aws, one.awsName);
          if (code === undefined)
            return { differences: [`${name}: the function ${one.awsName} is missing in AWS`] };
          return differentCode(name, one, code, packages);
        }),
      );
    }
  }
  return joined(found);
}

/** Lambda keeps the versions of each function. */
async function ofAllPublished(
  aws: Aws,
  release: LambdaVersionsRelease,
  versions: readonly string[],
  packages: Packages,
): Promise<Comparison> {
  const found: Comparison[] = [];
  // One after the other: each package may be large.
  for (const one of release.functions) {
    const numbers = release.versions
      .filter(({ name }) => versions.includes(name))
      .flatMap((version) => version.numbers[one.name] ?? []);
    if (numbers.length === 0) continue;
    found.push(
      await compared(`the code of ${one.awsName}`, () =>
        ofPublishedVersions(aws, one, [...new Set(numbers)], packages),
      ),
    );
  }
  return joined(found);
}

/** The tree has the source of the code that was deployed last, and of no other. */
async function ofPublishedVersions(
  aws: Aws,
  lambda: DeployedFunction,
  versions: readonly string[],
  packages: Packages,
): Promise<Partial<Comparison>> {
  const { awsName } = lambda;
  const latest = await readCode(aws, awsName);
  if (latest === undefined) return { differences: [`the function ${awsName} is missing in AWS`] };
  const digests = new Map<string, string | undefined>();
  for (const version of versions) digests.set(version, await readDigest(aws, awsName, version));
  const having = (isSo: (digest: string | undefined) => boolean) =>
    versions.filter((version) => isSo(digests.get(version)));
  const current = having((digest) => digest === latest.sha256);
  const who = current.length > 0 ? `version ${current.join(" and ")}` : "$LATEST, which serves no traffic";
  const { differences = [], unknown = [] } = await differentCode(who, lambda, latest, packages);
  return {
    differences: [
      ...having((digest) => digest === undefined).map(
        (version) => `version ${version} of ${awsName} is missing in AWS: it was deleted`,
      ),
      ...differences,
    ],
    unknown: [
      ...unknown,
      ...having((digest) => digest !== undefined && digest !== latest.sha256).map(
        (version) =>
          `version ${version}: it has other code than $LATEST of ${awsName}, and its source is not in this tree`,
      ),
    ],
  };
}

/** A line where the code is another one than that of the tree. */
async function differentCode(
  who: string,
  { awsName, source }: DeployedFunction,
  code: LiveCode,
  packages: Packages,
): Promise<Partial<Comparison>> {
  const difference = (text: string) => ({ differences: [`${who}: ${awsName} ${text}`] });
  const { image } = code;
  if (source.language === "image") {
    if (image !== undefined && digestOf(image) === digestOf(source.uri)) return {};
    return difference(`runs ${image ?? "a zip file"} in AWS, but must run ${source.uri}`);
  }
  if (source.language === "stored") {
    const object = `s3://${source.bucket}/${source.key}, version ${source.versionId}`;
    return { unknown: [`${who}: the code of ${awsName} is not compared, because it is in ${object}`] };
  }
  const place = source.language === "built" ? source.path : source.folder;
  if (image !== undefined) return difference(`runs ${image} in AWS, but must run the code of ${place}`);
  const files = differentFiles(packages.get(awsName) ?? new Map(), await filesOf(code));
  if (files.length === 0) return {};
  const more = files.length > mostFiles ? ` and ${files.length - mostFiles} more` : "";
  const named = files.slice(0, mostFiles).join(", ");
  return difference(`has other code in AWS than ${place}: ${named}${more}`);
}

function differentFiles(tree: PackageFiles, live: PackageFiles): string[] {
  return differentPaths(tree, live).map((path) => {
    if (!tree.has(path)) return `${path} is only in AWS`;
    return live.has(path) ? `${path} differs` : `${path} is missing in AWS`;
  });
}

/** `<registry>/<repository>@sha256:<digest>` */
function digestOf(image: string): string {
  return image.slice(image.indexOf("@") + 1);
}
