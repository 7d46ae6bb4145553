import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Policy, policyIn } from "./policy";
import { type Files, shop, synthesizeFiles } from "./project";

const repository = { organization: "example-org", repository: "shop-releases" };

/** An environment that GitHub deploys. */
export const environment = (github: object = {}, fields: object = {}) => ({
  region: "eu-central-1",
  state: { s3: { bucket: "example-state", prefix: "team/a" } },
  protect: true,
  github: { ...repository, ...github },
  ...fields,
});

/** Where projects were synthesized: many tests look at the same one. */
const outputs = new Map<string, Promise<string>>();

/** The JSON of a stack of a shop in an environment with these fields. */
export async function stackOf(
  name: string,
  fields: object = environment(),
  release = {},
  files: Files = {},
): Promise<string> {
  const project = shop(release, { "releases/dev/environment.json": fields, ...files });
  const key = JSON.stringify(project);
  const outdir = outputs.get(key) ?? synthesizeFiles(project);
  outputs.set(key, outdir);
  return readFileSync(join(await outdir, "stacks", name, "cdk.tf.json"), "utf8");
}

export interface Stack {
  readonly resource: Readonly<Record<string, Record<string, Record<string, string>>>>;
}

/** The arguments of the resources of a type, by their names in AWS. */
export function named(stack: Stack, type: string): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.values(stack.resource[type] ?? {}).map((args) => [args["name"] ?? "", args]),
  );
}

/** Those of `review`, `deploy` or `images`. */
export async function privileges(
  role: string,
  fields?: object,
  release?: object,
  partition?: string,
  files?: Files,
): Promise<Policy> {
  const stack = JSON.parse(await stackOf("bootstrap-dev", fields, release, files));
  const own = named(stack, "aws_iam_role_policy")[role]?.["policy"] ?? "";
  const reads = named(stack, "aws_iam_policy")[`bootstrap-dev-${role}-reads`]?.["policy"];
  const policies = reads === undefined ? [own] : [own, reads];
  return { Statement: policies.flatMap((policy) => policyIn(policy, partition).Statement) };
}
