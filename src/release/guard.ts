import type { Environment } from "./environment/environment";
import type { DeployedFunction } from "./functions/deployed-function";
import { settingsWithDefaults } from "./functions/function-settings";
import { roleOf } from "./functions/role";
import type { FileAsGiven } from "./schema/release";
import { modelOf } from "./strategies/strategies";

/** How the guard watches a release. */
export interface GuardSettings {
  /** Kinds of alarms and names of `alarms.own` that it acts on. @default - all alarms of the release */
  readonly alarms?: readonly string[];
  /** How many minutes after a promotion an alarm still returns users to the former version, 0 to 10080. */
  readonly afterPromotionMinutes: number;
  /** Whether it also compares the canary with stable, as `lambda-release verdict` does. @default - it acts on alarms alone */
  readonly verdict?: boolean;
  /** ARNs of the SNS topics that it notifies of what it did. */
  readonly topics: readonly string[];
}

/**
 * The guard of a release: its file's, or its environment's where the strategy can have one.
 *
 * @returns nothing where neither asks for one
 */
export function guardOf(
  file: Pick<FileAsGiven, "strategy" | "guard">,
  environment: Pick<Environment, "guard">,
): GuardSettings | undefined {
  const { guard } = file;
  if (guard === false) return undefined;
  const isKnown = modelOf(file).fields.includes("guard");
  const settings = guard ?? (isKnown ? environment.guard : undefined);
  if (settings === undefined) return undefined;
  const alarms = settings.alarms ?? environment.guard?.alarms;
  const topics = settings.topics ?? environment.guard?.topics ?? [];
  const { verdict = environment.guard?.verdict, ...others } = settings;
  const compares = verdict === true && modelOf(file).fields.includes("verdict");
  return { ...others, ...(alarms !== undefined && { alarms }), ...(compares && { verdict }), topics };
}

/** Name of the guard's function in AWS. */
export function guardName(release: string): string {
  return `${release}-guard`;
}

/** The name of its role: no function, and so no function's role, has an underscore after that word. */
export function guardRoleName(release: string): string {
  return `Guard_${release}`;
}

/** What wakes a guard: alarms, and a schedule. */
export const guardWakers = ["alarms", "minutes"] as const;

/** Name of the EventBridge rule by which one of them wakes it. */
export function guardRuleName(release: string, waker: (typeof guardWakers)[number]): string {
  return `${guardName(release)}-${waker}`;
}

/** The alarms on a guard itself: it fails, Lambda throttles it, or nothing calls it any more. */
export const guardTroubles = ["errors", "throttles", "not-called"] as const;

/** Name of the alarm on one of them. */
export function guardAlarmName(release: string, trouble: (typeof guardTroubles)[number]): string {
  return `${guardName(release)}-${trouble}`;
}

/** Name of the queue with the events that it failed to handle. */
export function guardQueueName(release: string): string {
  return `${guardName(release)}-failed`;
}

/** The guard's function. Its code is this package's own, and beside it stands what it guards. */
export function guardFunction({
  name,
  environment,
}: {
  readonly name: string;
  readonly environment: Environment;
}): DeployedFunction {
  const awsName = guardName(name);
  return {
    awsName,
    ownName: awsName,
    role: roleOf(guardRoleName(name), environment),
    adopted: false,
    settings: settingsWithDefaults({ memoryMb: 256, timeoutSeconds: 60 }, {}, "node"),
    source: { folder: "", file: "index.js", handler: "index.handler", language: "node" },
  };
}
