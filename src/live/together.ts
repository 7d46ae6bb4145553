import type { Sight } from "./sight";
import type { Trouble } from "./watch";

type Seen = Sight | Trouble;

/** A deployment of several that move together. */
export interface Followed {
  /** What it moves. */
  readonly part: string;
  readonly id: string;
  /** Follows a deployment of this part, and what rolls it back, to the end. */
  watch(deployment: string): AsyncGenerator<Seen>;
  /** Has it stopped and moved back. */
  stop(): Promise<void>;
  /** Has its part moved back after it has succeeded. @returns the deployment that does, or nothing where none is needed */
  takeBack(sight: Sight): Promise<string | undefined>;
}

/**
 * Follows deployments that move together. CodeDeploy knows nothing of that: where one does not succeed, the others are
 * stopped and moved back, and those that have succeeded are moved back by another deployment.
 *
 * @param missing parts that were to move too, and have no deployment
 */
export async function* watchTogether(
  all: readonly Followed[],
  missing: readonly string[],
): AsyncGenerator<Seen> {
  const streams = new Streams<{ readonly of: Followed; readonly seen: Seen }>();
  const succeeded = new Map<Followed, Sight>();
  const ended = new Set<Followed>();
  let isGivenUp = missing.length > 0;
  if (isGivenUp) yield { trouble: `${missing.join(" and ")} has no deployment: the others are stopped` };
  for (const one of all) streams.add(sightsOf(one, one.id));
  if (isGivenUp) await stopAll(all);
  for await (const { of: one, seen } of streams.merged()) {
    yield seen;
    if ("trouble" in seen || seen.id !== one.id || !seen.isOver || ended.has(one)) continue;
    ended.add(one);
    if (seen.status === "Succeeded") succeeded.set(one, seen);
    else if (!isGivenUp) {
      isGivenUp = true;
      await stopAll(all.filter((other) => !ended.has(other)));
    }
    if (!isGivenUp) continue;
    for (const [other, sight] of succeeded) {
      succeeded.delete(other);
      const back = await other.takeBack(sight);
      if (back === undefined) continue;
      yield { ...sight, rollbackId: back };
      streams.add(sightsOf(other, back, other.id));
    }
  }
}

/** @param rollsBack the deployment that this one takes back */
async function* sightsOf(of: Followed, id: string, rollsBack?: string) {
  for await (const seen of of.watch(id)) {
    if ("trouble" in seen) yield { of, seen };
    else yield { of, seen: { ...seen, part: of.part, rollsBack: seen.rollsBack ?? rollsBack } };
  }
}

/** Each is asked, also where another one could not be stopped. */
async function stopAll(all: readonly Followed[]): Promise<void> {
  const asked = await Promise.allSettled(all.map((one) => one.stop()));
  const failed = asked.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** Several generators as one, in the order in which they give something. Others may be added while it runs. */
class Streams<T> {
  private readonly next = new Map<AsyncGenerator<T>, Promise<Given<T>>>();

  add(stream: AsyncGenerator<T>): void {
    const next = given(stream);
    // Nobody may ask for it any more by the time that it fails.
    next.catch(() => {});
    this.next.set(stream, next);
  }

  async *merged(): AsyncGenerator<T> {
    while (this.next.size > 0) {
      const { stream, result } = await Promise.race(this.next.values());
      if (result.done === true) this.next.delete(stream);
      else {
        this.add(stream);
        yield result.value;
      }
    }
  }
}

interface Given<T> {
  readonly stream: AsyncGenerator<T>;
  readonly result: IteratorResult<T, unknown>;
}

async function given<T>(stream: AsyncGenerator<T>): Promise<Given<T>> {
  return { stream, result: await stream.next() };
}
