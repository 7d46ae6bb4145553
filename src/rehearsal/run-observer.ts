import type { ExpectedShare } from "../traffic/report";

/** A request that a rehearsal answered. */
export interface SeenRequest {
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  /** @default - it reached none */
  readonly version?: string;
  readonly status: number;
  readonly latencyMs: number;
}

/** Sees what a rehearsal does while it serves. */
export interface RunObserver {
  /** It serves. @param url of the stage that users call, with a slash at its end */
  serving(url: string): void;
  /** These shares are served from now on. */
  applied(expected: readonly ExpectedShare[]): void;
  /** Files have changed, and are synthesized. */
  changing(): void;
  /** They cannot be applied: what was there before keeps serving. */
  notApplied(why: string): void;
  answered(request: SeenRequest): void;
}
