import { counted } from "../../../release/counted";
import type { PlannedMoves } from "../../../release/files/rehearsed-moves";
import { withSynthesesOf, withSynthesisOf } from "../../../synth/synthesize";
import { writeWhole } from "../../../terminal/whole-file";
import { versionNames } from "../../split";
import { counts, explainer, passedOverLines, say } from "../../terminal";
import { within } from "../../terraform/applied-state";
import { type Configuration, readStack } from "../../terraform/configuration";
import { faultFields, notReached, toldFaults } from "../fault-text";
import { type FailureKind, type Faults, onPurpose } from "../faults";
import { checkShares, faultsOf } from "../given-faults";
import { howBadTable, howBadText, tryAll } from "../how-bad";
import { minutesOf } from "../minutes";
import { plotOf } from "../played-plot";
import { plotText } from "../plot";
import { plotSvg } from "../plot-svg";
import { progressOf } from "../progress";
import { checkIsWritable, checkQuestion, type RehearseOptions } from "../rehearse";
import { clockTime } from "../time";
import { lateAlarms, timelineTable } from "../timeline";
import { countsOf, totalsText } from "../totals";
import { Answerers } from "./answerers";
import { drawRelease } from "./drawn-release";
import type { PlannedRelease } from "./planned-release";
import { ReleaseRehearsal } from "./played-release";
import type { ReleaseScene } from "./release-scene";
import { reactionOf, releaseAnnouncement, releaseSentences } from "./release-text";
import { releaseTimeline } from "./release-timeline";
import { type Wakers, wakeSeconds } from "./woken-guard";

export interface RehearseReleaseOptions extends Omit<RehearseOptions, "operator" | "operatorAfter"> {
  /** `<environment>/<service>` */
  readonly service: string;
  /** How its answers can fail on purpose. The first is the default. */
  readonly kinds: readonly FailureKind[];
}

/** What is rehearsed: the plan, what wakes its guard, what fails, and the stack after each move. */
interface Planned {
  readonly planned: PlannedRelease;
  readonly wakers: Wakers;
  readonly faults: Faults;
  readonly stacks: readonly Configuration[];
}

/** The release of a version by its file's steps, rehearsed and told on the terminal. */
export class RehearseRelease {
  constructor(
    private readonly project: string,
    /** The release file, relative to the project. */
    private readonly path: string,
    private readonly moves: PlannedMoves,
    private readonly options: RehearseReleaseOptions,
  ) {}

  /** @returns whether the version has come to serve everybody; a question is always answered */
  async start(): Promise<boolean> {
    const { before, moves } = this.moves;
    const { plot, howBad } = this.options;
    checkQuestion(this.options);
    if (plot !== undefined) checkIsWritable(plot);
    const faults = this.faults();
    // A question needs the stack before the release, and the first in which the version has users.
    const texts = [before, ...moves.map(({ text }) => text).slice(0, howBad ? 1 : undefined)];
    const files = texts.map((text) => ({ path: this.path, text }));
    return withSynthesesOf(this.project, files, (folders) => this.rehearse(folders, faults));
  }

  /** @throws on what cannot fail so, before anything is synthesized */
  private faults(): Faults {
    const { fail, slow, howBad, kinds } = this.options;
    const faults = faultsOf(fail, slow, { ...this.moves, kinds });
    checkShares(fail, this.moves, howBad === true);
    return faults;
  }

  private async rehearse(folders: readonly string[], faults: Faults): Promise<boolean> {
    const { howBad } = this.options;
    const explain = explainer(versionNames(undefined));
    const release = new ReleaseRehearsal({
      ...this.options,
      // What fails on purpose is told by the totals.
      onRequest: (record) => {
        if (record.reason?.includes(onPurpose) !== true) explain(record);
      },
    });
    try {
      const planned = this.prepare(release.scene, folders, faults);
      return howBad ? await this.ask(release.scene, planned) : await this.play(release, planned);
    } finally {
      await release.close();
    }
  }

  /** Applies the stack before the release, and an earlier commit before it, and says what is to be rehearsed. */
  private prepare(scene: ReleaseScene, folders: readonly string[], faults: Faults): Planned {
    const { from, stack, service, rate, seed, lateMinutes, howBad } = this.options;
    if (from !== undefined) {
      const summary = withSynthesisOf(this.project, from, (folder) =>
        within(from, () => scene.apply(readStack(folder, stack))),
      );
      this.say("applied", `${stack} of ${from}: ${counts(summary)}`);
    }
    const [before, ...stacks] = scene.publish(folders.map((folder) => readStack(folder, stack)));
    const [first] = stacks;
    if (before === undefined || first === undefined) throw new Error("there is no move to rehearse");
    const summary = scene.apply(before);
    this.say("applied", counts(summary));
    for (const [what, text] of passedOverLines(summary)) this.say(what, text);
    const { before: _, ...moves } = this.moves;
    const { planned, wakers } = scene.plan(first, service, moves);
    const isSameCode = !howBad && scene.isSameCode(first);
    const announced = { rate, seed, lateMinutes, wakers, isSameCode, howBad };
    for (const [what, text] of releaseAnnouncement(planned, faults, announced)) this.say(what, text);
    return { planned, wakers, faults, stacks };
  }

