import { type FunctionAccess, grantsOf } from "../../release/functions/permission";
import type { Change, Continued } from "../change";
import { isContinued } from "../change";
import type { Finding } from "../finding";
import type { Side } from "../side";
import { versionText } from "../step";

/**
 * Where Lambda keeps the versions, they have one role: what changes of it reaches those that serve at once. What goes
 * from it together with new code is likely to be what only the former code needs.
 */
export function checkPermissions(change: Change): Finding[] {
  if (!isContinued(change)) return [];
  const step = change.steps.find(({ kind }) => kind === "permissions");
  if (step === undefined) return [];
  const { head, steps } = change;
  const taken = takenFrom(change);
  const bringsNext = steps.some(({ kind }) => kind === "code" || kind === "settings");
  const place = head.place(step.field);
  if (taken.length > 0 && bringsNext) {
    const message = `takes ${listed(taken)} from ${serving(change)} at once, because all versions have one role, and brings the next version: keep it in 'permissions' until no user has a version that needs it`;
    return [{ check: "permissions", place, message }];
  }
  const loss = taken.length > 0 ? `; it takes ${listed(taken)} from them` : "";
  const message = `reaches ${serving(change)} at once, because all versions have one role${loss}`;
  return [{ check: "permissions", place, message, isNote: true }];
}

function takenFrom({ base, head }: Continued): string[] {
  const after = new Set(allowed(head));
  return allowed(base).filter((one) => !after.has(one));
}

/** Each action on each resource, and each managed policy, of all functions. */
function allowed({ release }: Side): string[] {
  const functions = "functions" in release ? release.functions : [];
  return functions.flatMap(({ settings }: { readonly settings: FunctionAccess }) => [
    ...grantsOf(settings, {
      partition: "<partition>",
      region: "<region>",
      accountId: "<account-id>",
    }).flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => `${action} on ${resource}`)),
    ),
    ...(settings.managedPolicies ?? []),
  ]);
}

function listed([first = "", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** `version 1 (90 %) and version 2 (10 %)` */
function serving({ base }: Continued): string {
  const shares = [...base.traffic].filter(([, percent]) => percent > 0);
  return shares.map(([version, percent]) => `${versionText(version)} (${percent} %)`).join(" and ");
}
