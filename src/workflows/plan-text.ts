import { isDeepStrictEqual } from "node:util";
import { changedIn, type PlanJson, type ResourceChange } from "./plan-summary";

/** Signs of Terraform's, by what it calls an action. */
const signs: Readonly<Record<string, string>> = {
  create: "+",
  update: "~",
  delete: "-",
  "delete/create": "-/+",
  "create/delete": "+/-",
};

/** Stands for a value that is not told. */
const untold = "(not shown)";

/** The longest text of a value that is told. */
const longestValue = 120;

/**
 * A plan as people read it: what becomes of each resource, and which arguments change from what to what. A plan holds
 * secrets, also such as nobody has marked. So a text is told only where the stack's own file has it, which whoever sees
 * the pull request can read.
 *
 * @param stack what was synthesized of it
 */
export function planLines(plan: PlanJson, stack: unknown): string[] {
  const known = new Set(textsIn(stack));
  const resources = changedIn(plan).flatMap(({ address, action, change }) => [
    `${signs[action] ?? `(${action})`} ${address}`,
    ...(action === "create" || action === "delete" ? [] : changedArguments(change, known)),
  ]);
  const outputs = Object.entries(plan.output_changes ?? {}).filter(
    ([, { before, after, after_unknown }]) => after_unknown === true || !isDeepStrictEqual(before, after),
  );
  return [...resources, ...outputs.map(([name]) => `~ output ${name}`)];
}

function changedArguments(change: ResourceChange["change"], known: ReadonlySet<string>): string[] {
  return differences("", {
    before: change.before,
    after: change.after,
    unknown: change.after_unknown,
    secret: [change.before_sensitive, change.after_sensitive],
  }).map(({ path, from, to, isSecret, isUnknown }) => {
    const text = (value: unknown) => (isSecret ? untold : valueText(value, known));
    return `    ${path}: ${text(from)} -> ${isUnknown ? "(known after apply)" : text(to)}`;
  });
}

interface Both {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  readonly secret: readonly unknown[];
}

interface Difference {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly isSecret: boolean;
  readonly isUnknown: boolean;
}

/** Every value inside of two that is another one, by its path. */
function differences(path: string, { before, after, unknown, secret }: Both): Difference[] {
  const isSecret = secret.includes(true);
  const isUnknown = unknown === true;
  const isWhole = isSecret || isUnknown || !(isInner(before) || isInner(after) || isInner(unknown));
  if (isWhole) {
    const isSame = !isUnknown && isDeepStrictEqual(before ?? null, after ?? null);
    return isSame ? [] : [{ path, from: before, to: after, isSecret, isUnknown }];
  }
  const keys = new Set([before, after, unknown].flatMap((one) => (isInner(one) ? Object.keys(one) : [])));
  return [...keys].sort().flatMap((key) => {
    const isItem = [before, after, unknown].some(Array.isArray);
    const inner = isItem ? `${path}[${key}]` : `${path}${path === "" ? "" : "."}${key}`;
    return differences(inner, {
      before: at(before, key),
      after: at(after, key),
      unknown: at(unknown, key),
      secret: secret.map((one) => at(one, key)),
    });
  });
}

function isInner(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object";
}

function at(value: unknown, key: string): unknown {
  return isInner(value) ? value[key] : undefined;
}

function valueText(value: unknown, known: ReadonlySet<string>): string {
  if (value === undefined || value === null) return "none";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string" || !known.has(value)) return untold;
  const characters = [...value];
  const isLong = characters.length > longestValue;
  return JSON.stringify(isLong ? `${characters.slice(0, longestValue).join("")}...` : value);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return isInner(value) ? Object.values(value).flatMap(textsIn) : [];
}
