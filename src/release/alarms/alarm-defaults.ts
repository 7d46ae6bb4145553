import { alarms } from "../schema/alarms";
import { defaultLeastRequests } from "../schema/answers";
import type { AlarmsInFile, FileAsGiven } from "../schema/release";
import { modelOf, shiftsByItself } from "../strategies/strategies";
import type { AlarmScope, AnswersScope } from "./alarm-scopes";

type Complete<T, Scope = AlarmScope> = T & {
  readonly datapointsToAlarm: number;
  readonly on: readonly Scope[];
};

/** The `alarms` of a file with what depends on its strategy, and on other fields of theirs. */
export interface AlarmsWithDefaults {
  /** The alarm on Lambda's errors, or `false` for none. */
  readonly errors: false | Complete<Exclude<AlarmsInFile["errors"], false>>;
  readonly latency?: Complete<NonNullable<AlarmsInFile["latency"]>>;
  readonly answers?: Complete<NonNullable<AlarmsInFile["answers"]>, AnswersScope>;
  /** Names of alarms that the stack does not create. */
  readonly own: readonly string[];
}

/**
 * @param isGuarded whether a guard acts on them: it needs some if the file has none
 * @returns nothing where the file asks for no alarms, and nothing needs them
 */
export function alarmsWithDefaults(
  file: Pick<FileAsGiven, "strategy" | "alarms" | "api" | "stage">,
  { isGuarded }: { readonly isGuarded: boolean },
): AlarmsWithDefaults | undefined {
  const model = modelOf(file);
  const { alarmScopes, answersScopes } = model;
  // Most handlers that fail answer 500 themselves, which is no error to Lambda.
  const hasAnswers = file.api !== false && file.stage.accessLogs;
  const ofGuard = isGuarded ? alarms.parse(hasAnswers ? { answers: {} } : {}) : undefined;
  const given = file.alarms ?? ofGuard ?? (shiftsByItself(model) ? alarms.parse({}) : undefined);
  if (given === undefined) return undefined;
  const complete = <T extends Partial<Complete<unknown, S>> & { readonly evaluationPeriods: number }, S>(
    metric: T,
    scopes: readonly S[],
  ): Complete<T, S> => ({
    ...metric,
    datapointsToAlarm: metric.datapointsToAlarm ?? metric.evaluationPeriods,
    on: metric.on ?? scopes,
  });
  const { errors, latency, answers, own } = given;
  return {
    errors: errors && complete(errors, alarmScopes),
    latency: latency && complete(latency, alarmScopes),
    answers:
      answers && complete({ ...answers, ...limitInFile(answers) }, defaultAnswers(answersScopes, isGuarded)),
    own,
  };
}

/**
 * The version on trial is the first, where the strategy tells its answers apart. A guard needs an alarm on what users
 * get after a promotion too, when nobody is on trial.
 */
function defaultAnswers(scopes: readonly AnswersScope[], isGuarded: boolean): readonly AnswersScope[] {
  return isGuarded ? scopes : scopes.slice(0, 1);
}

/** What is too much, as a file says it. */
export type LimitInFile = Pick<
  NonNullable<AlarmsInFile["answers"]>,
  "threshold" | "percent" | "pointsAboveStable" | "leastRequests"
>;

/** What is too much, with its defaults. */
function limitInFile({ threshold, percent, pointsAboveStable, leastRequests }: LimitInFile): LimitInFile {
  const isRate = percent !== undefined || pointsAboveStable !== undefined;
  return {
    threshold: threshold ?? (isRate ? undefined : 1),
    leastRequests: leastRequests ?? (isRate ? defaultLeastRequests : undefined),
  };
}
