import type { Feed } from "../../events/feed";
import { EventPlayer } from "../../events/player";
import type { LambdaService } from "../../lambda/lambda-service";
import type { SceneUsers } from "../scene";
import type { Answered } from "../traffic";

/** Triggers and others that invoke an alias without an API: each of their invocations counts as a request. */
export class EventUsers implements SceneUsers {
  private readonly player: EventPlayer;

  /** @param onReason is told why records failed, but not of what fails on purpose */
  constructor(
    lambda: LambdaService,
    feeds: readonly Feed[],
    private readonly onReason: (line: string) => void,
  ) {
    this.player = new EventPlayer(lambda, feeds);
  }

  async send(requests: number): Promise<Answered> {
    const byVersion = new Map<string, { requests: number; failed: number }>();
    let [failed, unseen] = [0, 0];
    await this.player.play(requests, ({ feed, version = "(none)", failed: records, isError, reason }) => {
      const isFailed = records > 0;
      if (isFailed) failed++;
      if (isFailed && !isError) unseen++;
      const before = byVersion.get(version) ?? { requests: 0, failed: 0 };
      byVersion.set(version, { requests: before.requests + 1, failed: before.failed + (isFailed ? 1 : 0) });
      if (reason !== undefined) this.onReason(`[${version}] ${feed.name}: ${reason}`);
    });
    return { requests, failed, unseen, byVersion };
  }

  /** It knows of each itself. */
  tally(): void {}

  async close(): Promise<void> {}
}
