import type { Advance } from "./advance";

/** A service in flight, and what was found of it. */
export interface Asked {
  /** `<environment>/<service>` */
  readonly name: string;
  readonly found: Advance;
}

/**
 * The services of a train that are in flight go on together or not at all, and where one of them is worse, all are to be
 * rolled back. What a person holds, or was stopped, stays as it is.
 */
export function together<A extends Asked>(asked: readonly A[]): A[] {
  const worse = asked.find(({ found }) => found.is === "worse");
  const behind = asked.find(({ found }) => found.is !== "goes on");
  return asked.map((one) => ({ ...one, found: foundWith(one.found, worse, behind) }));
}

function foundWith(found: Advance, worse: Asked | undefined, behind: Asked | undefined): Advance {
  if (worse !== undefined && ["goes on", "waits", "by hand"].includes(found.is))
    return { ...found, is: "worse", why: `${worse.name} of its train is ${worse.found.why}` };
  if (found.is !== "goes on" || behind === undefined) return found;
  const { is, why } = behind.found;
  return { ...found, is: "waits", why: `${behind.name} of its train does not go on (${is}: ${why})` };
}
