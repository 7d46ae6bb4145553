import type { Strategy } from "../../src/release/strategies/names";
import { expectShare } from "../support/expect-share";
import type { Files } from "../support/project";
import { byHand } from "./by-hand";
import type { DeployedProject } from "./deployed-project";

/** Who serves, as a release file says it. */
export interface Pointers {
  readonly stable?: number;
  readonly canary?: { readonly version: number; readonly percent: number };
}

export const nothing = { add: 0, change: 0, destroy: 0 };
export const oneChange = { add: 0, change: 1, destroy: 0 };

/** The life of a canary after version 2 was published: each step begins with what the one before has left. */
export const transitions: [string, Pointers][] = [
  ["started at 0 percent", { canary: { version: 2, percent: 0 } }],
  ["shifted to 10 percent", { canary: { version: 2, percent: 10 } }],
  ["shifted to 25 percent", { canary: { version: 2, percent: 25 } }],
  ["dropped at 25 percent, which rolls back", {}],
  ["started at 25 percent", { canary: { version: 2, percent: 25 } }],
  ["promoted at 25 percent", { stable: 2 }],
  ["rolled back after it was promoted", {}],
];

/** A handler that tells the version that Lambda runs, and in the body what was published with it. */
function handler(code: string): string {
  return `export const handler = async (_event: unknown, context: { functionVersion: string; memoryLimitInMB: string }) => ({
    statusCode: 200,
    headers: { "x-version": context.functionVersion },
    body: JSON.stringify({ code: "${code}", greeting: process.env["GREETING"], memoryMb: Number(context.memoryLimitInMB) }),
  });\n`;
}

/** A shop with one function, and what the file and the folder of its code say at a step. */
export function shop(strategy: Strategy, code: string, release: object): Files {
  return {
    "releases/dev/environment.json": { region: "eu-central-1" },
    "lambdas/shop/shop.ts": handler(code),
    "releases/dev/shop.json": { strategy, stable: 1, ...release },
  };
}

/** @throws when a version's part of the answers is not its percent, or anybody else answers */
export function expectSplit(counts: Readonly<Record<string, number>>, { stable = 1, canary }: Pointers) {
  const percent = canary?.percent ?? 0;
  expectShare(counts, String(stable), 100 - percent);
  if (canary !== undefined) expectShare(counts, String(canary.version), percent);
}

/** What the endpoint itself says of a service with one function, whatever Terraform's state remembers. */
export class ShopAtEndpoint {
  constructor(
    private readonly endpoint: string,
    private readonly project: DeployedProject,
  ) {}

  /** The version of each alias, and the weights where there are any. */
  async aliases(): Promise<Record<string, { version: string; weights?: Record<string, number> }>> {
    const { Aliases } = (await this.get("lambda", `/2015-03-31/functions/${this.project.stack}/aliases`)) as {
      Aliases: { Name: string; FunctionVersion: string; RoutingConfig?: RoutingConfig }[];
    };
    return Object.fromEntries(
      Aliases.map(({ Name, FunctionVersion, RoutingConfig }) => {
        const weights = RoutingConfig?.AdditionalVersionWeights;
        return [Name, { version: FunctionVersion, ...(weights && { weights }) }];
      }),
    );
  }

  /** The version of the alias that each stage invokes, and the canary's share where there is one. */
  async stages(): Promise<Record<string, { alias?: string; canary?: { alias?: string; percent: number } }>> {
    const { item } = (await this.get("apigateway", `${this.api}/stages`)) as { item: Stage[] };
    return Object.fromEntries(
      item.map(({ stageName, variables, canarySettings: canary }) => [
        stageName,
        {
          alias: variables?.["alias"],
          ...(canary && {
            canary: { alias: canary.stageVariableOverrides?.["alias"], percent: canary.percentTraffic },
          }),
        },
      ]),
    );
  }

  async deployments(): Promise<number> {
    const { item } = (await this.get("apigateway", `${this.api}/deployments`)) as { item: unknown[] };
    return item.length;
  }

  /** The resource policy of the API. */
  async policy(): Promise<string | undefined> {
    const { policy } = (await this.get("apigateway", this.api)) as { policy?: string };
    return policy;
  }

  private get api(): string {
    return `/restapis/${this.project.output("api_id")}`;
  }

  private get(service: string, path: string): Promise<unknown> {
    return byHand(this.endpoint, service, "GET", path);
  }
}

interface RoutingConfig {
  readonly AdditionalVersionWeights?: Record<string, number>;
}

interface Stage {
  readonly stageName: string;
  readonly variables?: Record<string, string>;
  readonly canarySettings?: {
    readonly percentTraffic: number;
    readonly stageVariableOverrides?: Record<string, string>;
  };
}
