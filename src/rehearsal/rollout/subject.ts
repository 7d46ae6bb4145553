import type { ComputePlatform } from "@aws-sdk/client-codedeploy";
import type { CodeDeployOptions } from "../codedeploy/codedeploy";
import type { FailureKind } from "./faults";
import type { Metrics } from "./metrics";

/** What CodeDeploy reaches of a compute platform. */
export type Endpoints = Pick<CodeDeployOptions, "lambda" | "ecs" | "loadBalancer" | "native">;

/** How a shift is told. */
export interface ToldSubject {
  /** Who moves users. */
  readonly mover: string;
  /** What is at, or was done: a moment of CodeDeploy's by another name. */
  event(name: string): string;
  /** What a deployment is called, and what rolls it back. @default - as CodeDeploy numbers them */
  readonly deployment?: string;
  readonly rollback?: string;
}

export const toldByCodeDeploy: ToldSubject = { mover: "CodeDeploy", event: (name) => name };

/** What is moved from one version to another: the part of a plan that is its compute platform's own. */
export interface Subject {
  readonly platform: ComputePlatform;
  /** How its shifts are told. @default - as CodeDeploy does */
  readonly told?: ToldSubject;
  /** `checkout-dev:live` */
  readonly name: string;
  /** As scripts are told of it. */
  readonly fields: Readonly<Record<string, string>>;
  /** As CodeDeploy names what a deployment deploys to. */
  readonly targetId: string;
  /** The one resource of the AppSpec. */
  readonly resource: object;
  /** What fails and is slow on purpose: `invocations`. */
  readonly answers: string;
  /** How they can fail on purpose. The first is the default. */
  readonly kinds: readonly FailureKind[];
  /** What failures are that no alarm on errors sees, as a sentence goes on. */
  readonly unseen: string;
  /** How many milliseconds an answer of a version may take, before whoever asked is told that it failed. */
  timeoutMs(version: string): number;
  /**
   * The same without anything that runs, where the fate of requests is drawn.
   *
   * @param onMove is called with the new version's share in percent before it has it, and waited for
   */
  draw(metrics: Metrics, onMove: (percent: number) => Promise<void>): DrawnSubject;
}

export interface DrawnSubject {
  readonly endpoints: Endpoints;
  /**
   * Tells the metrics of answers that were alike.
   *
   * @param answered how they failed. @default - they did not
   */
  record(
    version: string,
    answered: { readonly failure?: FailureKind; readonly tookMs: number },
    count: number,
  ): void;
}
