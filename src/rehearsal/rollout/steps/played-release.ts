import type { Action } from "../../../guard/decide";
import { runGuard } from "../../../guard/run";
import { CallTime } from "../../../live/call-time";
import type { Account } from "../../../live/clients";
import { compareIn } from "../../../live/live-verdict";
import { comparedMetrics } from "../../../release/alarms/compared-metrics";
import type { PlannedMove } from "../../../release/files/rehearsed-moves";
import type { FunctionsRelease } from "../../../release/release";
import type { SentRequest } from "../../../traffic/sent-request";
import { accountId } from "../../account";
import { localSettings } from "../../codedeploy/local-endpoint";
import { VirtualClock } from "../../codedeploy/virtual-clock";
import type { GivenEvents } from "../../events/given-events";
import { feedsIn } from "../../events/rehearse-events";
import type { OnLog } from "../../lambda/lambda-service";
import { seededRandom } from "../../random";
import { seldom } from "../../terminal";
import type { Configuration } from "../../terraform/configuration";
import { Callers } from "../callers";
import { type Faults, onPurpose, PresentFaults } from "../faults";
import { EventUsers } from "../lambda/event-users";
import { lookBackMs, MetricAlarms } from "../metric-alarms";
import { Metrics } from "../metrics";
import type { SceneUsers, ServedRequest } from "../scene";
import type { AlarmChange } from "../shift";
import { minute } from "../time";
import { Traffic } from "../traffic";
import { AlarmHistory } from "./alarm-history";
import { AwsServer } from "./aws-server";
import { apiGateway, cloudWatch, lambda, type Message, sns, ssm } from "./aws-services";
import type { PlannedRelease } from "./planned-release";
import { ReleaseScene } from "./release-scene";
import { type EndedRelease, playRelease } from "./stepped-release";
import { minuteData, stageTimes } from "./timed-services";
import { type Wakers, WokenGuard } from "./woken-guard";

export interface PlayedReleaseOptions {
  /** Requests per second. */
  readonly rate: number;
  readonly seed: number;
  /** Events to play, where there is no API. @default - a sample of each trigger */
  readonly events?: GivenEvents;
  /** How many minutes metrics come late. */
  readonly lateMinutes: number;
  /** Is told of each request as it is answered. @default - nobody is */
  readonly onRequest?: (record: ServedRequest) => void;
  /** Gets each line that a function prints. @default - nobody does */
  readonly onLog?: OnLog;
}

/** A release as it was played. */
export interface PlayedRelease extends EndedRelease {
  /** The version's share in percent, from when on. */
  readonly shares: readonly { readonly at: Date; readonly percent: number }[];
  readonly alarmChanges: readonly AlarmChange[];
  /** The messages that the guard sent. */
  readonly messages: readonly (Message & { readonly at: Date })[];
  /** Why the guard could not do its work. */
  readonly troubles: readonly { readonly at: Date; readonly message: string }[];
  /** What was wrong on purpose. */
  readonly faults: Faults;
  /** When the version failed first. @default - it did not */
  readonly firstFailureAt?: Date;
  /** What became of another apply of the file as it was before a stop. @default - nothing was stopped */
  readonly stale?: StaleApply;
}

export interface StaleApply {
  readonly move: PlannedMove;
  /** Why Terraform refuses it. @default - it gave the version users again */
  readonly refused?: string;
}

/** What is played: the plan, what wakes its guard, and the stack after each move. */
export interface Part {
  readonly planned: PlannedRelease;
  readonly wakers: Wakers;
  readonly stacks: ReadonlyMap<PlannedMove, Configuration>;
  readonly faults: Faults;
  /** What is requested; nothing without an API. */
  readonly request: SentRequest;
  readonly onProgress?: (atMs: number) => void;
}

/** A release on this machine: real code, requests, the guard's own code and calls, in virtual time. */
export class ReleaseRehearsal {
  readonly scene: ReleaseScene;
  private readonly metrics = new Metrics();
  private users?: SceneUsers;
  private onAnswer: (record: ServedRequest) => void = () => {};

  constructor(private readonly options: PlayedReleaseOptions) {
    const { rate, seed, onRequest, onLog = () => {} } = options;
    this.scene = new ReleaseScene({
      rate,
      seed,
      metrics: this.metrics,
      onLog,
      onRequest: (record) => {
        this.users?.tally(record);
        this.onAnswer(record);
        onRequest?.(record);
      },
    });
  }

