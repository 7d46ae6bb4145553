import { liveStatus, rollBackLive } from "../../src/live/live-release";
import { lifeOfTwo, numbered } from "../support/several-functions";
import { AnsweringEndpoint, type Table } from "./answering-endpoint";
import { releaseOf } from "./shop-context";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const { recorded, twentyFive } = lifeOfTwo("weighted-alias");
const [stable, split] = [recorded, twentyFive].map(releaseOf);

const callOf = (name: string) => `/2015-03-31/functions/shop-dev-${name}`;
const alias = (name: string, weight?: number) => ({
  Name: "live",
  FunctionVersion: "1",
  RevisionId: `revision-of-${name}`,
  ...(weight !== undefined && { RoutingConfig: { AdditionalVersionWeights: { 2: weight } } }),
});

/** The shop's API, and what the alias of each function gives to version 2. */
function shopAt(weights: { readonly api?: number; readonly admin?: number }): Table {
  const variables = { apiFunction: "shop-dev-api:live", adminFunction: "shop-dev-admin:live" };
  const ofFunction = (name: "api" | "admin"): Table => ({
    [`GET ${callOf(name)}/aliases`]: { body: { Aliases: [alias(name, weights[name])] } },
    [`GET ${callOf(name)}/configuration?Qualifier=1`]: { body: {} },
    [`PUT ${callOf(name)}/aliases/live`]: { body: {} },
  });
  return {
    "GET /restapis": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
    "GET /restapis/abc/deployments": {
      body: { item: [{ id: "d1", description: `definition ${numbered(1, 1).fingerprint}`, createdDate: 1 }] },
    },
    "GET /restapis/abc/stages/dev": { body: { stageName: "dev", deploymentId: "d1", variables } },
    ...ofFunction("api"),
    ...ofFunction("admin"),
  };
}

function rollBack(): Promise<boolean> {
  if (stable === undefined || split === undefined) throw new Error("there is no release");
  return rollBackLive(split, stable, async () => true);
}

const moveOf = (name: string) => ({
  name: `PUT ${callOf(name)}/aliases/live`,
  body: {
    FunctionVersion: "1",
    RoutingConfig: { AdditionalVersionWeights: {} },
    RevisionId: `revision-of-${name}`,
  },
});

async function differences(): Promise<readonly string[]> {
  const found = await liveStatus(split as NonNullable<typeof split>, async () => ({
    packages: new Map(),
    problems: [],
  }));
  return found.differences.filter((line) => line.includes("alias") || line.includes("canary"));
}

test("an emergency moves the alias of each function, each with its revision", async () => {
  aws.set(shopAt({ api: 0.25, admin: 0.25 }));
  await rollBack();
  expect(aws.changes).toEqual([moveOf("api"), moveOf("admin")]);
});

test("where the second move fails, it says what was moved, and the same command moves the rest", async () => {
  const refused = { status: 412, body: { __type: "PreconditionFailedException", message: "other revision" } };
  aws.set({ ...shopAt({ api: 0.25, admin: 0.25 }), [`PUT ${callOf("admin")}/aliases/live`]: refused });
  await expect(rollBack()).rejects.toThrow(
    "(done before that: alias shop-dev-api:live: version 1 alone; run the same command again for the rest)",
  );
  aws.set(shopAt({ admin: 0.25 }));
  await rollBack();
  expect(aws.changes).toEqual([moveOf("admin")]);
});

test("the status tells the alias that gives another share than the file", async () => {
  aws.set(shopAt({ api: 0.25, admin: 0.25 }));
  expect(await differences()).toEqual([]);
  aws.set(shopAt({ api: 0.25, admin: 0.1 }));
  expect(await differences()).toEqual([
    "the alias shop-dev-admin:live gives 10 % to version 2 in AWS, but must give 25 % to version 2",
  ]);
});
