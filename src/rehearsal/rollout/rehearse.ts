import { accessSync, closeSync, constants, existsSync, openSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { counted } from "../../release/counted";
import { withSynthesisOf } from "../../synth/synthesize";
import { writeWhole } from "../../terminal/whole-file";
import type { SentRequest } from "../../traffic/sent-request";
import type { GivenEvents } from "../events/given-events";
import { versionNames } from "../split";
import { counts, explainer, passedOverLines, say } from "../terminal";
import { within } from "../terraform/applied-state";
import { type Configuration, readStack } from "../terraform/configuration";
import { announcementOf } from "./announcement";
import { faultFields, notReached, toldFaults } from "./fault-text";
import { type Faults, onPurpose } from "./faults";
import { checkShares, faultsOf, type Given } from "./given-faults";
import { howBad, howBadTable, howBadText } from "./how-bad";
import { lookBackMs } from "./metric-alarms";
import { minutesOf } from "./minutes";
import { type OperatorAction, waitMinutesOf } from "./operator";
import type { PlannedShift } from "./planned-shift";
import { platformOf } from "./platforms";
import { plotOf } from "./played-plot";
import { ShiftRehearsal } from "./played-shift";
import { plotText } from "./plot";
import { plotSvg } from "./plot-svg";
import { progressOf } from "./progress";
import { toldByCodeDeploy } from "./subject";
import { clockTime } from "./time";
import { lateAlarms, type TimelineEvent, timelineOf, timelineTable } from "./timeline";
import { totalsOf, totalsText } from "./totals";

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
  /** What was named on the command line. @default - nothing */
  readonly path?: string;
  /** @default - the first open GET route without variables */
  readonly request?: SentRequest;
  /** Events to play, where there is no API. @default - a sample of each trigger */
  readonly events?: GivenEvents;
  /** A file for a picture. @default - none is written */
  readonly plot?: string;
  readonly json?: boolean;
  /** What becomes of a deployment that waits. @default - the operator continues it */
  readonly operator?: OperatorAction;
  /** Minutes until then. @default 1 */
  readonly operatorAfter?: number;
  /** Asks beforehand instead of playing. */
  readonly howBad?: boolean;
  /** Shifts that are drawn for each row of the answer. */
  readonly draws: number;
}

/** One shift of CodeDeploy's, rehearsed and told on the terminal. */
export class Rehearse {
  constructor(
    private readonly project: string,
    /** Where the project was synthesized to. */
    private readonly output: string,
    private readonly options: RehearseOptions,
  ) {}

  /** @returns whether the new version has come to serve everybody; a question is always answered */
  async start(): Promise<boolean> {
    const { plot, stack, fail, slow, howBad, operatorAfter = 1 } = this.options;
    checkQuestion(this.options);
    if (plot !== undefined) checkIsWritable(plot);
    const explain = explainer(versionNames(undefined));
    const shift = new ShiftRehearsal(platformOf(this.output, stack), {
      ...this.options,
      project: this.project,
      operator: { action: this.options.operator ?? "continue", afterMinutes: operatorAfter },
      // What fails on purpose is told by the totals.
      onRequest: (record) => {
        if (record.reason?.includes(onPurpose) !== true) explain(record);
      },
    });
    try {
      const configuration = readStack(this.output, stack);
      this.prepare(shift, configuration);
      const planned = shift.scene.plan(configuration);
      this.checkOperator(planned);
      const faults = faultsOf(fail, slow, { ...planned, kinds: planned.subject.kinds });
      checkShares(fail, planned, howBad === true);
      const isSameCode = !howBad && shift.scene.isSameCode(planned);
      const runs = howBad ? undefined : shift.scene.runs?.();
      const lines = announcementOf(planned, faults, { ...this.options, isSameCode, runs });
      for (const [what, text] of lines) this.say(what, text);
      return howBad ? await this.ask(planned, faults) : await this.play(shift, planned, faults);
    } finally {
      await shift.close();
    }
  }

  /** Applies what was synthesized, and the earlier commit before it. */
  private prepare({ scene }: ShiftRehearsal, configuration: Configuration): void {
    const { from, stack } = this.options;
    if (from !== undefined) {
      const summary = withSynthesisOf(this.project, from, (folder, project) =>
        within(from, () => scene.apply(shiftedStack(folder, stack), project)),
      );
      this.say("applied", `${stack} of ${from}: ${counts(summary)}`);
    }
    const summary = scene.apply(configuration, this.project);
    this.say("synthesized", relative(this.project, join(configuration.folder, "cdk.tf.json")));
    this.say("applied", counts(summary));
    for (const [what, text] of passedOverLines(summary)) this.say(what, text);
  }

