import { rollBackLive, liveStatus as statusOf } from "../../src/live/live-release";
import type { Release } from "../../src/release/release";
import type { Table } from "./answering-endpoint";

export const stageCall = "/restapis/abc/stages/dev";
export const functionCall = "/2015-03-31/functions/shop-dev";

export const side = (deploymentId: string, variables: Record<string, string>) => ({
  deploymentId,
  variables,
});
export const deployment = (id: string, description: string, createdDate = 1) => ({
  id,
  description,
  createdDate,
});

/** The shop's API, its stage and its deployments. */
export function api(stage: object, deployments: readonly object[], name = "dev"): Table {
  return {
    "GET /restapis": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
    "GET /restapis/abc/deployments": { body: { item: deployments } },
    [`GET /restapis/abc/stages/${name}`]: { body: { stageName: name, ...stage } },
  };
}

export const alias = (Name: string, FunctionVersion: string, weights?: Record<string, number>) => ({
  Name,
  FunctionVersion,
  RevisionId: `revision-of-${Name}`,
  ...(weights && { RoutingConfig: { AdditionalVersionWeights: weights } }),
});
export const aliases = (...all: object[]): Table => ({
  [`GET ${functionCall}/aliases`]: { body: { Aliases: all } },
});

/** Rolls back without a question. @returns what was moved */
export async function rollBack(from: Release, to: Release): Promise<readonly string[]> {
  let told: readonly string[] = [];
  await rollBackLive(from, to, async ({ moves }) => {
    told = moves;
    return true;
  });
  return told;
}

/** Who serves; what they run is not looked at here. */
export const liveStatus = (release: Release) =>
  statusOf(release, async () => ({ packages: new Map(), problems: [] }));

export const error = (promise: Promise<unknown>) =>
  promise.then(
    () => "nothing is thrown",
    ({ message }: Error) => message,
  );

export const published = (version: string): Table => ({
  [`GET ${functionCall}/configuration?Qualifier=${version}`]: { body: {} },
});
