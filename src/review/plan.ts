import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { constructIds as ids } from "../release/construct-ids";
import { noStops, readStops, type Stop } from "../release/steps/stops";
import { cannotReview } from "./cannot-review";
import { type Part, partOf } from "./part";

export type Values = Readonly<Record<string, unknown>>;

/** What a plan does to one resource. */
export type Action = "create" | "update" | "delete" | "replace" | "import" | "forget" | "none";

/** One resource of a plan, also one that stays as it is. */
export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  /** What it is in its stack. */
  readonly part: Part;
  readonly action: Action;
  /** Whether it is taken over from what was there. */
  readonly isImported: boolean;
  /** @default - it is not there */
  readonly before?: Values;
  /** Without what only AWS knows. @default - it goes */
  readonly after?: Values;
  /** The arguments that change, also to what only AWS knows. */
  readonly changed: readonly Argument[];
  /** The arguments for which it is replaced. */
  readonly replacedFor: readonly string[];
}

export interface Argument {
  readonly name: string;
  /** Whether only AWS knows what it becomes. */
  readonly isUnknown: boolean;
}

/** What one `terraform show -json` tells of a service's stack. */
export interface Plan {
  /** Where it was read from. */
  readonly source: string;
  /** `<service>-<environment>` */
  readonly stack: string;
  readonly resources: readonly PlannedResource[];
  /** What Terraform found in AWS to be other than its last apply left it. */
  readonly drifted: readonly PlannedResource[];
  /** What the guard or an emergency has stopped, the latest first, as the plan read it. @default - it read nothing */
  readonly stops?: readonly Stop[];
}

interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly mode: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: Values | null;
    readonly after?: Values | null;
    readonly after_unknown?: Values;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: unknown;
  };
}

interface PlanJson {
  readonly format_version?: unknown;
  readonly errored?: boolean;
  readonly complete?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
  readonly prior_state?: {
    readonly values?: { readonly root_module?: { readonly resources?: readonly ReadResource[] } };
  };
}

interface ReadResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly values?: Values;
}

/** @throws CannotReview where it is no whole plan of a service's stack */
export function readPlan(source: string): Plan {
  const json = parse(source);
  const version = String(json.format_version ?? "none");
  if (!/^1\.\d+$/.test(version)) {
    cannotReview(
      `${source} must be what 'terraform show -json' prints of a plan, of format 1, got format ${version}`,
    );
  }
  if (json.resource_changes === undefined) cannotReview(`${source} must be a plan, but is a state`);
  if (json.errored === true) cannotReview(`${source} must be a plan that was made without errors`);
  if (json.complete === false) {
    cannotReview(`${source} must be a plan of the whole stack, made without '-target' and deferred changes`);
  }
  const resources = planned(json.resource_changes);
  const stack = stackOf(resources);
  if (typeof stack !== "string")
    cannotReview(
      `${source} must be a plan of a service's stack, but has no REST API, load balancer or function of a service`,
    );
  return { source, stack, resources, drifted: planned(json.resource_drift ?? []), stops: stopsRead(json) };
}

/** Terraform reads the parameter of stops as a data source. */
function stopsRead({ prior_state }: PlanJson): readonly Stop[] {
  const parameter = (prior_state?.values?.root_module?.resources ?? []).find(
    ({ mode, type, address }) =>
      mode === "data" && type === "aws_ssm_parameter" && address.startsWith(`data.${type}.${ids.stops}_`),
  );
  return readStops(String(parameter?.values?.["insecure_value"] ?? noStops));
}

/** What users call is named as the stack, and where there is no API, the function is. */
function stackOf(resources: readonly PlannedResource[]): unknown {
  const entrance = resources.find(({ part }) => part.of === "api" || part.of === "load balancer");
  const lambda = resources.find(({ part, type }) => part.of === "function" && type === "aws_lambda_function");
  const named = [entrance, lambda].flatMap((one) => [one?.after, one?.before]);
  return named
    .map((values) => values?.["name"] ?? values?.["function_name"])
    .find((name) => name !== undefined);
}

function parse(source: string): PlanJson {
  try {
    const json: unknown = JSON.parse(readFileSync(source, "utf8"));
    return (json ?? {}) as PlanJson;
  } catch (error) {
    const isUnreadable = (error as NodeJS.ErrnoException).code !== undefined;
    cannotReview(
      isUnreadable
        ? `${source} must exist and be readable`
        : `${source} must be JSON, as 'terraform show -json <plan>' prints it`,
    );
  }
}

function planned(changes: readonly ResourceChange[]): PlannedResource[] {
  return changes
    .filter(({ mode }) => mode === "managed")
    .map(({ address, type, change }) => ({
      address,
      type,
      part: partOf(address),
      action: actionOf(type, change),
      isImported: change.importing !== undefined,
      before: change.before ?? undefined,
      after: change.after ?? undefined,
      changed: changedArguments(change),
      replacedFor: (change.replace_paths ?? []).map((path) => path.join(".")),
    }));
}

function actionOf(type: string, { actions, importing }: ResourceChange["change"]): Action {
  // Terraform plans each put of a definition as a replacement, though nothing is deleted: the API changes in place.
  if (actions.length > 1) return type === "aws_api_gateway_rest_api_put" ? "update" : "replace";
  const [action] = actions;
  if (action === "create" || action === "update" || action === "delete" || action === "forget") return action;
  return importing === undefined ? "none" : "import";
}

function changedArguments({ before, after, after_unknown = {} }: ResourceChange["change"]): Argument[] {
  const names = new Set([before ?? {}, after ?? {}, after_unknown].flatMap((one) => Object.keys(one)));
  return [...names].sort().flatMap((name) => {
    const isUnknown = hasUnknown(after_unknown[name]);
    if (!isUnknown && isDeepStrictEqual(before?.[name], after?.[name])) return [];
    return [{ name, isUnknown }];
  });
}

/** Whether a part of a value is known to AWS alone, by what a plan says of that. */
export function hasUnknown(value: unknown): boolean {
  if (value === null || typeof value !== "object") return value === true;
  return Object.values(value).some(hasUnknown);
}
