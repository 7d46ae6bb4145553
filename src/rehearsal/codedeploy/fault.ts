import type { AutoRollbackEvent, ErrorCode } from "@aws-sdk/client-codedeploy";

/** Why a deployment ends early. */
export class Fault extends Error {
  /** @param stops whether it is no failure, though it is neither an alarm nor a user */
  constructor(
    readonly code: ErrorCode,
    message: string,
    private readonly stops = false,
  ) {
    super(message);
  }

  get status(): "Failed" | "Stopped" {
    return this.event === "DEPLOYMENT_FAILURE" && !this.stops ? "Failed" : "Stopped";
  }

  /** What a group's automatic rollback calls it. */
  get event(): AutoRollbackEvent {
    if (this.code === "ALARM_ACTIVE") return "DEPLOYMENT_STOP_ON_ALARM";
    if (this.code === "MANUAL_STOP") return "DEPLOYMENT_STOP_ON_REQUEST";
    return "DEPLOYMENT_FAILURE";
  }

  static alarms(names: readonly string[]): Fault {
    return new Fault(
      "ALARM_ACTIVE",
      "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the " +
        `affected deployments have been stopped. Activated alarms: ${names.map((name) => `<${name}>`).join(" ")}`,
    );
  }

  static hookFailed(): Fault {
    return new Fault(
      "HOOK_EXECUTION_FAILURE",
      "The deployment failed because one or more of the lifecycle event validation functions failed.",
    );
  }

  static hookSilent(): Fault {
    return new Fault(
      "HOOK_EXECUTION_FAILURE",
      "The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within " +
        "one hour after a deployment hook is invoked.",
    );
  }

  /** What a deployment makes of an error. */
  static of(error: unknown): Fault {
    if (error instanceof Fault) return error;
    if (error instanceof ServiceError) return error.fault;
    return new Fault("INTERNAL_ERROR", (error as Error).message);
  }
}

/** A refusal of a service that deployments work with. */
export abstract class ServiceError extends Error {
  /** @param code such as `ResourceNotFoundException` */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** What a deployment makes of it. */
  abstract get fault(): Fault;
}
