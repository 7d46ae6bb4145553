import { createHash, randomBytes, scryptSync } from "node:crypto";

/** What is read of `terraform show -json`. */
export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  /** By the outputs' names. */
  readonly output_changes?: Readonly<Record<string, OutputChange>>;
}

interface OutputChange {
  readonly before?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
}

export interface ResourceChange {
  readonly address: string;
  readonly mode: string;
  readonly type?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly importing?: unknown;
    readonly before?: unknown;
    readonly after?: unknown;
    /** In the shape of `after`: `true` where only AWS knows the value. */
    readonly after_unknown?: unknown;
    /** In the shapes of both: `true` where a value is a secret. */
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
  };
}

/**
 * What a plan does, without a value: a plan holds secrets, so only this leaves the machine that made it. A change
 * from and to other values has another digest.
 */
export interface PlanSummary {
  /** Random, so that equal plans have other digests. */
  readonly salt: string;
  readonly changes: readonly SealedChange[];
}

export interface PlannedChange {
  readonly address: string;
  /** Terraform's words: `update`, `create`, `delete`, `delete/create`, `import` where nothing else is done. */
  readonly action: string;
}

export interface SealedChange extends PlannedChange {
  /** Names the values before and after. */
  readonly digest: string;
}

/** The summaries of an environment's plans, by stack. */
export type Summaries = Readonly<Record<string, PlanSummary>>;

/** A plan, and the lineage of the state that it was made of. */
export interface Planned {
  readonly json: PlanJson;
  readonly lineage: string;
}

/** What a plan does, resource by resource. */
export function changesOf({ json }: Pick<Planned, "json">): PlannedChange[] {
  return changedIn(json).map(({ address, action }) => ({ address, action }));
}

/** @param salt @default - a random one */
export function summaryOf({ json, lineage }: Planned, salt = randomBytes(16).toString("hex")): PlanSummary {
  const changes = changedIn(json).map(({ address, action, change }) => ({
    address,
    action,
    digest: sealed(change, salt, lineage),
  }));
  return { salt, changes };
}

/** The resources that a plan changes, with their values. */
export function changedIn({ resource_changes: changes = [] }: PlanJson) {
  return changes.flatMap(({ address, mode, change }) => {
    if (mode !== "managed") return [];
    const isKept = change.actions.every((action) => ["no-op", "read"].includes(action));
    if (isKept && change.importing === undefined) return [];
    return [{ address, action: isKept ? "import" : change.actions.join("/"), change }];
  });
}

/**
 * What a plan does that was not reviewed, a line for each resource. It may do less than was reviewed: part of that
 * has then been done already.
 */
export function unreviewed(planned: Planned, reviewed: PlanSummary | undefined): string[] {
  const known = new Map(reviewed?.changes.map((change) => [change.address, change]));
  return summaryOf(planned, reviewed?.salt).changes.flatMap(({ address, action, digest }) => {
    const before = known.get(address);
    if (before === undefined) return [`${address}: ${action}, which was not reviewed`];
    if (before.action !== action) return [`${address}: ${action}, where ${before.action} was reviewed`];
    return before.digest === digest
      ? []
      : [`${address}: ${action} from or to other values than were reviewed`];
  });
}

/** Names several plans, the same ones always: a person gives it to a later run. */
export function digestOf(plans: readonly (Planned & { readonly stack: string })[]): string {
  const summaries = plans.map((plan) => [plan.stack, summaryOf(plan, plan.stack).changes]);
  return createHash("sha256").update(JSON.stringify(summaries)).digest("hex").slice(0, 32);
}

/**
 * A digest that tells nothing of its values to whoever has only the digest and its salt. The state's lineage is in
 * neither, and 122 random bits. Before the first deploy there is none: then a guess costs what scrypt costs.
 */
function sealed(value: unknown, salt: string, lineage: string): string {
  return scryptSync(JSON.stringify(value), `${salt}/${lineage}`, 16, { N: 2 ** 14, r: 8, p: 1 }).toString(
    "hex",
  );
}
