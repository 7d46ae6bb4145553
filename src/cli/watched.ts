import { setTimeout as pause } from "node:timers/promises";
import type { AwsError } from "../live/aws-error";
import type { LiveView, Seen } from "../live/live-view";
import { type ReadRelease, readRelease, Unable } from "../release/files/project";
import { hasUnicode } from "../terminal/sparkline";
import type { ServiceView } from "../watch/service-view";
import type { RolloutView } from "./rollout-view";
import { besideLines } from "./service-text";
import { suggestions } from "./suggestions";

/** A service that is looked at again and again, by its file as it is each time. */
export class Watched {
  /** @default - AWS has not answered yet */
  view?: ServiceView;
  /** Why there is no view yet. */
  trouble = "";

  private constructor(
    readonly name: string,
    private read: ReadRelease,
    private readonly live: LiveView,
    private readonly passes: (error: AwsError) => boolean,
    private readonly viewOf: typeof import("../watch/service-view.js")["serviceView"],
  ) {}

  static async begin(service: string): Promise<Watched> {
    const read = readRelease(service);
    const { LiveView, passes } = await import("../live/live-view.js");
    const { serviceView } = await import("../watch/service-view.js");
    return new Watched(read.name, read, new LiveView(), passes, serviceView);
  }

  /** @returns whether AWS has answered all */
  async look(): Promise<boolean> {
    const fileTrouble = this.readAnew();
    const now = new Date();
    try {
      const seen = await this.live.look(this.read, now);
      this.view = this.viewed(seen, fileTrouble, now);
      return seen.troubles.length === 0;
    } catch (error) {
      const { AwsError } = await import("../live/aws-error.js");
      if (!(error instanceof AwsError)) throw error;
      if (this.view === undefined && !this.passes(error)) throw Unable.causedBy(error, error.message);
      this.live.close();
      this.trouble = error.message;
      if (this.view !== undefined) this.view = { ...this.view, troubles: [error.message, ...fileTrouble] };
      return false;
    }
  }

  close(): void {
    this.live.close();
  }

  /** A file that has a problem meanwhile is told, and what it said before goes on. */
  private readAnew(): readonly string[] {
    try {
      this.read = readRelease(this.name);
      return [];
    } catch (error) {
      return (error as Error).message.split("\n").slice(0, 1);
    }
  }

  private viewed(seen: Seen, fileTrouble: readonly string[], now: Date): ServiceView {
    const next = suggestions(this.read.release, now, seen.share);
    const troubles = [...seen.troubles, ...fileTrouble];
    return this.viewOf(this.read, { ...seen, troubles }, next, now);
  }
}

/** Seconds between two looks at what is shown beside a shift. */
const pollBeside = 15;

/** Shows beside a shift what its versions do, until it ends. Whatever keeps it from that, the shift is followed. */
export function showBeside(read: ReadRelease, view: RolloutView, signal: AbortSignal): void {
  const [isUnicode, output] = [hasUnicode(), process.stdout];
  const show = async () => {
    const watched = await Watched.begin(read.name);
    try {
      while (!signal.aborted) {
        await watched.look();
        const { view: seen } = watched;
        if (signal.aborted) return;
        if (seen !== undefined)
          view.showBeside((width) => besideLines(seen, { width, isUnicode, output, poll: pollBeside }));
        await pause(pollBeside * 1000, undefined, { signal });
      }
    } finally {
      watched.close();
    }
  };
  show().catch(() => {});
}
