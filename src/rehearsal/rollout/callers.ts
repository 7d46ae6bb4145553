import { isFailure, type Sent } from "../../traffic/sent-request";
import { TrafficClient } from "../../traffic/traffic";
import type { SceneUsers, ServedRequest } from "./scene";
import type { Answered } from "./traffic";

/** Requests whose responses are kept at the same time. */
const mostAtOnce = 5_000;

/** Users who send requests over HTTP, and what those who answer say of them. */
export class Callers implements SceneUsers {
  private readonly client: TrafficClient;
  private byVersion?: Map<string, { requests: number; failed: number }>;
  private unseen = 0;

  constructor(
    url: string,
    private readonly sent: Sent = {},
  ) {
    this.client = new TrafficClient(url, sent);
  }

  /** Counts a request, unless it is somebody else's, such as a hook's. */
  tally({ version = "(none)", status, isUnseen }: ServedRequest): void {
    if (this.byVersion === undefined) return;
    const before = this.byVersion.get(version) ?? { requests: 0, failed: 0 };
    const failed = before.failed + (isFailure(this.sent, status) ? 1 : 0);
    if (isUnseen) this.unseen++;
    this.byVersion.set(version, { requests: before.requests + 1, failed });
  }

  async send(requests: number): Promise<Answered> {
    const byVersion = new Map();
    this.byVersion = byVersion;
    this.unseen = 0;
    let failed = 0;
    for (let left = requests; left > 0; left -= mostAtOnce) {
      const responses = await this.client.send(Math.min(left, mostAtOnce));
      failed += responses.filter(({ status }) => isFailure(this.sent, status)).length;
    }
    this.byVersion = undefined;
    return { requests, failed, unseen: this.unseen, byVersion };
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
