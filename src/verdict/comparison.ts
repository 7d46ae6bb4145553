import type { ShareMinute } from "./share-minute";

export type Answer = "as good" | "worse" | "not enough yet";

/** The evidence that an answer needs. */
export interface Levels {
  readonly worse: number;
  readonly asGood: number;
}

/** Larger evidence is given as this: JSON has no infinity. */
const mostEvidence = 1e9;

export function evidenceOf(logarithm: number): number {
  return Math.min(mostEvidence, Number(Math.exp(logarithm).toPrecision(3)));
}

/** What was found of one thing that is compared. */
export interface Comparison {
  /** `failed answers`, `p95`, or the name of a metric. */
  readonly name: string;
  /** What `stable` and `canary` are: shares from 0 to 1, or values of the metric. */
  readonly unit: "share" | "value";
  readonly answer: Answer;
  /** Where the canary is worse: in the minutes that speak against it. @default - no minute has a value */
  readonly stable?: number;
  readonly canary?: number;
  /** What the shares are of. @default - it is no share */
  readonly of?: ShareMinute;
  /** Of how many minutes with a value of both, in how many the canary was worse by what matters. @default - a share */
  readonly minutes?: { readonly compared: number; readonly worse: number };
  /** The strongest evidence of each answer up to now; 1 is none. By chance it reaches x with a chance of 1/x at most. */
  readonly evidence: { readonly worse: number; readonly asGood: number };
  readonly needed: { readonly worse: number; readonly asGood: number };
  /** The smallest difference that matters, and in how many minutes it would be found. @default - there is an answer */
  readonly seen?: { readonly stable: number; readonly canary: number; readonly minutes?: number };
  /** In how many minutes a canary that is like stable is expected to be found so. @default - unknown */
  readonly minutesToAsGood?: number;
  /** Why it is not compared, and does not count. @default - it is compared */
  readonly leftOut?: string;
}
