import { createHash } from "node:crypto";

/** What is read of `terraform show -json`. */
export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  /** By the outputs' names. */
  readonly output_changes?: Readonly<Record<string, { readonly before?: unknown; readonly after?: unknown }>>;
}

interface ResourceChange {
  readonly address: string;
  readonly mode: string;
  readonly change: { readonly actions: readonly string[]; readonly importing?: unknown };
}

/**
 * What a plan does, without a value: a plan holds secrets, so only this leaves the machine that made it. A change
 * from and to other values has another digest.
 */
export interface PlanSummary {
  readonly changes: readonly SummarizedChange[];
}

export interface SummarizedChange {
  readonly address: string;
  /** Terraform's words: `update`, `create`, `delete`, `delete/create`, `import` where nothing else is done. */
  readonly action: string;
  /** Names the values before and after. */
  readonly digest: string;
}

/** The summaries of an environment's plans, by stack. */
export type Summaries = Readonly<Record<string, PlanSummary>>;

export function summaryOf({ resource_changes: changes = [] }: PlanJson): PlanSummary {
  return { changes: changes.flatMap(summarized) };
}

function summarized({ address, mode, change }: ResourceChange): SummarizedChange[] {
  if (mode !== "managed") return [];
  const isKept = change.actions.every((action) => ["no-op", "read"].includes(action));
  if (isKept && change.importing === undefined) return [];
  return [{ address, action: isKept ? "import" : change.actions.join("/"), digest: digestOf(change) }];
}

/**
 * What a plan does that was not reviewed, a line for each resource. It may do less than was reviewed: part of that
 * has then been done already.
 */
export function unreviewed(now: PlanSummary, reviewed: PlanSummary | undefined): string[] {
  const known = new Map(reviewed?.changes.map((change) => [change.address, change]));
  return now.changes.flatMap(({ address, action, digest }) => {
    const before = known.get(address);
    if (before === undefined) return [`${address}: ${action}, which was not reviewed`];
    if (before.action !== action) return [`${address}: ${action}, where ${before.action} was reviewed`];
    return before.digest === digest
      ? []
      : [`${address}: ${action} from or to other values than were reviewed`];
  });
}

/** Names a plan, or several. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
