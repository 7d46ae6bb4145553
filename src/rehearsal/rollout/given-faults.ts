import { type Failing, type FailureKind, type Faults, failureKinds, type Onset } from "./faults";

/** A fault as users give it. */
export interface Given {
  /** `canary`, `stable` or a version. */
  readonly who: string;
  /** A share from 0 to 1 that fails, or milliseconds. @default - what fails is varied by the question how bad */
  readonly value?: number;
  /** @default - the first of those that the release has */
  readonly kind?: FailureKind;
  /** Milliseconds since the start of the shift. @default - all along */
  readonly fromMs?: number;
}

/** A CodeDeploy shift takes two days at most. */
const mostHours = 48;
const units = { s: 1000, m: 60_000, h: 3_600_000 };

/**
 * `canary=0.5%`, `canary=5%:timeout`, `canary=5%@20m` or, without a share, `canary:timeout@20m`.
 *
 * @throws on anything else
 */
export function parseFailing(text: string): Given {
  const [, who = "", percent, kind, start] =
    /^([^=:@]+)(?:=(\d+(?:\.\d+)?)%)?(?::([^@]*))?(?:@(.*))?$/.exec(text) ?? [];
  const isWhole = percent !== undefined || kind !== undefined || start !== undefined;
  if (!isWho(who) || !isWhole || Number(percent ?? 0) > 100) {
    throw new Error(
      "it must look like canary=5%: canary, stable or a version, and 0 to 100 %. " +
        "Behind it may stand how and from when on, such as canary=5%:timeout@20m",
    );
  }
  if (kind !== undefined && !isKind(kind)) {
    throw new Error(`it must have 500, throw or timeout behind the colon, got "${kind}"`);
  }
  return { who, value: percent === undefined ? undefined : Number(percent) / 100, kind, ...from(start) };
}

/** `canary=200` or `canary=200@20m`: milliseconds. @throws on anything else */
export function parseSlow(text: string): Given {
  const [, who = "", ms = "", start] = /^([^=]+)=(\d+(?:\.\d+)?)(?:ms)?(?:@(.*))?$/.exec(text) ?? [];
  if (!isWho(who) || !(ms !== "" && Number(ms) <= 900_000)) {
    throw new Error(
      "it must look like canary=200: canary, stable or a version, and 0 to 900000 ms. " +
        "Behind it may stand from when on, such as canary=200@20m",
    );
  }
  return { who, value: Number(ms), ...from(start) };
}

/** Who has a part in a release, and how its answers can fail. */
export interface Parts {
  readonly from: string;
  readonly to: string;
  /** The first is the default. */
  readonly kinds: readonly FailureKind[];
}

/** @throws on a version that has no part in the release, and on a kind of failure that it cannot have */
export function faultsOf(fail: readonly Given[], slow: readonly Given[], parts: Parts): Faults {
  return {
    failing: byVersion("--fail", fail, parts, (given) => failingOf(given, parts)),
    slow: byVersion("--slow", slow, parts, ({ value = 0 }) => value),
  };
}

/**
 * @param isAsked whether it is asked how bad the new version must be
 * @throws where a share is missing, or given although it is asked for
 */
export function checkShares(
  fail: readonly Given[],
  { from, to }: Omit<Parts, "kinds">,
  isAsked: boolean,
): void {
  for (const { who, value } of fail) {
    const isVaried = isAsked && (who === "canary" || (who === to && who !== from));
    if (isVaried && value !== undefined) {
      throw new Error(
        `'--fail' must not give canary (${to}) a share with --how-bad, which varies it: give how or from when on alone, such as canary@20m`,
      );
    }
    if (!isVaried && value === undefined) {
      throw new Error(
        `'--fail' must give ${who} a share, such as ${who}=5%: --how-bad varies that of canary alone`,
      );
    }
  }
}

function failingOf({ who, value, kind }: Given, { kinds }: Parts): Failing {
  const [first = "500"] = kinds;
  if (kind !== undefined && !kinds.includes(kind)) {
    throw new Error(`'--fail' must be ${kinds.join(" or ")} for this service, got "${kind}" for ${who}`);
  }
  // Without a share it is asked how bad: of the share that is put there.
  return { share: value ?? 0, kind: kind ?? first };
}

function byVersion<T>(
  option: string,
  given: readonly Given[],
  { from, to }: Parts,
  valueIn: (given: Given) => T,
): Map<string, Onset<T>[]> {
  const versions = new Map<string, Onset<T>[]>();
  for (const one of given) {
    const { who, fromMs = Number.NEGATIVE_INFINITY } = one;
    const version = { canary: to, stable: from }[who] ?? who;
    if (version !== from && version !== to) {
      throw new Error(
        `'${option}' must name canary (${to}), stable (${from}) or one of the two, got "${who}"`,
      );
    }
    versions.set(version, [...(versions.get(version) ?? []), { fromMs, value: valueIn(one) }]);
  }
  // The sort keeps the order of those that begin together: the last one counts.
  for (const onsets of versions.values()) onsets.sort((a, b) => compared(a.fromMs, b.fromMs));
  return versions;
}

/** Also where both are all along, whose difference is no number. */
function compared(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function from(start: string | undefined): Pick<Given, "fromMs"> {
  if (start === undefined) return {};
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smh])$/.exec(start) ?? [];
  const fromMs = Number(count) * units[unit as keyof typeof units];
  if (!(fromMs <= mostHours * units.h)) {
    throw new Error(`it must have a time such as @90s, @20m or @1h, at most ${mostHours} h, got "@${start}"`);
  }
  return { fromMs };
}

function isKind(text: string): text is FailureKind {
  return failureKinds.includes(text as FailureKind);
}

function isWho(text: string): boolean {
  return /^[a-z0-9.-]+$/.test(text);
}
