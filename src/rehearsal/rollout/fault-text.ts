import { counted } from "../../release/counted";
import type { FailureKind, Faults, Onset } from "./faults";
import type { Subject } from "./subject";
import { clockTime, percentText } from "./time";

/** A fault, as it is told. */
export interface ToldFault {
  readonly what: "failing" | "slow";
  readonly version: string;
  /** Milliseconds since the start of the shift, or `-Infinity` for all along. */
  readonly fromMs: number;
  /** `5 % of the invocations of 2`, or `invocations of 2 by 200 ms` */
  readonly text: string;
}

const ways: Readonly<Record<FailureKind, string>> = {
  "500": "as answers of 500",
  throw: "as thrown errors",
  timeout: "as timeouts",
};

/**
 * Each fault, in the order of time for each version.
 *
 * @param varied the version whose share is asked for. @default - none
 */
export function toldFaults(
  { failing, slow }: Faults,
  { answers, kinds }: Pick<Subject, "answers" | "kinds">,
  varied?: string,
): ToldFault[] {
  const way = (kind: FailureKind) => (kind === kinds[0] ? "" : `, ${ways[kind]}`);
  return [
    ...told(
      "failing",
      failing,
      (version, { share, kind }) =>
        `${version === varied ? "the share of each line" : percentText(share * 100)} of the ${answers} of ${version}${way(kind)}`,
    ),
    ...told("slow", slow, (version, ms) => `${answers} of ${version} by ${counted(ms)} ms`),
  ];
}

/** `, from 20:00 on`, or nothing for what is all along. */
export function sinceText({ fromMs }: Pick<ToldFault, "fromMs">): string {
  return Number.isFinite(fromMs) ? `, from ${clockTime(fromMs)} on` : "";
}

/** What had not begun when a rehearsal ended, a line for each. */
export function notReached(told: readonly ToldFault[], endedAtMs: number): string[] {
  return told
    .filter(({ fromMs }) => fromMs > endedAtMs)
    .map(
      (fault) =>
        `Not played: ${fault.what} ${fault.text}${sinceText(fault)}. The rehearsal ended at ${clockTime(endedAtMs)}.`,
    );
}

/**
 * Faults as scripts are told of them: with `fromMs` where they begin later.
 *
 * @param varied the version whose share is asked for, which has no `percent`. @default - none
 */
export function faultFields(
  { failing, slow }: Faults,
  varied?: string,
): Readonly<Record<"failing" | "slow", readonly object[]>> {
  const fields = <T>(
    faults: ReadonlyMap<string, readonly Onset<T>[]>,
    of: (value: T, version: string) => object,
  ) =>
    [...faults].flatMap(([version, onsets]) =>
      onsets.map(({ fromMs, value }) => ({
        version,
        ...of(value, version),
        ...(Number.isFinite(fromMs) && { fromMs }),
      })),
    );
  return {
    failing: fields(failing, ({ share, kind }, version) => ({
      ...(version !== varied && { percent: Number((share * 100).toFixed(4)) }),
      kind,
    })),
    slow: fields(slow, (ms) => ({ ms })),
  };
}

function told<T>(
  what: ToldFault["what"],
  faults: ReadonlyMap<string, readonly Onset<T>[]>,
  textOf: (version: string, value: T) => string,
): ToldFault[] {
  return [...faults].flatMap(([version, onsets]) =>
    onsets.map(({ fromMs, value }) => ({ what, version, fromMs, text: textOf(version, value) })),
  );
}
