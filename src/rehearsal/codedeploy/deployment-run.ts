import type { DeploymentWaitType } from "@aws-sdk/client-codedeploy";
import type { AlarmStates } from "./alarms";
import type { Clock } from "./clock";
import type { Deployment } from "./deployment";
import { Fault } from "./fault";
import type { HookExecutions } from "./hook-executions";
import type { LambdaApi } from "./lambda-api";
import type { LifecycleEventName } from "./lifecycle";
import type { Course } from "./platform";
import { scheduleOf } from "./schedule";

/** What deployments work with. */
export interface Surroundings {
  readonly clock: Clock;
  /** Whose functions are the hooks. @default - hooks fail */
  readonly lambda?: LambdaApi;
  readonly alarms: AlarmStates;
  readonly hooks: HookExecutions;
}

const minute = 60_000;
const alarmPollMs = 10_000;
/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html */
const hookTimeoutMs = 60 * minute;
/** How long ECS waits before it asks a hook again, and how long a stage may take. */
const hookDelaySeconds = 30;
const longestStageMs = 24 * 60 * minute;

/** Takes one deployment from its start to its end. */
export class DeploymentRun implements Course {
  private readonly interruption = new AbortController();
  private continuation?: AbortController;

  constructor(
    private readonly deployment: Deployment,
    private readonly surroundings: Surroundings,
  ) {}

  get deploymentId(): string {
    return this.deployment.id;
  }

  /** Ends it at the next moment at which it can be ended. */
  interrupt(fault: Fault): void {
    this.interruption.abort(fault);
  }

  /** Ends the wait that it is in. */
  continue(): void {
    this.continuation?.abort();
  }

  /** @returns why it ended early */
  async run(): Promise<Fault | undefined> {
    const { deployment } = this;
    const { clock } = this.surroundings;
    const { target, config, rollsBack } = deployment.order;
    const over = new AbortController();
    deployment.start(clock.now());
    try {
      if (rollsBack === undefined) {
        await target.check(config.trafficRoutingConfig.type !== "AllAtOnce");
        this.interruption.signal.throwIfAborted();
        await this.checkAlarms();
        this.watchAlarms(over.signal);
      }
      await target.run(this);
      deployment.end("Succeeded", clock.now());
      return undefined;
    } catch (error) {
      const fault = Fault.of(error);
      deployment.end(fault.status, clock.now(), { code: fault.code, message: fault.message });
      return fault;
    } finally {
      over.abort();
    }
  }

  async event(event: LifecycleEventName, work: () => Promise<void>): Promise<void> {
    const { clock } = this.surroundings;
    this.deployment.beginEvent(event, clock.now());
    await work();
    this.interruption.signal.throwIfAborted();
    this.deployment.endEvent(event, clock.now());
  }

  hook(event: LifecycleEventName): Promise<void> {
    return this.event(event, () => this.callHook(event));
  }

  async shift(to: (percent: number) => Promise<void>): Promise<void> {
    const { clock } = this.surroundings;
    const startedAt = clock.now().getTime();
    for (const { atMinutes, percent } of scheduleOf(this.deployment.order.config.trafficRoutingConfig)) {
      await this.sleep(startedAt + atMinutes * minute - clock.now().getTime());
      await to(percent);
      this.deployment.change(clock.now());
    }
  }

  async sleep(ms: number): Promise<void> {
    const { signal } = this.interruption;
    if (ms > 0) await this.surroundings.clock.sleep(ms, signal);
    signal.throwIfAborted();
  }

  async untilContinued(wait: DeploymentWaitType, minutes: number): Promise<boolean> {
    const { clock } = this.surroundings;
    const { signal } = this.interruption;
    const continuation = new AbortController();
    this.continuation = continuation;
    this.deployment.wait(wait, clock.now());
    await clock.sleep(minutes * minute, AbortSignal.any([signal, continuation.signal]));
    signal.throwIfAborted();
    this.deployment.wait(undefined, clock.now());
    return continuation.signal.aborted;
  }

  private async callHook(event: LifecycleEventName): Promise<void> {
    const { clock, lambda, hooks } = this.surroundings;
    const { id, order } = this.deployment;
    const functionName = order.target.hooks[event];
    if (functionName === undefined) return;
    if (lambda === undefined) {
      throw new Fault(
        "HOOK_EXECUTION_FAILURE",
        `There is no Lambda at this endpoint to run ${functionName}.`,
      );
    }
    if (order.target.readsHooks) return this.readHook(lambda, functionName, event);
    const execution = hooks.expect(id);
    const answered = new AbortController();
    const { signal } = this.interruption;
    try {
      const event = { DeploymentId: id, LifecycleEventHookExecutionId: execution.id };
      await clock.during(lambda.start(functionName, event));
      const waited = clock.sleep(hookTimeoutMs, AbortSignal.any([signal, answered.signal]));
      const result = await Promise.race([clock.awaiting(execution.result), waited]);
      signal.throwIfAborted();
      if (result === undefined) throw Fault.hookSilent();
      if (result === "Failed") throw Fault.hookFailed();
    } finally {
      execution.close();
      answered.abort();
    }
  }

  /**
   * A hook of ECS's own deployments: it is asked again as long as it is not done.
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
   */
  private async readHook(lambda: LambdaApi, functionName: string, event: LifecycleEventName): Promise<void> {
    const { clock } = this.surroundings;
    const end = clock.now().getTime() + longestStageMs;
    for (;;) {
      const asked = lambda.ask?.(functionName, this.deployment.order.target.hookEvent?.(event) ?? {});
      const answer = Object(await clock.during(Promise.resolve(asked))) as {
        hookStatus?: unknown;
        callBackDelay?: unknown;
      };
      this.interruption.signal.throwIfAborted();
      if (answer.hookStatus === "SUCCEEDED") return;
      if (answer.hookStatus !== "IN_PROGRESS" || clock.now().getTime() >= end) throw Fault.hookFailed();
      await this.sleep(Number(answer.callBackDelay ?? hookDelaySeconds) * 1000);
    }
  }

  private async watchAlarms(over: AbortSignal): Promise<void> {
    const { clock } = this.surroundings;
    while (!over.aborted && this.deployment.order.alarms?.enabled) {
      await clock.sleep(alarmPollMs, over);
      if (over.aborted) return;
      await this.checkAlarms().catch((error) => this.interrupt(Fault.of(error)));
    }
  }

  private async checkAlarms(): Promise<void> {
    const { enabled, ignorePollAlarmFailure, alarms = [] } = this.deployment.order.alarms ?? {};
    if (!enabled) return;
    const { clock, alarms: states } = this.surroundings;
    const names = alarms.flatMap(({ name }) => name ?? []);
    const active = await clock.during(states.active(names)).catch((error: Error) => {
      if (ignorePollAlarmFailure) return [];
      throw new Fault("ALARM_ACTIVE", `The state of the alarms cannot be read: ${error.message}`);
    });
    if (active.length > 0) throw Fault.alarms(active);
  }
}
