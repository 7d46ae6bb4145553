import { accountId } from "../account";
import type { RequestRecord } from "../api-gateway/gateway";
import { RealClock } from "../codedeploy/clock";
import type { Invocations, Invoked, Outcome } from "../lambda/invocation";
import type { Rehearsal } from "../rehearsal";
import { ApiMetrics, meteredStage, playedApiMetrics } from "../rollout/lambda/api-metrics";
import { LambdaMetrics, playedMetrics } from "../rollout/lambda/lambda-metrics";
import { type MetricAlarm, metricAlarmOf } from "../rollout/metric-alarm";
import { MetricAlarms } from "../rollout/metric-alarms";
import { Metrics } from "../rollout/metrics";
import { AccessLogMetrics, logFiltersOf, namesOf } from "../rollout/steps/access-log-metrics";
import { AlarmHistory } from "../rollout/steps/alarm-history";
import { AwsServer } from "../rollout/steps/aws-server";
import { apiGateway, cloudWatch, lambda, ssm } from "../rollout/steps/aws-services";
import { minuteData, stageTimes } from "../rollout/steps/timed-services";
import { identity, restApis } from "./served-services";

const minuteMs = 60_000;

/** For how long it keeps metrics: as long as a rehearsal is likely to be looked at. */
const keptMinutes = 24 * 60;

/**
 * AWS's APIs in front of what a rehearsal serves: who serves whom, what CloudWatch would have counted of the requests
 * and invocations, minute by minute, and the alarms of the stack on it.
 */
export class ServedAws implements Invocations {
  private readonly metrics = new Metrics(keptMinutes);
  private readonly lambdaMetrics = new LambdaMetrics(this.metrics);
  private readonly apiMetrics = new ApiMetrics(this.metrics);
  private readonly alarms: MetricAlarm[] = [];
  private readonly history = new AlarmHistory(new RealClock(), this.alarms);
  private readonly evaluated = new MetricAlarms({
    alarms: this.alarms,
    metrics: this.metrics,
    lateMinutes: 0,
    onChange: (alarm, state, before) => this.history.add(alarm, state, before),
  });
  private readonly server: AwsServer;
  /** When each stage was changed, by its address, with what it was then. */
  private readonly stages = new Map<string, { readonly is: string; readonly at: Date }>();
  private accessLog = new AccessLogMetrics(this.metrics, []);
  /** The minute that is counted, since 1970. */
  private minute: number;
  private timer?: NodeJS.Timeout;

  /**
   * @param rehearsal what was applied
   * @param onChange is called when a call has changed what serves
   * @param now milliseconds since 1970. @default - this machine's clock
   */
  constructor(
    private readonly rehearsal: () => Rehearsal,
    onChange: () => void,
    private readonly now: () => number = Date.now,
  ) {
    this.minute = Math.floor(now() / minuteMs);
    const at = () => ({ minute: this.minute });
    this.server = new AwsServer(
      [
        identity(accountId),
        cloudWatch,
        minuteData(at),
        ssm,
        restApis,
        stageTimes(apiGateway, (address) => this.stages.get(address)?.at),
        lambda,
      ],
      () => {
        this.endMinutes();
        return {
          state: rehearsal().blocks,
          alarms: this.history,
          metrics: this.metrics,
          change: (address, changed) => {
            rehearsal().changeBeside(address, changed);
            this.applied();
            onChange();
          },
        };
      },
    );
  }

  /** @returns the address */
  listen(): Promise<string> {
    // Also while nobody asks: an alarm changes when its minute is over.
    this.timer = setInterval(() => this.endMinutes(), 1000);
    return this.server.listen();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.server.close();
  }

  /** What watches it after an apply. */
  applied(): void {
    const { blocks } = this.rehearsal();
    const filters = logFiltersOf(blocks);
    this.accessLog = new AccessLogMetrics(this.metrics, filters);
    const played = { ...playedMetrics, ...playedApiMetrics, ...namesOf(filters) };
    const alarms = blocks
      .ofType("aws_cloudwatch_metric_alarm")
      .map(({ attributes }) => metricAlarmOf(attributes, played));
    this.alarms.splice(0, this.alarms.length, ...alarms.filter((one) => typeof one !== "string"));
    for (const { address, attributes } of blocks.ofType("aws_api_gateway_stage")) {
      const is = JSON.stringify(attributes);
      if (this.stages.get(address)?.is !== is) this.stages.set(address, { is, at: new Date(this.now()) });
    }
  }

  async invoke(invoked: Invoked, _timeoutMs: number, run: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = await run();
    this.endMinutes();
    this.lambdaMetrics.record(invoked, !outcome.ok, outcome.tookMs ?? 0);
    return outcome;
  }

  /** Counts a request that was answered. */
  answered({ status, isCanary = false, tookMs }: RequestRecord): void {
    this.endMinutes();
    this.apiMetrics.record(meteredStage(this.rehearsal()), status);
    this.accessLog.record({ isCanary, status, tookMs });
  }

  private endMinutes(): void {
    for (const now = Math.floor(this.now() / minuteMs); this.minute < now; this.minute++)
      this.evaluated.evaluate();
  }
}
