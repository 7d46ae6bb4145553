import type { NotKnown } from "../live/live-view";
import { Unable } from "../release/files/project";
import type { ServiceView } from "../watch/service-view";
import { Watched } from "./watched";

/** What AWS says of several services, each looked at as `watch` does. */
export class LiveServices {
  private readonly watched = new Map<string, Watched>();

  /**
   * Looks at each, one after the other. One whose file has problems is passed over until it has none.
   *
   * @throws {Unable} at its first look, where there are no credentials for its account
   */
  async look(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const watched = this.watched.get(name) ?? (await begun(name));
      if (watched === undefined) continue;
      await watched.look();
      this.watched.set(name, watched);
    }
  }

  of(name: string): ServiceView | NotKnown {
    const watched = this.watched.get(name);
    return watched?.view ?? { notKnown: watched?.trouble || "AWS was not asked yet" };
  }

  close(): void {
    for (const one of this.watched.values()) one.close();
  }
}

async function begun(name: string): Promise<Watched | undefined> {
  try {
    return await Watched.begin(name);
  } catch (error) {
    if (error instanceof Unable) return undefined;
    throw error;
  }
}
