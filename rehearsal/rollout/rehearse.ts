import { accessSync, constants, existsSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { openPathOf } from "../open-path";
import { versionNames } from "../split";
import { synthesize, withSynthesisOf } from "../synthesize";
import { counts, explainer, say } from "../terminal";
import { within } from "../terraform/applied-state";
import type { Configuration } from "../terraform/configuration";
import { announcementOf } from "./announcement";
import { byVersion, type Faults, type Given } from "./faults";
import { howBad, howBadTable, howBadText } from "./how-bad";
import { minutesOf } from "./minutes";
import { type PlannedShift, plannedShift } from "./planned-shift";
import { onPurpose, ShiftRehearsal } from "./played-shift";
import { plotText } from "./plot";
import { plotSvg } from "./plot-svg";
import { progressOf } from "./progress";
import { clockTime, counted, minute } from "./time";
import { lateAlarms, timelineOf, timelineTable } from "./timeline";
import { totalsOf, totalsText } from "./totals";
import { applyWithVersions, movedBy, shiftedStack } from "./versions";

export interface RehearseOptions {
  readonly stack: string;
  /** A commit that is applied first. @default - the new version runs the code of the stable one */
  readonly from?: string;
  /** Requests per second of the shift's time. */
  readonly rate: number;
  readonly seed: number;
  /** How many minutes metrics come late. */
  readonly lateMinutes: number;
  readonly fail: readonly Given[];
  readonly slow: readonly Given[];
  /** @default - the first open GET route without variables */
  readonly path?: string;
  /** A file for a picture. @default - none is written */
  readonly plot?: string;
  readonly json?: boolean;
  /** Asks beforehand instead of playing. */
  readonly howBad?: boolean;
  /** Shifts that are drawn for each row of the answer. */
  readonly draws: number;
}

/** One shift of CodeDeploy's, rehearsed and told on the terminal. */
export class Rehearse {
  private readonly shift: ShiftRehearsal;

  constructor(
    private readonly project: string,
    private readonly options: RehearseOptions,
  ) {
    const explain = explainer(versionNames(undefined));
    this.shift = new ShiftRehearsal({
      ...options,
      // What fails on purpose is told by the totals.
      onRequest: (record) => {
        if (record.reason?.includes(onPurpose) !== true) explain(record);
      },
    });
  }

  /** @returns whether the new version has come to serve everybody; a question is always answered */
  async start(): Promise<boolean> {
    try {
      if (this.options.plot !== undefined) checkIsWritable(this.options.plot);
      const configuration = this.prepare();
      const { rehearsal } = this.shift;
      // This may publish a version, at which the alarms are aimed.
      const moved = movedBy(rehearsal, configuration);
      const planned = plannedShift(rehearsal.blocks, moved);
      const { fail, slow } = this.options;
      const faults = {
        failing: byVersion("--fail", fail, planned),
        slow: byVersion("--slow", slow, planned),
      };
      const lines = announcementOf(planned, faults, {
        ...this.options,
        isSameCode: this.isSameCode(planned),
      });
      for (const [what, text] of lines) this.say(what, text);
      return this.options.howBad ? await this.ask(planned, faults) : await this.play(planned, faults);
    } finally {
      await this.shift.close();
    }
  }

  /** Synthesizes and applies, the earlier commit first. */
  private prepare(): Configuration {
    const { from, stack } = this.options;
    const { rehearsal } = this.shift;
    if (from !== undefined) {
      const summary = withSynthesisOf(this.project, from, (folder) =>
        within(from, () => applyWithVersions(rehearsal, shiftedStack(folder, stack))),
      );
      this.say("applied", `${stack} of ${from}: ${counts(summary)}`);
    }
    const folder = synthesize(this.project);
    const configuration = shiftedStack(folder, stack);
    const summary = applyWithVersions(rehearsal, configuration);
    this.say("synthesized", relative(this.project, join(folder, "stacks", stack, "cdk.tf.json")));
    this.say("applied", counts(summary));
    return configuration;
  }

  private async play(planned: PlannedShift, faults: Faults): Promise<boolean> {
    const { json, plot, stack } = this.options;
    const progress = progressOf(!json);
    const played = await this.shift.play(planned, faults, {
      path: this.options.path ?? openPathOf(this.shift.rehearsal.api),
      leadMs: leadOf(planned),
      onProgress: (atMs) => progress.show(`playing ${clockTime(atMs)}`),
    });
    progress.clear();
    const events = timelineOf(played, planned);
    const totals = totalsOf(played, planned);
    const isStopped = totals.result !== "shifted";
    const drawn = {
      minutes: minutesOf(played),
      shares: played.shares.map(({ at, percent }) => ({
        atMs: at.getTime() - played.startedAt.getTime(),
        percent,
      })),
      version: planned.to,
      stop: isStopped
        ? { atMs: totals.tookMs, text: `${totals.result} ${clockTime(totals.tookMs)}` }
        : undefined,
    };
    if (plot !== undefined) writeFileSync(plot, plotSvg(drawn, `${stack}: ${planned.from} to ${planned.to}`));
    if (json) {
      const { byVersion, ...numbers } = totals;
      const versions = Object.fromEntries(byVersion);
      this.print({ ...numbers, byVersion: versions, events, minutes: drawn.minutes }, planned);
    } else {
      const width = Math.min(process.stdout.columns ?? 80, 120);
      console.log(
        `\n${timelineTable(events, planned)}\n\n${totalsText(totals, planned, lateAlarms(played))}\n\n${plotText(drawn, width)}`,
      );
      if (plot !== undefined) console.log(`\nwrote        ${plot}`);
    }
    return !isStopped;
  }

  private async ask(planned: PlannedShift, faults: Faults): Promise<boolean> {
    const { rate, seed, lateMinutes, draws, json } = this.options;
    const progress = progressOf(!json);
    const rows = await howBad({
      planned,
      rate,
      faults,
      seed,
      lateMinutes,
      draws,
      leadMs: leadOf(planned),
      onProgress: (done, all) => progress.show(`drawn ${counted(done)} of ${counted(all)}`),
    });
    progress.clear();
    if (json) this.print({ draws, rows }, planned);
    else {
      console.log(`\n${howBadTable(rows, planned)}\n\n${howBadText(rows)}\n`);
      console.log(
        `${counted(draws)} shifts are drawn for each line, with CodeDeploy's schedule and polling and the alarms' evaluation.\n` +
          "Handlers and hooks are not called: a hook that asks the new version may stop it before any user.",
      );
    }
    return true;
  }

  private isSameCode({ functionName, from, to }: PlannedShift): boolean {
    const versions = this.shift.rehearsal.functions.get(functionName)?.versions;
    return versions?.get(from)?.codeDigest === versions?.get(to)?.codeDigest;
  }

  private say(what: string, text: string): void {
    if (!this.options.json) say(what, text);
  }

  private print(answer: object, { functionName, alias, from, to, group }: PlannedShift): void {
    const { stack, rate, seed } = this.options;
    const config = group.deploymentConfigName;
    console.log(
      JSON.stringify({ stack, functionName, alias, from, to, config, rate, seed, ...answer }, null, 2),
    );
  }
}

/** @throws where a file cannot be written: before anything is played */
function checkIsWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
    if (existsSync(file)) accessSync(file, constants.W_OK);
  } catch {
    throw new Error(`'--plot' cannot be written: ${file}`);
  }
}

/** Alarms look back: so long there is traffic before the shift, but for those that look back for more than an hour. */
function leadOf({ alarms }: PlannedShift): number {
  const minutes = alarms.map(({ evaluationPeriods, periodMinutes }) => evaluationPeriods * periodMinutes);
  return Math.min(60, Math.max(2, ...minutes)) * minute;
}
