import { bootstrapStackName, type Environment } from "../environment";
import type { EnvironmentFile } from "../environment-schema";
import type { FieldPath, Problem } from "../problem";
import { type ReleaseContext, runsContainers } from "../release-context";
import type { Finding } from "./finding";

/** What GitHub needs of an environment that it deploys. */
export function checkGitHub({ github, state }: EnvironmentFile, faulty: readonly FieldPath[]): Finding[] {
  if (github === undefined || state !== undefined || faulty.some(([field]) => field === "state")) return [];
  return [{ field: ["github"], message: "must go with 'state.s3': a workflow's runner keeps no state" }];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function checkStateBucket({ github, state }: EnvironmentFile): Finding[] {
  const bucket = state?.s3.bucket ?? "";
  if (github === undefined || github.accountHas.includes("state-bucket") || !bucket.endsWith("-an"))
    return [];
  const message =
    "must not end with -an, as buckets of S3's regional namespace do: the stack makes no such bucket";
  return [{ field: ["state", "s3", "bucket"], message, value: bucket }];
}

/** What the roles of the bootstrap stack do not reach: it would be planned, and fail while it is deployed. */
export function checkGitHubRoles({ file, environment }: ReleaseContext): Finding[] {
  if (environment.github === undefined || !runsContainers(file)) return [];
  const message = `must be another strategy in an environment with 'github': the roles of ${bootstrapStackName(environment.name)} do not reach containers, their load balancer and network`;
  return [{ field: ["strategy"], message, value: file.strategy }];
}

/** Two environments that would each make what there is once. Each is told at the later file. */
export function checkMadeOnce(environments: readonly Environment[]): Problem[] {
  const makers = new Map<string, string>();
  return environments.flatMap((environment) => {
    const file = `releases/${environment.name}/environment.json`;
    const made = madeOnce(environment);
    const known = new Map(made.filter(({ name }) => makers.has(name)).map(({ what, name }) => [what, name]));
    const problems = [...known].map(([what, name]) => ({
      file,
      field: ["github", "accountHas"],
      message: `must name "${what}": ${makers.get(name)} makes ${name}`,
    }));
    for (const { name } of made) makers.set(name, makers.get(name) ?? file);
    return problems;
  });
}

function madeOnce({ github, state, allowedAccountIds = [] }: Environment) {
  if (github === undefined) return [];
  const provider = allowedAccountIds.map((id) => ({
    what: "oidc-provider" as const,
    name: `the OIDC provider of account ${id}`,
  }));
  const bucket = { what: "state-bucket" as const, name: `the bucket ${state?.s3.bucket}` };
  return [...provider, bucket].filter(({ what }) => !github.accountHas.includes(what));
}
