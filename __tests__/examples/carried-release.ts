import { join } from "node:path";
import { EventPlayer, type PlayedInvocation } from "../../src/rehearsal/events/player";
import { feedsIn } from "../../src/rehearsal/events/rehearse-events";
import { seededRandom } from "../../src/rehearsal/random";
import { Rehearsal } from "../../src/rehearsal/rehearsal";
import type { ApplySummary } from "../../src/rehearsal/terraform/applied-state";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { ExampleProject } from "./example-project";

export interface Asked {
  /** `GET /orders/7` @default - an event is sent */
  readonly request?: string;
  /** Name of the trigger that sends a batch. */
  readonly event?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Name of the API key that is sent. @default - none is */
  readonly key?: string;
  /** Sent as JSON. Of an event the bodies of a batch. */
  readonly body?: object;
}

/** A status, and a body as JSON; or how many records failed, and whether the function did. */
export type Answer = readonly [number, unknown];

/** A service that is carried through a release by the verbs of the command, each rehearsed. */
export class CarriedRelease {
  /** What its functions printed. */
  readonly logs: string[] = [];
  /** The folder of its stack, as it was applied last. */
  stackFolder = "";
  private readonly rehearsal: Rehearsal;
  private url = "";

  private constructor(readonly project: ExampleProject) {
    this.rehearsal = new Rehearsal({
      random: seededRandom(1),
      onRequest: () => {},
      onLog: (_, line) => this.logs.push(line),
    });
  }

  /** Its first version is there, and serves everybody. */
  static async of(service: string): Promise<CarriedRelease> {
    const carried = new CarriedRelease(new ExampleProject(service));
    await carried.deploy();
    carried.url = await carried.rehearsal.listen();
    return carried;
  }

  /** Synthesizes the project, and applies the service's stack. */
  async deploy(): Promise<ApplySummary> {
    this.stackFolder = await this.project.synthesize();
    return this.rehearsal.apply(readConfiguration(join(this.stackFolder, "cdk.tf.json")));
  }

  async ask(asked: Asked): Promise<Answer> {
    return asked.event === undefined ? this.request(asked) : this.send(asked.event, asked.body);
  }

  private async request({ request = "", headers, key, body }: Asked): Promise<Answer> {
    const [method, path] = request.split(" ");
    const response = await fetch(`${this.url}/dev${path}`, {
      method,
      headers: {
        ...(body && { "content-type": "application/json" }),
        ...(key && { "x-api-key": this.valueOf(key) }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    return [response.status, await response.json()];
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

  private valueOf(key: string): string {
    const plans = this.rehearsal.api.stages.flatMap(({ usagePlans }) => usagePlans);
    const name = `${this.project.service}-dev-${key}`;
    const found = plans.flatMap(({ keys }) => keys).find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no API key ${key}`);
    return found.value;
  }
}
