import { VirtualClock } from "../codedeploy/virtual-clock";

/** A virtual clock that stands still as long as a hook's function runs, and not for an answer that no more can come. */
export class ShiftClock extends VirtualClock {
  /** @param idle waits until no function runs any more */
  constructor(private readonly idle: () => Promise<void>) {
    super();
  }

  override awaiting<T>(answer: Promise<T>): Promise<T> {
    this.during(Promise.race([answer, this.idle()]));
    return answer;
  }
}
