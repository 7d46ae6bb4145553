import type { AlarmStates } from "./alarms";
import { type HookName, problemOf } from "./app-spec";
import type { Clock } from "./clock";
import type { Deployment, LifecycleEventName } from "./deployment";
import { Fault } from "./fault";
import type { HookExecutions } from "./hook-executions";
import type { LambdaApi } from "./lambda-api";
import { scheduleOf } from "./schedule";

/** What deployments work with. */
export interface Surroundings {
  readonly clock: Clock;
  readonly lambda: LambdaApi;
  readonly alarms: AlarmStates;
  readonly hooks: HookExecutions;
}

const minute = 60_000;
const alarmPollMs = 10_000;
/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html */
const hookTimeoutMs = 60 * minute;

/** Takes one deployment from its start to its end. */
export class DeploymentRun {
  private readonly interruption = new AbortController();

  constructor(
    private readonly deployment: Deployment,
    private readonly surroundings: Surroundings,
  ) {}

  /** Ends it at the next moment at which it can be ended. */
  interrupt(fault: Fault): void {
    this.interruption.abort(fault);
  }

  /** @returns why it ended early; such a deployment has changed nothing if it was refused before it began */
  async run(): Promise<{ fault: Fault; begun: boolean } | undefined> {
    const { deployment } = this;
    const { clock } = this.surroundings;
    const over = new AbortController();
    let begun = false;
    deployment.start(clock.now());
    try {
      if (deployment.order.rollsBack === undefined) {
        await this.checkAlias();
        begun = true;
        await this.checkAlarms();
        this.watchAlarms(over.signal);
      }
      await this.during("BeforeAllowTraffic", () => this.callHook("BeforeAllowTraffic"));
      await this.during("AllowTraffic", () => this.shiftTraffic());
      await this.during("AfterAllowTraffic", () => this.callHook("AfterAllowTraffic"));
      deployment.end("Succeeded", clock.now());
      return undefined;
    } catch (error) {
      const fault = Fault.of(error);
      deployment.end(fault.status, clock.now(), { code: fault.code, message: fault.message });
      return { fault, begun };
    } finally {
      over.abort();
    }
  }

  private async during(event: LifecycleEventName, work: () => Promise<void>): Promise<void> {
    const { clock } = this.surroundings;
    this.deployment.beginEvent(event, clock.now());
    await work();
    this.interruption.signal.throwIfAborted();
    this.deployment.endEvent(event, clock.now());
  }

  private async checkAlias(): Promise<void> {
    const { config, revision } = this.deployment.order;
    const { functionName, alias, currentVersion, targetVersion } = revision.appSpec;
    const problem = problemOf(revision.appSpec);
    if (problem !== undefined) throw Fault.configuration(problem);
    const { lambda, clock } = this.surroundings;
    const found = await clock.during(lambda.getAlias(functionName, alias));
    this.deployment.aliasArn = found.arn;
    if (found.version !== currentVersion) {
      throw Fault.configuration(
        "The Lambda function alias version does not match the current version in AppSpec file.",
      );
    }
    // https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-deployments-lambda.html
    if (Object.keys(found.weights).length > 0) {
      throw Fault.configuration("The Lambda function alias shifts traffic between two versions already.");
    }
    if (currentVersion === targetVersion && config.trafficRoutingConfig.type !== "AllAtOnce") {
      throw Fault.configuration();
    }
    this.interruption.signal.throwIfAborted();
  }

  private async shiftTraffic(): Promise<void> {
    const { clock, lambda } = this.surroundings;
    const { config, revision } = this.deployment.order;
    const { functionName, alias, currentVersion, targetVersion } = revision.appSpec;
    const startedAt = clock.now().getTime();
    for (const { atMinutes, percent } of scheduleOf(config.trafficRoutingConfig)) {
      const wait = startedAt + atMinutes * minute - clock.now().getTime();
      if (wait > 0) await clock.sleep(wait, this.interruption.signal);
      this.interruption.signal.throwIfAborted();
      const routing =
        percent === 100
          ? { version: targetVersion, weights: {} }
          : { version: currentVersion, weights: { [targetVersion]: percent / 100 } };
      await clock.during(lambda.updateAlias(functionName, alias, routing));
      this.deployment.shift(percent, clock.now());
    }
  }

  private async callHook(name: HookName): Promise<void> {
    const { clock, lambda, hooks } = this.surroundings;
    const { id, order } = this.deployment;
    const functionName = order.revision.appSpec.hooks[name];
    if (functionName === undefined) return;
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
      throw new Fault("ALARM_ACTIVE", `The state of the alarms cannot be told: ${error.message}`);
    });
    if (active.length > 0) throw Fault.alarms(active);
  }
}
