import { join } from "node:path";
import { type Files, synthesizeFiles } from "../support/project";
import { terraform } from "./describe-plans";
import type { Plan } from "./terraform";

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

export const counts = ({ add, change, destroy }: Plan) => [add, change, destroy];

export const touched = ({ changes }: Plan) => changes.map(({ type, action }) => `${action} ${type}`).sort();
