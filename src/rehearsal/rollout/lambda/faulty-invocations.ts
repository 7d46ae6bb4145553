import type { Invocations, Invoked, Outcome } from "../../lambda/invocation";
import type { Random } from "../../random";
import { type FailureKind, onPurpose, type PresentFaults } from "../faults";
import type { LambdaMetrics } from "./lambda-metrics";

export interface FaultyInvocationsOptions {
  /** Draws which of them fail. */
  readonly random: Random;
  readonly faults: () => PresentFaults;
  /** The version whose faults an invocation has. @returns nothing for one that has none */
  readonly versionOf: (invoked: Invoked) => string | undefined;
  /** Is told of each. */
  readonly metrics: LambdaMetrics;
}

/** Invocations of which some fail, or take longer, on purpose. */
export class FaultyInvocations implements Invocations {
  constructor(private readonly options: FaultyInvocationsOptions) {}

  async invoke(invoked: Invoked, timeoutMs: number, run: () => Promise<Outcome>): Promise<Outcome> {
    const version = this.options.versionOf(invoked);
    const ended = this.failed(version, timeoutMs) ?? (await run());
    const outcome = this.slowed(version, timeoutMs, ended);
    this.options.metrics.record(invoked, !outcome.ok, outcome.tookMs ?? 0);
    return outcome;
  }

  /** @returns nothing where the handler decides */
  private failed(version: string | undefined, timeoutMs: number): Outcome | undefined {
    const { faults, random } = this.options;
    const failing = version === undefined ? undefined : faults().failing(version);
    if (failing === undefined || random() >= failing.share) return undefined;
    return failedOutcome(failing.kind, timeoutMs);
  }

  private slowed(version: string | undefined, timeoutMs: number, outcome: Outcome): Outcome {
    const slowMs = version === undefined ? 0 : this.options.faults().slowMs(version);
    if (slowMs === 0) return outcome;
    const tookMs = (outcome.tookMs ?? 0) + slowMs;
    return tookMs < timeoutMs ? { ...outcome, tookMs } : failedOutcome("timeout", timeoutMs);
  }
}

/** How an invocation ends that fails on purpose. */
function failedOutcome(kind: FailureKind, timeoutMs: number): Outcome {
  if (kind === "throw") return { ok: false, error: onPurpose, tookMs: 0 };
  if (kind === "timeout") {
    const error = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds: ${onPurpose}`;
    return { ok: false, error, tookMs: timeoutMs };
  }
  const answer = { statusCode: 500, body: JSON.stringify({ message: onPurpose }) };
  return { ok: true, answer, bytes: Buffer.byteLength(JSON.stringify(answer)), tookMs: 0 };
}
