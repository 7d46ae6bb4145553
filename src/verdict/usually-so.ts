import { Wagers } from "./wagers";

/** How likely the wagers think a minute to be of their kind: more than every second is. */
const likely = [0.6, 0.7, 0.8, 0.9, 0.98];

/**
 * Evidence that most minutes are of a kind, such as those in which the canary is slower. The claim that is tested: in
 * each minute, whatever came before, the chance of that kind is at most one half. It is the sign test as a bet (Shafer,
 * Vovk 2001; Robbins 1970): a wager on p multiplies its capital by p/0.5 or (1 - p)/0.5.
 */
export class UsuallySo {
  private readonly wagers: Wagers;

  /** @param restarts whether it also looks for a time since when it is so */
  constructor(restarts: boolean) {
    this.wagers = new Wagers(likely.length, restarts);
  }

  add(isSo: boolean): void {
    this.wagers.add(likely.map((p) => Math.log(2 * (isSo ? p : 1 - p))));
  }

  get logEvidence(): number {
    return this.wagers.logEvidence;
  }

  /** In how many minutes it would be found, where every minute is so. */
  minutesToFind(level: number): number {
    return this.wagers.minutesTo(
      level,
      likely.map((p) => Math.log(2 * p)),
    );
  }
}
