import { join } from "node:path";
import { type Files, synthesizeFiles } from "../support/project";
import { terraform } from "./describe-plans";
import type { Plan, PlanJson, PlannedChange, StateResource } from "./terraform";

const stacks = new Map<Files, Promise<string>>();

/** The folder of the stack of the one release file; the same files are synthesized once. */
function stack(files: Files): Promise<string> {
  const known =
    stacks.get(files) ?? synthesizeFiles(files).then((out) => join(out, "stacks", stackName(files)));
  stacks.set(files, known);
  return known;
}

function stackName(files: Files): string {
  const names = Object.keys(files).map((path) => /^releases\/dev\/(\w+)\.json$/.exec(path)?.[1]);
  return `${names.find((name) => name !== undefined && name !== "environment")}-dev`;
}

/** The plan of the last of these, where those before it were deployed in turn; the same one is made once. */
export async function plan(...deployed: readonly Files[]): Promise<Plan> {
  const folders = await Promise.all(deployed.map(stack));
  return terraform().plan(folders.at(-1) ?? "", folders.slice(0, -1));
}

/** The same where somebody else than Terraform has changed what is there since. */
export async function planAfter(
  elsewhere: (resources: StateResource[]) => void,
  ...deployed: readonly Files[]
): Promise<Plan> {
  const folders = await Promise.all(deployed.map(stack));
  return terraform().plan(folders.at(-1) ?? "", folders.slice(0, -1), elsewhere);
}

/** The same where CodeDeploy has moved the alias: to a version, or to one with the share of another. */
export async function planAfterShift(
  alias: { readonly version: string; readonly weights?: Readonly<Record<string, number>> },
  ...deployed: readonly Files[]
): Promise<Plan> {
  return planAfter(
    (resources) => {
      const live = resources.find(({ type }) => type === "aws_lambda_alias")?.instances[0]?.attributes;
      if (live === undefined) throw new Error("there is no alias to move");
      live["function_version"] = alias.version;
      live["routing_config"] = alias.weights ? [{ additional_version_weights: alias.weights }] : [];
    },
    ...deployed,
  );
}

/** The same plan as `terraform show -json` tells it. */
export async function planJson(...deployed: readonly Files[]): Promise<PlanJson> {
  const folders = await Promise.all(deployed.map(stack));
  return terraform().planJson(folders.at(-1) ?? "", folders.slice(0, -1));
}

/** The same where somebody else than Terraform has changed what is there since. */
export async function planJsonAfter(
  elsewhere: (resources: StateResource[]) => void,
  ...deployed: readonly Files[]
): Promise<PlanJson> {
  const folders = await Promise.all(deployed.map(stack));
  return terraform().planJson(folders.at(-1) ?? "", folders.slice(0, -1), elsewhere);
}

export const counts = ({ add, change, destroy }: Plan) => [add, change, destroy];

export const touched = ({ changes }: Plan) => changes.map(({ type, action }) => `${action} ${type}`).sort();

/** The same with the names of the resources, without the hash that cdktf adds to them. */
export const touchedNames = ({ changes }: Plan) =>
  changes.map(({ address, action }) => `${action} ${address.replace(/_[0-9A-F]{8}$/, "")}`).sort();

/** The one resource that a plan changes. */
export function onlyChange({ changes }: Plan): PlannedChange {
  const [change] = changes;
  if (change === undefined || changes.length > 1) throw new Error(`${changes.length} resources change`);
  return change;
}

/** What Terraform says where it refuses a plan, in one line. */
export async function refusal(...deployed: readonly Files[]): Promise<string> {
  const message = await plan(...deployed).then(
    () => "planned without a word",
    (error: Error) => error.message,
  );
  return message.replace(/\s+/g, " ");
}