  private async play(
    release: ReleaseRehearsal,
    { planned, wakers, faults, stacks }: Planned,
  ): Promise<boolean> {
    const { json, plot, service } = this.options;
    const { from, to, moves } = planned;
    const progress = progressOf(!json);
    const played = await release.play({
      planned,
      wakers,
      faults,
      stacks: new Map(moves.map((move, index) => [move, stacks[index] as Configuration])),
      request: this.options.request ?? { path: release.scene.openPath() },
      onProgress: (atMs) => progress.show(`playing ${clockTime(atMs)}`),
    });
    progress.clear();
    const events = releaseTimeline(played, planned);
    const totals = countsOf(played, planned);
    const told = toldFaults(faults, planned.subject);
    const { result } = totals;
    const isOver = result !== "released";
    const drawn = plotOf({ played, version: to, told, stop: isOver ? totals : undefined });
    if (plot !== undefined) writeWhole(plot, plotSvg(drawn, `${service}: ${from} to ${to}`));
    const sentences = [...releaseSentences(played, planned), ...notReached(told, events.at(-1)?.atMs ?? 0)];
    if (json) {
      const { byVersion, ...numbers } = totals;
      const { refused } = played.stale ?? {};
      const versions = Object.fromEntries(byVersion);
      const reaction = { ...reactionOf(played), staleApply: refused };
      const all = { ...faultFields(faults), ...numbers, ...reaction, byVersion: versions };
      this.print({ ...all, events, minutes: minutesOf(played) }, planned);
    } else {
      const width = Math.min(process.stdout.columns ?? 80, 120);
      const text = [totalsText(totals, planned, lateAlarms(played)), ...sentences].join("\n");
      console.log(`\n${timelineTable(events, planned)}\n\n${text}\n\n${plotText(drawn, width)}`);
      if (plot !== undefined) console.log(`\nwrote        ${plot}`);
    }
    return !isOver;
  }

  private async ask(scene: ReleaseScene, { planned, wakers, faults, stacks }: Planned): Promise<boolean> {
    const { rate, seed, lateMinutes, draws, json } = this.options;
    const answerers = new Answerers();
    const { path, method } = this.options.request ?? { path: scene.openPath() };
    answerers.add(scene.rehearsal, path, method);
    scene.apply(stacks[0] as Configuration);
    answerers.add(scene.rehearsal, path, method);
    const progress = progressOf(!json);
    const rows = await tryAll({
      planned,
      faults,
      seed,
      draws,
      draw: async (faults, random) =>
        countsOf(
          await drawRelease({ planned, answerers, wakers, rate, faults, random, lateMinutes }),
          planned,
        ),
      onProgress: (done, all) => progress.show(`drawn ${counted(done)} of ${counted(all)}`),
    });
    progress.clear();
    const isGuarded = planned.guarded !== undefined;
    const stopped = isGuarded ? "stopped" : "held";
    if (json) this.print({ ...faultFields(faults, planned.to), draws, guarded: isGuarded, rows }, planned);
    else {
      const text = howBadText(rows, { tried: "releases", stopped });
      console.log(`\n${howBadTable(rows, planned, stopped)}\n\n${text}\n`);
      console.log(
        (isGuarded
          ? `After: until the users moved back. Failed: requests until then, or the end. Of each the\nmedian, and what 9 of 10 releases stay within. `
          : `Held: a verb was refused while an alarm was in ALARM. No user moves back. After: until\nthen. Failed: requests until then, or the end. Of each the median, and what 9 of 10\nreleases stay within. `) +
          `${counted(draws, "release")} ${draws === 1 ? "is" : "are"} drawn for\neach line, with the file's steps${isGuarded ? ", the guard's decisions" : ""} and the alarms' evaluation.` +
          (isGuarded ? ` The guard looks\n${wakeSeconds} seconds after an alarm. That is assumed.` : "") +
          "\nHandlers are not called.",
      );
    }
    return true;
  }

  private say(what: string, text: string): void {
    if (!this.options.json) say(what, text);
  }

  private print(answer: object, { service, from, to, moves }: PlannedRelease): void {
    const { stack, rate, seed } = this.options;
    const steps = moves.map(({ verb, percent, atMinutes }) => ({ verb, percent, atMinutes }));
    console.log(JSON.stringify({ stack, service, from, to, steps, rate, seed, ...answer }, null, 2));
  }
}