  /** Plays the release of what the scene has applied, in which no version is on trial. */
  async play({ planned, wakers, stacks, faults, request, onProgress }: Part): Promise<PlayedRelease> {
    const { scene, metrics } = this;
    const { rate, seed, lateMinutes } = this.options;
    const { to, guarded, startsAt } = planned;
    const leadMs = lookBackMs(planned.alarms);
    const clock = new VirtualClock({ startsAt: new Date(startsAt.getTime() - leadMs) });
    const history = new AlarmHistory(clock, planned.alarms);
    const random = seededRandom(seed ^ 0x2545f491);
    const [phaseMs, guardPhaseMs] = [Math.floor(random() * minute), Math.floor(random() * minute)];
    const shares: { at: Date; percent: number }[] = [];
    const messages: (Message & { at: Date })[] = [];
    const troubles: { at: Date; message: string }[] = [];
    const moved = () => {
      const percent = scene.shareOf(to, request);
      if (percent !== (shares.at(-1)?.percent ?? 0)) shares.push({ at: clock.now(), percent });
    };
    scene.fail(new PresentFaults(faults, () => clock.now().getTime() - startsAt.getTime()));
    this.users = await this.usersOf(request);
    const traffic = new Traffic(clock, rate, this.users);
    const firstFailure = this.firstFailureOf(to, clock.now().getTime(), startsAt.getTime());
    // The alarms are evaluated as each minute of the metrics ends.
    const endedAt = () => startsAt.getTime() - leadMs + phaseMs + (metrics.ended - 1) * minute;
    const toldMinutes = () => ({
      minute: Math.ceil(endedAt() / minute),
      lateMinutes,
      withoutPercentiles: true,
    });
    const aws = new AwsServer(
      [
        cloudWatch,
        minuteData(toldMinutes),
        ssm,
        sns((message) => messages.push({ at: clock.now(), ...message })),
        stageTimes(apiGateway, () => shares.at(-1)?.at ?? startsAt),
        lambda,
      ],
      () => ({
        state: scene.rehearsal.blocks,
        alarms: history,
        metrics,
        change: (address, changed) => {
          scene.changeBeside(address, changed);
          moved();
        },
      }),
    );
    const endpoint = await aws.listen();
    const accountOf = ({ environment: { region } }: Pick<FunctionsRelease, "environment">): Account => {
      const local = localSettings(endpoint, region);
      return { accountId, region, time: new CallTime(), local };
    };
    const guard =
      guarded &&
      new WokenGuard({
        wakers,
        clock,
        traffic,
        phaseMs: guardPhaseMs,
        look: async (now): Promise<Action> => {
          const onTrouble = ({ message }: Error) => void troubles.push({ at: now, message });
          try {
            return await runGuard(accountOf(guarded.release), guarded, {
              now: () => now,
              onUnrecorded: onTrouble,
            });
          } catch (error) {
            onTrouble(error as Error);
            return { kind: "nothing" };
          }
        },
      });
    const alarms = new MetricAlarms({
      alarms: planned.alarms,
      metrics,
      lateMinutes,
      onChange: (alarm, state, before) => {
        history.add(alarm, state, before);
        guard?.hear(alarm, state);
      },
    });
    try {
      const ended = await playRelease({
        planned,
        clock,
        traffic,
        alarms,
        guard,
        faults,
        lateMinutes,
        verdict: (release) =>
          compareIn(
            accountOf(release),
            release,
            { metrics: comparedMetrics(release, to), since: shares.at(-1)?.at ?? startsAt },
            clock.now(),
          ),
        apply: async (move) => {
          await traffic.catchUp();
          scene.apply(stacks.get(move) as Configuration);
          moved();
        },
        phaseMs,
        leadMs,
        afterMs: 5 * minute,
        stepMs: minute,
        onProgress,
      });
      const stale = ended.result === "stopped by the guard" ? this.applyAgain(ended, stacks) : undefined;
      return {
        ...ended,
        shares,
        alarmChanges: history.changes,
        messages,
        troubles,
        faults,
        stale,
        firstFailureAt: firstFailure(),
      };
    } finally {
      await aws.close();
    }
  }

  async close(): Promise<void> {
    await this.users?.close();
    await this.scene.close();
  }

  private async usersOf(request: SentRequest): Promise<SceneUsers> {
    const { rehearsal } = this.scene;
    if (rehearsal.isWithoutApi) {
      const tell = seldom();
      const feeds = feedsIn(rehearsal, this.options.events);
      return new EventUsers(rehearsal.lambda, feeds, (line) => {
        if (!line.includes(onPurpose)) tell(line);
      });
    }
    const [stage] = rehearsal.api.stages;
    if (stage === undefined) throw new Error("the stack has no stage to send requests to");
    return new Callers(`${await rehearsal.listen()}/${stage.name}${request.path}`, request);
  }

  /** When a version failed first, by the order in which requests are answered: they are sent many at a time. */
  private firstFailureOf(version: string, fromMs: number, afterMs: number): () => Date | undefined {
    let answered = 0;
    let first: Date | undefined;
    this.onAnswer = (record) => {
      const at = fromMs + (answered++ * 1000) / this.options.rate;
      if (first === undefined && record.version === version && record.status >= 400 && at >= afterMs)
        first = new Date(at);
    };
    return () => first;
  }

  /** A commit from before the stop is deployed again, as a job that runs late does. */
  private applyAgain(
    { made, endedAt }: EndedRelease,
    stacks: ReadonlyMap<PlannedMove, Configuration>,
  ): StaleApply | undefined {
    const last = made.findLast(({ at }) => at <= endedAt);
    if (last === undefined) return undefined;
    try {
      this.scene.apply(stacks.get(last.move) as Configuration);
      return { move: last.move };
    } catch (error) {
      return { move: last.move, refused: (error as Error).message };
    }
  }
}
