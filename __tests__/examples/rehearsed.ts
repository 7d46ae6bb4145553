import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EventPlayer, type PlayedInvocation } from "../../src/rehearsal/events/player";
import { feedsIn } from "../../src/rehearsal/events/rehearse-events";
import { seededRandom } from "../../src/rehearsal/random";
import { Rehearsal } from "../../src/rehearsal/rehearsal";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { answerTo, type Counts, type Place } from "./carry";
import type { ExampleProject } from "./example-project";
import type { Answer, Asked } from "./shapes";

/** A rehearsal of a service: real HTTP, or the events of its triggers. */
export class Rehearsed implements Place {
  readonly isSeeded = true;
  /** What its functions printed. */
  readonly logs: string[] = [];
  /** The stack that was applied last. */
  stack: { readonly resource: Record<string, Record<string, { readonly policy: string }>> } = {
    resource: {},
  };
  private readonly rehearsal = new Rehearsal({
    random: seededRandom(1),
    onRequest: () => {},
    onLog: (_, line) => this.logs.push(line),
  });
  private url?: Promise<string>;

  async apply({ stackFolder }: ExampleProject): Promise<Counts> {
    const file = join(stackFolder, "cdk.tf.json");
    this.stack = JSON.parse(readFileSync(file, "utf8"));
    const { added, changed, destroyed } = await this.rehearsal.apply(readConfiguration(file));
    return [added.length, changed.length, destroyed.length];
  }

  async ask(asked: Asked): Promise<Answer> {
    return asked.event === undefined ? this.request(asked) : this.send(asked.event, asked.body);
  }

  private async request(asked: Asked): Promise<Answer> {
    this.url ??= this.rehearsal.listen();
    const [{ name = "" } = {}] = this.rehearsal.api.stages;
    return answerTo(asked, `${await this.url}/${name}`, (key) => this.valueOf(key));
  }

  /** Sends one batch through the alias, as the trigger does. */
  private async send(trigger: string, bodies: object = []): Promise<Answer> {
    const events = [bodies].flat().map((body) => ({ trigger, body, count: 1 }));
    const feeds = feedsIn(this.rehearsal, { path: "events.json", events });
    const played: PlayedInvocation[] = [];
    await new EventPlayer(this.rehearsal.lambda, feeds).play(1, (one) => played.push(one));
    const [{ failed, isError }] = played as [PlayedInvocation];
    return [failed, isError];
  }

  close(): Promise<void> {
    return this.rehearsal.close();
  }

  /** The value of an API key of the stack. */
  private valueOf(key: string): string {
    const plans = this.rehearsal.api.stages.flatMap(({ usagePlans }) => usagePlans);
    const found = plans.flatMap(({ keys }) => keys).find(({ name }) => name.endsWith(`-dev-${key}`));
    if (found === undefined) throw new Error(`there is no API key ${key}`);
    return found.value;
  }
}