  private checkOperator(planned: PlannedShift): void {
    const { operator, operatorAfter, howBad } = this.options;
    if (howBad && operator !== undefined && operator !== "continue") {
      throw new Error(`'--operator' must be continue with --how-bad, got "${operator}"`);
    }
    if (waitMinutesOf(planned) !== undefined) return;
    const given = operator === undefined ? "--operator-after" : "--operator";
    if (operator !== undefined || operatorAfter !== undefined) {
      throw new Error(
        `'${given}' must not be given: ${planned.group.deploymentGroupName} does not wait for an operator`,
      );
    }
  }

  private async play(shift: ShiftRehearsal, planned: PlannedShift, faults: Faults): Promise<boolean> {
    const { json, plot, stack } = this.options;
    const progress = progressOf(!json);
    const played = await shift.play(planned, faults, {
      request: this.options.request ?? { path: shift.scene.openPath() },
      leadMs: lookBackMs(planned.alarms),
      onProgress: (atMs) => progress.show(`playing ${clockTime(atMs)}`),
    });
    progress.clear();
    const events = timelineOf(played, planned);
    const totals = totalsOf(played, planned);
    const told = toldFaults(faults, planned.subject);
    const isStopped = totals.result !== "shifted";
    const drawn = plotOf({ played, version: planned.to, told, stop: isStopped ? totals : undefined });
    if (plot !== undefined) writeWhole(plot, plotSvg(drawn, `${stack}: ${planned.from} to ${planned.to}`));
    if (json) {
      const { byVersion, ...numbers } = totals;
      const versions = Object.fromEntries(byVersion);
      const minutes = minutesOf(played);
      this.print({ ...faultFields(faults), ...numbers, byVersion: versions, events, minutes }, planned);
    } else {
      const width = Math.min(process.stdout.columns ?? 80, 120);
      const text = [totalsText(totals, planned, lateAlarms(played)), ...notReached(told, endOf(events))];
      console.log(`\n${timelineTable(events, planned)}\n\n${text.join("\n")}\n\n${plotText(drawn, width)}`);
      if (plot !== undefined) console.log(`\nwrote        ${plot}`);
    }
    return !isStopped;
  }

  private async ask(planned: PlannedShift, faults: Faults): Promise<boolean> {
    const { rate, seed, lateMinutes, draws, json, operatorAfter } = this.options;
    const progress = progressOf(!json);
    const rows = await howBad({
      planned,
      rate,
      faults,
      seed,
      lateMinutes,
      draws,
      leadMs: lookBackMs(planned.alarms),
      operatorAfterMinutes: operatorAfter,
      onProgress: (done, all) => progress.show(`drawn ${counted(done)} of ${counted(all)}`),
    });
    progress.clear();
    if (json) this.print({ ...faultFields(faults, planned.to), draws, rows }, planned);
    else {
      console.log(`\n${howBadTable(rows, planned)}\n\n${howBadText(rows)}\n`);
      console.log(
        "After: until the rollback. Failed: requests until then, or the end. Of each the\n" +
          `median, and what 9 of 10 shifts stay within. ${counted(draws, "shift")} ${draws === 1 ? "is" : "are"} drawn for each line,\n` +
          `with ${(planned.subject.told ?? toldByCodeDeploy).mover}'s schedule and polling and the alarms' evaluation.\n` +
          "Handlers and hooks are not called: a hook that asks the new version may stop it\n" +
          "before any user.",
      );
    }
    return true;
  }

  private say(what: string, text: string): void {
    if (!this.options.json) say(what, text);
  }

  private print(answer: object, { subject, from, to, group }: PlannedShift): void {
    const { stack, rate, seed } = this.options;
    const config = group.deploymentConfigName;
    console.log(
      JSON.stringify({ stack, ...subject.fields, from, to, config, rate, seed, ...answer }, null, 2),
    );
  }
}

/** When the rehearsal ended. */
function endOf(events: readonly TimelineEvent[]): number {
  return events.at(-1)?.atMs ?? 0;
}

/** A stack that has something for CodeDeploy to move. @throws where it has nothing */
function shiftedStack(outputFolder: string, stack: string): Configuration {
  platformOf(outputFolder, stack);
  return readStack(outputFolder, stack);
}

/** @throws on what a question has no use for, before anything is synthesized */
export function checkQuestion(options: Pick<RehearseOptions, "howBad" | "plot" | "path">): void {
  const given = (["plot", "path"] as const).find((name) => options[name] !== undefined);
  if (options.howBad && given !== undefined) {
    throw new Error(`'--${given}' must not be given with --how-bad, which plays no shift`);
  }
}

/** @throws where a file cannot be written: before anything is played */
export function checkIsWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
    if (existsSync(file)) closeSync(openSync(file, "r+"));
  } catch {
    throw new Error(`'--plot' cannot be written: ${file}`);
  }
}
