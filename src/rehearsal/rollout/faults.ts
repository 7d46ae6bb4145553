/** What is wrong with versions, on purpose. */
export interface Faults {
  /** By version: the share of its answers, from 0 to 1, that are errors. */
  readonly failing: ReadonlyMap<string, number>;
  /** By version: milliseconds that its answers take longer, as far as metrics see. */
  readonly slow: ReadonlyMap<string, number>;
}

export const noFaults: Faults = { failing: new Map(), slow: new Map() };

/** What an answer fails with that fails on purpose. */
export const onPurpose = "failed on purpose (--fail)";

/** A version as users name it, with a number. */
export interface Given {
  /** `canary`, `stable` or a version. */
  readonly who: string;
  readonly value: number;
}

/** `canary=0.5%`: a percent from 0 to 100. @throws on anything else */
export function parseFailing(text: string): Given {
  const [, who = "", percent = ""] = /^([^=]+)=(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (!isWho(who) || !(percent !== "" && Number(percent) <= 100)) {
    throw new Error("it must look like canary=5%: canary, stable or a version, and 0 to 100 %");
  }
  return { who, value: Number(percent) / 100 };
}

/** `canary=200`: milliseconds. @throws on anything else */
export function parseSlow(text: string): Given {
  const [, who = "", ms = ""] = /^([^=]+)=(\d+(?:\.\d+)?)(?:ms)?$/.exec(text) ?? [];
  if (!isWho(who) || !(ms !== "" && Number(ms) <= 900_000)) {
    throw new Error("it must look like canary=200: canary, stable or a version, and 0 to 900000 ms");
  }
  return { who, value: Number(ms) };
}

/** @throws on a version that has no part in the shift */
export function byVersion(
  option: string,
  given: readonly Given[],
  { from, to }: { readonly from: string; readonly to: string },
): Map<string, number> {
  const versions = new Map<string, number>();
  for (const { who, value } of given) {
    const version = { canary: to, stable: from }[who] ?? who;
    if (version !== from && version !== to) {
      throw new Error(
        `'${option}' must name canary (${to}), stable (${from}) or one of the two, got "${who}"`,
      );
    }
    versions.set(version, value);
  }
  return versions;
}

function isWho(text: string): boolean {
  return /^[a-z0-9.-]+$/.test(text);
}
