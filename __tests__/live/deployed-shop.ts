import type { Finished } from "../support/command";
import { release } from "../support/release-command";
import type { Answers } from "./answering-endpoint";

/** What the stage of the deployed shop is like. */
export interface DeployedStage {
  /** @default "v1" */
  readonly stable?: string;
  /** @default - no version is on trial */
  readonly canary?: {
    readonly percent: number;
    /** Name of its function. @default "shop-dev-v2" */
    readonly functionName?: string;
  };
  /** More fields of it, as API Gateway names them. */
  readonly fields?: object;
  /** What API Gateway answers to a change of it. */
  readonly patched?: Answers;
}

/** What AWS answers of a shop whose versions are functions. */
export function deployedShop({
  stable = "v1",
  canary,
  fields,
  patched = { body: {} },
}: DeployedStage = {}): Record<string, Answers> {
  const deployments = ["v1", "v2"].map((description) => ({
    id: `of-${description}`,
    description,
    createdDate: 1,
  }));
  return {
    "GET /restapis": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
    "GET /restapis/abc/deployments": { body: { item: deployments } },
    "GET /restapis/abc/stages/dev": {
      body: {
        deploymentId: `of-${stable}`,
        variables: { shopFunction: `shop-dev-${stable}` },
        canarySettings: canary && {
          percentTraffic: canary.percent,
          deploymentId: "of-v2",
          stageVariableOverrides: { shopFunction: canary.functionName ?? "shop-dev-v2" },
        },
        ...fields,
      },
    },
    "PATCH /restapis/abc/stages/dev": patched,
  };
}

/** The release command, in an account where somebody may ask. */
export function releaseInAccount(folder: string, ...args: string[]): Promise<Finished> {
  return release(folder, args, { variables: variablesOfAws() });
}

/** What leads a command to the account. */
export function variablesOfAws(): Record<string, string> {
  const all = Object.entries(process.env).filter(([name]) => name.startsWith("AWS_"));
  return Object.fromEntries(all) as Record<string, string>;
}
