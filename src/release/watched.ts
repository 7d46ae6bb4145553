import { versionAlias } from "./pointer";
import type { AlarmScope } from "./schema/alarms";

/** What alarms look at, and what their names begin with. */
export interface Watched {
  readonly name: string;
  readonly scope: AlarmScope;
}

/** A function that is one version's alone. */
export function watchedFunction(awsName: string): Watched {
  return { name: awsName, scope: "version" };
}

/** A version that has an alias of its own. */
export function watchedVersion(release: string, version: string): Watched {
  return { name: `${release}-${versionAlias(version)}`, scope: "version" };
}

/** An alias that serves every version, what it serves of the new one, or a target group. */
export function watchedScope(release: string, scope: AlarmScope): Watched {
  return { name: `${release}-${scope}`, scope };
}
