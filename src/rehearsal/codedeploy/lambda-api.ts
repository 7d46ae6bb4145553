import type { ErrorCode } from "@aws-sdk/client-codedeploy";
import { Fault, ServiceError } from "./fault";

/** Where the calls of an alias go. */
export interface AliasRouting {
  readonly version: string;
  /** Shares from 0 to 1 of other versions. */
  readonly weights: Readonly<Record<string, number>>;
}

/** What deployments ask of Lambda. @throws LambdaError on what Lambda refuses */
export interface LambdaApi {
  getAlias(functionName: string, alias: string): Promise<AliasRouting & { readonly arn?: string }>;
  updateAlias(functionName: string, alias: string, routing: AliasRouting): Promise<void>;
  /** Starts a function, and does not wait for what it answers. */
  start(functionName: string, event: object): Promise<void>;
  /** Waits for what a function answers. @returns nothing where it fails. @default - no hook can answer here */
  ask?(functionName: string, event: object): Promise<unknown>;
}

/** What Lambda refuses. */
export class LambdaError extends ServiceError {
  get fault(): Fault {
    const code = faultCodes[this.code] ?? "INTERNAL_ERROR";
    return new Fault(code, `AWS Lambda refuses: ${this.message} (${this.code})`);
  }
}

const faultCodes: Readonly<Record<string, ErrorCode>> = {
  ResourceNotFoundException: "INVALID_LAMBDA_FUNCTION",
  InvalidParameterValueException: "INVALID_LAMBDA_CONFIGURATION",
  AccessDeniedException: "IAM_ROLE_PERMISSIONS",
  TooManyRequestsException: "THROTTLED",
};
