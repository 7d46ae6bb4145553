import { bootstrapStackName, type Environment } from "../environment/environment";
import type { FieldPath, Problem } from "../problem";
import type { ReleaseContext } from "../release-context";
import type { EnvironmentFile } from "../schema/environment";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/** What GitHub needs of an environment that it deploys. */
export function checkGitHub({ github, state }: EnvironmentFile, faulty: readonly FieldPath[]): Finding[] {
  if (github === undefined || state !== undefined || faulty.some(([field]) => field === "state")) return [];
  return [
    { field: ["github"], message: "must be given with 'state.s3': a workflow's runner keeps no state" },
  ];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function checkStateBucket({ github, state }: EnvironmentFile): Finding[] {
  const bucket = state?.s3.bucket ?? "";
  if (github === undefined || github.accountHas.includes("state-bucket") || !bucket.endsWith("-an"))
    return [];
  const message =
    "must not end with -an: S3 reserves that ending for its regional namespace, and the stack creates no bucket there";
  return [{ field: ["state", "s3", "bucket"], message, value: bucket }];
}

/** What the roles of the bootstrap stack do not reach: it would be planned, and fail while it is deployed. */
export function checkGitHubRoles({ file, environment }: ReleaseContext): Finding[] {
  if (environment.github === undefined || modelOf(file).versionKind !== "container") return [];
  const message = `must be another strategy in an environment with 'github': the roles of ${bootstrapStackName(environment.name)} cannot manage containers, their load balancer and network`;
  return [{ field: ["strategy"], message, value: file.strategy }];
}

/**
 * API Gateway has one role for logs in an account and region, so a second stack would overwrite the first one's. Two
 * environments that do not both name their accounts may be of one. Each is told at the later file.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function checkAccountOnce(environments: readonly Environment[]): Problem[] {
  const makers = environments.filter(({ apiGatewayAccount }) => apiGatewayAccount);
  return makers.flatMap((environment, index) => {
    const other = makers.slice(0, index).find((one) => isSameAccount(one, environment));
    if (other === undefined) return [];
    const [own, others] = [environment, other].map((one) => one.allowedAccountIds);
    const where =
      own === undefined || others === undefined ? "and both may use one account" : "in the same account";
    const way = own === undefined || others === undefined ? ", or give both 'allowedAccountIds'" : "";
    const message = `must be false${way}: ${other.name} creates API Gateway's role in ${environment.region} too, ${where}`;
    return [{ file: `releases/${environment.name}/environment.json`, field: ["apiGatewayAccount"], message }];
  });
}

function isSameAccount(one: Environment, other: Environment): boolean {
  if (one.region !== other.region) return false;
  const [ids, otherIds] = [one.allowedAccountIds, other.allowedAccountIds];
  return ids === undefined || otherIds === undefined || ids.some((id) => otherIds.includes(id));
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
      message: `must name "${what}": ${makers.get(name)} already creates ${name}`,
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
