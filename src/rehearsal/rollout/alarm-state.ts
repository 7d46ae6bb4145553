export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** A period of a metric, held against the threshold. */
export type Datapoint = "breaching" | "withinThreshold" | "missing";

export interface Judgement {
  /** How many of the latest datapoints are looked at. */
  readonly evaluationPeriods: number;
  /** How many of them must be breaching. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: "missing" | "ignore" | "breaching" | "notBreaching";
}

/**
 * How many datapoints CloudWatch fetches in case some are missing. It tells the number for 3 evaluation periods alone,
 * which is 5.
 */
export function evaluationRange({ evaluationPeriods }: Judgement): number {
  return evaluationPeriods + 2;
}

/**
 * The state of an alarm: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 *
 * What is missing counts only where there are fewer real datapoints than evaluation periods. Where nothing but
 * breaching ones are there, too few of them, the oldest decides for `missing` and `ignore`: it has to be as old as
 * the datapoints that it takes to alarm.
 *
 * @param datapoints those of the evaluation range, the newest last
 * @param before the state until now
 */
export function stateOf(
  datapoints: readonly Datapoint[],
  { evaluationPeriods, datapointsToAlarm, treatMissingData }: Judgement,
  before: AlarmState,
): AlarmState {
  const real = datapoints.filter((one) => one !== "missing").slice(-evaluationPeriods);
  const breaching = real.filter((one) => one === "breaching").length;
  const filled = evaluationPeriods - real.length;
  if (breaching >= datapointsToAlarm) return "ALARM";
  if (filled === 0 || treatMissingData === "notBreaching") return "OK";
  if (treatMissingData === "breaching") return breaching + filled >= datapointsToAlarm ? "ALARM" : "OK";
  if (real.length > breaching) return "OK";
  if (treatMissingData === "ignore") return before;
  const age = datapoints.length - datapoints.indexOf("breaching");
  return breaching > 0 && age >= datapointsToAlarm ? "ALARM" : "INSUFFICIENT_DATA";
}
