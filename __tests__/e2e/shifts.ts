import { setTimeout as sleep } from "node:timers/promises";
import type { VirtualClock } from "../../src/rehearsal/codedeploy/virtual-clock";
import type { Finished, Running } from "../support/command";
import type { DeployedProject } from "./deployed-project";

export const minute = 60_000;

/** Shifts of CodeDeploy's that the release command starts and follows, each in a process of its own. */
export class Shifts {
  /** Those that have not ended. */
  private readonly running = new Set<Running>();

  /**
   * @param service `<environment>/<service>`
   * @param clock CodeDeploy's time, which stands still but for `end`
   */
  constructor(
    private readonly project: DeployedProject,
    private readonly service: string,
    private readonly clock: VirtualClock,
  ) {}

  start(...options: string[]): Running {
    const shift = this.project.startRelease("rollout", this.service, "--yes", "--poll", "1", ...options);
    this.running.add(shift);
    shift.finished.then(() => this.running.delete(shift));
    return shift;
  }

  /** Waits until a shift has come somewhere. @throws when it has ended before */
  async until(shift: Running, isThere: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isThere())) {
      const ended = await Promise.race([shift.finished, sleep(250)]);
      if (ended) throw new Error(`the rollout has ended: ${ended.stdout}${ended.stderr}`);
    }
  }

  /** Lets CodeDeploy's time go on until a shift has ended. */
  async end(shift: Running): Promise<Finished> {
    for (;;) {
      const ended = await Promise.race([shift.finished, sleep(250)]);
      if (ended) return ended;
      await this.clock.advance(minute);
    }
  }

  /** Ends the processes, whatever they wait for. */
  kill(): void {
    for (const shift of this.running) shift.signal("SIGKILL");
  }
}
