/** Who answered how many requests: the version by its header, or the status. */
export type Answers = Record<string, number>;

export async function answers(url: string, count: number, counts: Answers = {}): Promise<Answers> {
  for (let sent = 0; sent < count; sent++) {
    const response = await fetch(url);
    const who = response.ok ? (response.headers.get("x-version") ?? "nobody") : String(response.status);
    await response.arrayBuffer();
    counts[who] = (counts[who] ?? 0) + 1;
  }
  return counts;
}

/** Who answers, in the order of first answers, as long as an action takes. */
export async function answersDuring(url: string, action: () => Promise<unknown>): Promise<string[]> {
  const counts: Answers = {};
  let running = true;
  const watching = (async () => {
    while (running) await answers(url, 1, counts);
  })();
  try {
    await action();
  } finally {
    running = false;
    await watching;
  }
  return Object.keys(counts);
}
