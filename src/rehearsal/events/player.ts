import type { LambdaService } from "../lambda/lambda-service";
import { batchAnswer, namesFailures } from "./batch-answer";
import type { Feed, PlayedEvent } from "./feed";

/** One invocation that was played. */
export interface PlayedInvocation {
  readonly feed: Feed;
  /** The version that ran, or was meant to. @default - it reached none */
  readonly version?: string;
  readonly records: number;
  /** Records that AWS would deliver again, or give up. */
  readonly failed: number;
  /** Whether the function failed, as far as Lambda's metric Errors sees. */
  readonly isError: boolean;
  /** Why records failed, or what else went wrong. @default - nothing did */
  readonly reason?: string;
  readonly latencyMs: number;
}

/** Invocations that run at once. */
const concurrency = 16;

/** Invokes the functions of a rehearsal as their triggers would, the feeds in turn. */
export class EventPlayer {
  private turn = 0;

  constructor(
    private readonly lambda: LambdaService,
    private readonly feeds: readonly Feed[],
  ) {}

  /**
   * Plays that many invocations.
   *
   * @param rate invocations per second. @default - as fast as they are done
   */
  async play(count: number, onPlayed: (played: PlayedInvocation) => void, rate?: number): Promise<void> {
    const startedAt = performance.now();
    let begun = 0;
    const lane = async () => {
      while (begun < count) {
        const due = rate === undefined ? 0 : startedAt + (begun * 1000) / rate - performance.now();
        begun++;
        if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
        onPlayed(await this.invoke());
      }
    };
    await Promise.all(Array.from({ length: Math.min(count, concurrency) }, lane));
  }

  private async invoke(): Promise<PlayedInvocation> {
    const feed = this.feeds[this.turn++ % this.feeds.length] as Feed;
    const played = feed.next();
    const { records } = played;
    const reached = this.lambda.reach(feed.target);
    const version = reached.functionVersion;
    if ("refused" in reached)
      return {
        feed,
        version,
        records,
        failed: records,
        isError: true,
        reason: reached.refused,
        latencyMs: 0,
      };
    const startedAt = performance.now();
    const outcome = await reached.invoke(played.event);
    if (outcome.ok) {
      const answered = answerOf(feed, played, outcome.answer);
      return { feed, version, records, isError: false, latencyMs: outcome.tookMs, ...answered };
    }
    const latencyMs = performance.now() - startedAt;
    return { feed, version, records, failed: records, isError: true, reason: outcome.error, latencyMs };
  }
}

function answerOf({ trigger }: Feed, { ids }: PlayedEvent, answer: unknown) {
  if (ids !== undefined) return batchAnswer(answer, ids, trigger?.kind !== "queue");
  const isBatch = trigger !== undefined && ["queue", "kinesis", "dynamodb"].includes(trigger.kind);
  if (!isBatch || !namesFailures(answer)) return { failed: 0 };
  const reason = "reports failed records, but 'reportFailures' is not set: to AWS the whole batch is done";
  return { failed: 0, reason };
}
