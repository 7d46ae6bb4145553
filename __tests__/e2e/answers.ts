/** Who answered how many requests: the version by its header, or the status. */
export async function answers(url: string, count: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let sent = 0; sent < count; sent++) {
    const response = await fetch(url);
    const who = response.ok ? (response.headers.get("x-version") ?? "nobody") : String(response.status);
    await response.arrayBuffer();
    counts[who] = (counts[who] ?? 0) + 1;
  }
  return counts;
}

/** Sends one request after another, until it is ended. */
export class Watch {
  private readonly counts: Record<string, number> = {};
  private ended = false;
  private readonly watching: Promise<void>;

  static of(url: string): Watch {
    return new Watch(url);
  }

  private constructor(url: string) {
    this.watching = this.watch(url);
  }

  /** Who answered, in the order of their first answers. */
  async end(): Promise<Record<string, number>> {
    this.ended = true;
    await this.watching;
    return this.counts;
  }

  private async watch(url: string): Promise<void> {
    while (!this.ended) {
      for (const [who, count] of Object.entries(await answers(url, 5))) {
        this.counts[who] = (this.counts[who] ?? 0) + count;
      }
    }
  }
}

/** Who answers, in the order of first answers, as long as an action takes. */
export async function answersDuring(url: string, action: () => Promise<unknown>): Promise<string[]> {
  const watch = Watch.of(url);
  await action().finally(() => watch.end());
  return Object.keys(await watch.end());
}
