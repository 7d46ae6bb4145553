import { randomUUID } from "node:crypto";
import type { PutLifecycleEventHookExecutionStatusInput } from "@aws-sdk/client-codedeploy";
import { ApiError } from "./protocol";

export type HookResult = "Succeeded" | "Failed";

/** A hook's function that was started, and has yet to tell its result. */
export interface HookExecution {
  readonly id: string;
  readonly result: Promise<HookResult>;
  /** A result comes too late from now on. */
  close(): void;
}

interface Expected {
  readonly deploymentId: string;
  readonly resolve: (result: HookResult) => void;
  closed: boolean;
}

/** The results that functions tell of lifecycle events. */
export class HookExecutions {
  private readonly expected = new Map<string, Expected>();

  expect(deploymentId: string): HookExecution {
    const id = randomUUID();
    let resolve: (result: HookResult) => void = () => {};
    const result = new Promise<HookResult>((done) => {
      resolve = done;
    });
    const execution: Expected = { deploymentId, resolve, closed: false };
    this.expected.set(id, execution);
    const close = () => {
      execution.closed = true;
    };
    return { id, result, close };
  }

  put(deploymentId: string, input: PutLifecycleEventHookExecutionStatusInput): void {
    const { lifecycleEventHookExecutionId: id = "", status } = input;
    const execution = this.expected.get(id);
    if (execution?.deploymentId !== deploymentId) {
      throw new ApiError(
        "InvalidLifecycleEventHookExecutionIdException",
        `'lifecycleEventHookExecutionId' must be one of deployment ${deploymentId}, got "${id}"`,
      );
    }
    if (status !== "Succeeded" && status !== "Failed") {
      throw new ApiError(
        "InvalidLifecycleEventHookExecutionStatusException",
        `'status' must be Succeeded or Failed, got ${JSON.stringify(status)}`,
      );
    }
    if (execution.closed) {
      throw new ApiError("LifecycleEventAlreadyCompletedException", `lifecycle event hook ${id} has ended`);
    }
    execution.closed = true;
    execution.resolve(status);
  }
}
