import { versionAlias } from "../pointer";
import type { AlarmScope } from "./alarm-scopes";

/** What alarms look at, and what their names begin with. */
export interface Watched {
  /** What the names of the alarms begin with. */
  readonly name: string;
  /** What they watch: the version on trial, all that an alias serves, or a target group. */
  readonly scope: AlarmScope;
}

/** A function that is one version's alone. */
export function watchedFunction(awsName: string): Watched {
  return { name: awsName, scope: "version" };
}

/** A version of a function that has an alias of its own. @param owner name of the function in AWS */
export function watchedVersion(owner: string, version: string): Watched {
  return { name: `${owner}-${versionAlias(version)}`, scope: "version" };
}

/**
 * An alias that serves every version, what it serves of the new one, or a target group.
 *
 * @param owner name of the function in AWS, or of the release of containers
 */
export function watchedScope(owner: string, scope: AlarmScope): Watched {
  return { name: `${owner}-${scope}`, scope };
}
