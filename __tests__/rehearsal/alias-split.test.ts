import { picture } from "../../src/rehearsal/picture";
import { expectedShares, versionNames } from "../../src/rehearsal/split";
import { announce, counts } from "../../src/rehearsal/terminal";
import { type AliasStack, deployment, stageOf } from "../support/alias-stack";
import { RehearsedAliases } from "../support/rehearse";

const functions = { "1": { shop: "shop-dev" }, "2": { shop: "shop-dev" } };
const versionOf = versionNames(functions);
const weighted = (percent: number) => ({
  function_version: "1",
  routing_config: { additional_version_weights: { "2": percent / 100 } },
});
const canary = (alias: string, percent: number) => ({
  variables: { alias: "live" },
  canary_settings: {
    deployment_id: "${aws_api_gateway_deployment.first.id}",
    percent_traffic: percent,
    stage_variable_overrides: { alias },
  },
});

/** Two published versions behind a URI that names the alias by a stage variable. */
async function rehearse(stack: AliasStack): Promise<RehearsedAliases> {
  const target = "shop-dev:$${stageVariables.alias}";
  const rehearsed = await RehearsedAliases.of({ target });
  const variables = { variables: { alias: "live" } };
  rehearsed.apply({ target, lambda: { timeout: 5 }, stage: variables, ...stack });
  return rehearsed;
}

const blueGreen = { blue: { function_version: "1" }, live: { function_version: "1" } };
const steps: [string, AliasStack, [string, number][]][] = [
  ["an alias behind one stage", {}, [["1", 100]]],
  [
    "a weighted alias",
    { aliases: { live: weighted(10) } },
    [
      ["1", 90],
      ["2", 10],
    ],
  ],
  [
    "a weight that floating point cannot hold",
    { aliases: { live: weighted(7) } },
    [
      ["1", 93],
      ["2", 7],
    ],
  ],
  [
    "a canary stage over aliases",
    {
      aliases: { live: { function_version: "1" }, next: { function_version: "2" } },
      stage: canary("next", 25),
    },
    [
      ["1", 75],
      ["2", 25],
    ],
  ],
  [
    "a canary stage over a weighted alias: both multiply",
    { aliases: { live: { function_version: "1" }, next: weighted(20) }, stage: canary("next", 50) },
    [
      ["1", 90],
      ["2", 10],
    ],
  ],
  [
    "both sides weighted",
    { aliases: { live: weighted(10), next: weighted(50) }, stage: canary("next", 50) },
    [
      ["1", 70],
      ["2", 30],
    ],
  ],
  [
    "a function by its name and alias in one variable",
    {
      target: "$${stageVariables.shopFunction}",
      stage: { variables: { shopFunction: "shop-dev:live" } },
      resource: { aws_api_gateway_deployment: { first: deployment("two") } },
      aliases: { live: weighted(10) },
    },
    [
      ["1", 90],
      ["2", 10],
    ],
  ],
];

test.each(steps)("%s: what is expected, and what is counted", async (_, stack, expected) => {
  const rehearsed = await rehearse(stack);
  const { api, functions: applied } = rehearsed.rehearsal;
  const [stage] = api.stages;
  expect(stage && expectedShares(stage, versionOf, applied)).toEqual(
    expected.map(([version, percent]) => ({ version, percent })),
  );
  const requests = 200;
  const counted = await rehearsed.count("/dev/", requests);
  for (const [version, percent] of expected) {
    // Four standard deviations; the seed makes it the same run each time.
    const spread = 4 * Math.sqrt(requests * (percent / 100) * (1 - percent / 100));
    expect(Math.abs((counted[version] ?? 0) - (requests * percent) / 100)).toBeLessThanOrEqual(spread);
  }
});

describe("the version that is told", () => {
  test.each([
    ["the number that Lambda published", functions, "shop-dev", "2", "2"],
    ["the output's name for a function of one version", { v1: { shop: "shop-v1" } }, "shop-v1", "3", "v1"],
    ["the number where the output's is one", { "1": { shop: "shop-dev" } }, "shop-dev", "2", "2"],
    [
      "the number where several versions are of one function",
      { v1: { shop: "shop-dev" }, v2: { shop: "shop-dev" } },
      "shop-dev",
      "2",
      "2",
    ],
    ["the number without an output", undefined, "shop-dev", "2", "2"],
    ["the function without a version", undefined, "shop-dev", "$LATEST", "shop-dev"],
    ["the output's name for what is not published", { v1: { shop: "shop-v1" } }, "shop-v1", undefined, "v1"],
    ["the number beside names that no version has", { shop: "shop-dev" } as never, "shop-dev", "2", "2"],
  ])("is %s", (_, output, functionName, functionVersion, expected) => {
    expect(versionNames(output)(functionName, functionVersion)).toBe(expected);
  });
});

test("of two stages the one that the output names stands first, and each is announced", async () => {
  const rehearsed = await rehearse({
    aliases: { ...blueGreen, green: { function_version: "2" } },
    stage: { variables: { alias: "green" } },
    output: { stage: "live" },
    resource: { aws_api_gateway_stage: { live: stageOf("live", { variables: { alias: "blue" } }) } },
  });
  const { api, functions: applied } = rehearsed.rehearsal;
  expect(api.stages.map(({ name }) => name)).toEqual(["live", "dev"]);
  const log = jest.spyOn(console, "log").mockImplementation();
  announce(api.stages, "http://127.0.0.1:1", versionOf, applied);
  const lines = log.mock.calls.flat();
  log.mockRestore();
  expect(lines).toEqual([
    "serving      http://127.0.0.1:1/live/ (1 100 %)",
    "serving      http://127.0.0.1:1/dev/ (2 100 %)",
  ]);
});

test.each([
  [undefined, "0 added, 1 changed, 0 destroyed"],
  [[{ functionName: "a", version: "2" }], "0 added, 1 changed, 0 destroyed, published 2"],
  [
    [
      { functionName: "a", version: "2" },
      { functionName: "b", version: "5" },
    ],
    "0 added, 1 changed, 0 destroyed, published a:2 and b:5",
  ],
])("an apply that published %j is told", (published, expected) => {
  expect(counts({ added: [], changed: ["x"], destroyed: [], published })).toBe(expected);
});

test("the picture leads from the stage over deployment and alias to the versions", async () => {
  const rehearsed = await rehearse({
    aliases: { live: weighted(7), next: { function_version: "2" } },
    stage: canary("next", 20),
  });
  const { api, functions: applied } = rehearsed.rehearsal;
  const drawn = picture(api, versionOf, applied);
  expect(drawn).toContain(
    "<title>74.4 % of the requests to version 1 (stable), 25.6 % of the requests to version 2 (canary)</title>",
  );
  const texts = [...drawn.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
  expect(texts).toEqual([
    ...["users", "API Gateway stage", "dev"],
    ...["80 %", "deployment", "GET /", "Lambda alias", "shop-dev:live", "stage variable alias"],
    ...["stable: version 1", "93 % of the alias", "canary: version 2", "7 % of the alias"],
    ...[
      "20 %",
      "canary: version 2",
      "deployment",
      "GET /",
      "Lambda alias",
      "shop-dev:next",
      "stage variable alias",
    ],
    ...["version 2", "100 % of the alias"],
  ]);
  expect(drawn).toContain('viewBox="0 0 1140 354"');
});
