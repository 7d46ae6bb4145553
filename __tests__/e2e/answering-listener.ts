import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServiceState } from "./ecs-service";

/**
 * Answers as the tasks behind a listener would, where the local AWS knows load balancers and tasks by name only:
 * with the task definition of those in the target group that the listener leads to, and with 503 where there are none.
 */
export class AnsweringListener {
  private readonly server: Server;
  /** Who has answered, in the order of first answers. */
  readonly answered = new Set<string>();

  constructor(listener: "production" | "test", state: () => Promise<ServiceState>) {
    this.server = createServer((_, response) => {
      state()
        .then((now) => {
          const who = tasksBehind(now, listener) ?? "503";
          this.answered.add(who);
          response.writeHead(who === "503" ? 503 : 200).end(who);
        })
        .catch(() => response.destroy());
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function tasksBehind(state: ServiceState, listener: "production" | "test"): string | undefined {
  const tasks = state.taskSets.map((one) => one.split(" "));
  return tasks.find(([, , group = ""]) => state[listener][group] === 100)?.[1];
}
