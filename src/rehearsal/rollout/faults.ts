/** How a request fails on purpose: with an answer of 500, a thrown error, or no answer until the timeout. */
export const failureKinds = ["500", "throw", "timeout"] as const;
export type FailureKind = (typeof failureKinds)[number];

/** How many of a version's answers fail, and how. */
export interface Failing {
  /** From 0 to 1. */
  readonly share: number;
  readonly kind: FailureKind;
}

/** What holds for a version from a moment on, until the next one. */
export interface Onset<T> {
  /** Milliseconds since the start of the shift, or `-Infinity` for all along. */
  readonly fromMs: number;
  readonly value: T;
}

/** What is wrong with versions, on purpose: by version, in the order of time. */
export interface Faults {
  readonly failing: ReadonlyMap<string, readonly Onset<Failing>[]>;
  /** Milliseconds that answers take longer, as far as metrics see. */
  readonly slow: ReadonlyMap<string, readonly Onset<number>[]>;
}

export const noFaults: Faults = { failing: new Map(), slow: new Map() };

/** What an answer fails with that fails on purpose. */
export const onPurpose = "failed on purpose (--fail)";

/** The faults at this moment of a shift. */
export class PresentFaults {
  /** @param atMs milliseconds since the start of the shift. @default - the end of it */
  constructor(
    private readonly faults: Faults,
    private readonly atMs: () => number = () => Number.POSITIVE_INFINITY,
  ) {}

  /** @returns nothing where no answer fails on purpose */
  failing(version: string): Failing | undefined {
    const failing = this.present(this.faults.failing.get(version));
    return failing === undefined || failing.share === 0 ? undefined : failing;
  }

  slowMs(version: string): number {
    return this.present(this.faults.slow.get(version)) ?? 0;
  }

  /** Requests are sent late: those that are sent in the moment of an onset are from before it. */
  private present<T>(onsets: readonly Onset<T>[] = []): T | undefined {
    const atMs = this.atMs();
    return onsets.findLast(({ fromMs }) => fromMs < atMs)?.value;
  }
}

/** When faults begin or change, in the order of time: milliseconds since the start of the shift. */
export function onsetsOf({ failing, slow }: Faults, versions?: readonly string[]): number[] {
  const moments = [...failing, ...slow]
    .filter(([version]) => versions?.includes(version) ?? true)
    .flatMap(([, onsets]) => onsets.map(({ fromMs }) => fromMs));
  return [...new Set(moments)].filter(Number.isFinite).sort((a, b) => a - b);
}
