import type { ResourceChange } from "../../src/workflows/plan-summary";
import { planLines } from "../../src/workflows/plan-text";

const resource = (address: string, change: ResourceChange["change"]): ResourceChange => ({
  address,
  mode: "managed",
  change,
});
const stage = (change: Partial<ResourceChange["change"]>) =>
  planLines(
    { resource_changes: [resource("aws_api_gateway_stage.stage", { actions: ["update"], ...change })] },
    ["v1", "v2", "long ".repeat(50)],
  );

test("a plan is told as Terraform does it, by resource and argument", () => {
  const changes = [
    resource("aws_api_gateway_stage.stage", {
      actions: ["update"],
      before: { canary_settings: [{ percent_traffic: 10, use_stage_cache: false }], name: "dev" },
      after: { canary_settings: [{ percent_traffic: 25, use_stage_cache: true }], name: "dev" },
    }),
    resource("aws_lambda_function.v3", { actions: ["create"], after: { memory_size: 128 } }),
    resource("aws_lambda_function.v1", { actions: ["delete"], before: { memory_size: 128 } }),
    resource("aws_api_gateway_deployment.v2", {
      actions: ["delete", "create"],
      before: { id: "x" },
      after: {},
      after_unknown: { id: true },
    }),
    resource("aws_api_gateway_rest_api.api", { actions: ["no-op"], importing: {} }),
    resource("aws_api_gateway_rest_api.other", { actions: ["no-op"] }),
    { ...resource("data.aws_region.here", { actions: ["read"] }), mode: "data" },
  ];
  const outputs = { traffic: { before: { v1: 90 }, after: { v1: 75 } }, url: { before: "a", after: "a" } };
  expect(planLines({ resource_changes: changes, output_changes: outputs }, {})).toEqual([
    "~ aws_api_gateway_stage.stage",
    "    canary_settings[0].percent_traffic: 10 -> 25",
    "    canary_settings[0].use_stage_cache: false -> true",
    "+ aws_lambda_function.v3",
    "- aws_lambda_function.v1",
    "-/+ aws_api_gateway_deployment.v2",
    "    id: (not shown) -> (known after apply)",
    "(import) aws_api_gateway_rest_api.api",
    "~ output traffic",
  ]);
});

describe("a value", () => {
  test("is told where the stack's own file has it, and else is not", () => {
    expect(
      stage({
        before: { variables: { shop: "v1", key: "hunter2" } },
        after: { variables: { shop: "v2", key: "v1" } },
      }).slice(1),
    ).toEqual(['    variables.key: (not shown) -> "v1"', '    variables.shop: "v1" -> "v2"']);
  });

  test("that is marked as a secret is never told, nor what is inside of one", () => {
    const marked = { before: { one: "v1", map: { a: 1 } }, after: { one: "v2", map: { a: 2 } } };
    expect(stage({ ...marked, after_sensitive: { one: true, map: true } }).slice(1)).toEqual([
      "    map: (not shown) -> (not shown)",
      "    one: (not shown) -> (not shown)",
    ]);
    expect(stage({ ...marked, before_sensitive: { one: true, map: { a: true } } }).slice(1)).toEqual([
      "    map.a: (not shown) -> (not shown)",
      "    one: (not shown) -> (not shown)",
    ]);
  });

  test("that comes or goes is none on the other side, and a long one is cut", () => {
    expect(stage({ before: { canary: [{ percent: 10 }] }, after: { canary: [] } }).slice(1)).toEqual([
      "    canary[0].percent: 10 -> none",
    ]);
    expect(stage({ before: {}, after: { text: "long ".repeat(50) } }).slice(1)).toEqual([
      `    text: none -> "${"long ".repeat(24)}..."`,
    ]);
  });
});
