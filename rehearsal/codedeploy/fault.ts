import type { AutoRollbackEvent, ErrorCode } from "@aws-sdk/client-codedeploy";
import { LambdaError } from "./lambda-api";

/** Why a deployment ends early. */
export class Fault extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }

  get status(): "Failed" | "Stopped" {
    return this.event === "DEPLOYMENT_FAILURE" ? "Failed" : "Stopped";
  }

  /** What a group's automatic rollback calls it. */
  get event(): AutoRollbackEvent {
    if (this.code === "ALARM_ACTIVE") return "DEPLOYMENT_STOP_ON_ALARM";
    if (this.code === "MANUAL_STOP") return "DEPLOYMENT_STOP_ON_REQUEST";
    return "DEPLOYMENT_FAILURE";
  }

  /** @param reason what is wrong with it, as a sentence. @default - it is not told, which is how CodeDeploy does it */
  static configuration(reason?: string): Fault {
    const said =
      "The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration " +
      "is missing or has an invalid configuration.";
    return new Fault("INVALID_LAMBDA_CONFIGURATION", reason === undefined ? said : `${said} ${reason}`);
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

  /** What a deployment makes of Lambda's refusal. */
  static of(error: unknown): Fault {
    if (error instanceof Fault) return error;
    if (!(error instanceof LambdaError)) return new Fault("INTERNAL_ERROR", (error as Error).message);
    const code = codes[error.code] ?? "INTERNAL_ERROR";
    return new Fault(code, `AWS Lambda refuses: ${error.message} (${error.code})`);
  }
}

const codes: Readonly<Record<string, ErrorCode>> = {
  ResourceNotFoundException: "INVALID_LAMBDA_FUNCTION",
  InvalidParameterValueException: "INVALID_LAMBDA_CONFIGURATION",
  AccessDeniedException: "IAM_ROLE_PERMISSIONS",
  TooManyRequestsException: "THROTTLED",
};
