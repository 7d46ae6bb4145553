import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environment } from "../support/bootstrap";
import { type Files, shop, synthesizeFiles } from "../support/project";
import { RehearsedShop } from "../support/rehearse";

interface ImportBlock {
  readonly to: string;
  readonly id: string;
  readonly for_each?: string;
}

const api = "a1b2c3d4e5";

async function importsOf(release: object, files: Files = {}): Promise<string[][]> {
  const outdir = await synthesizeFiles(shop(release, files));
  const json = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8"));
  const blocks: ImportBlock[] = json.import ?? [];
  return blocks.map(({ to, id, for_each }) => {
    const [type = "", name = ""] = to.split(".");
    expect(json.resource[type]).toHaveProperty(name);
    return [type, for_each?.match(/name == "(.*)"/)?.[1] ?? id];
  });
}

test("a release that adopts nothing imports nothing", async () => {
  expect(await importsOf({})).toEqual([]);
});

test("an API, its stage and a function are imported, and the log groups that are there", async () => {
  const stage = { name: "live", executionLogs: "errors" };
  const functions = { v1: { shop: "legacy" } };
  const imports = await importsOf({ stage, adopt: { api, stage: true, functions } });
  expect(imports.sort()).toEqual([
    ["aws_api_gateway_rest_api", api],
    ["aws_api_gateway_stage", `${api}/live`],
    ["aws_cloudwatch_log_group", "/aws/apigateway/shop-dev"],
    ["aws_cloudwatch_log_group", "/aws/apigateway/shop-dev/Canary"],
    ["aws_cloudwatch_log_group", "/aws/lambda/legacy"],
    ["aws_cloudwatch_log_group", `API-Gateway-Execution-Logs_${api}/live`],
    ["aws_cloudwatch_log_group", `API-Gateway-Execution-Logs_${api}/live/Canary`],
    ["aws_lambda_function", "legacy"],
  ]);
});

test("the mapping of a base path is imported, also that of a whole domain", async () => {
  const domain = { name: "api.example.com", existing: true };
  const files = { "releases/dev/environment.json": { region: "eu-central-1", domain } };
  const importOf = async (basePath: string) =>
    (await importsOf({ stage: { basePath }, adopt: { basePath: true } }, files)).at(-1);
  expect(await importOf("shop")).toEqual(["aws_api_gateway_base_path_mapping", "api.example.com/shop"]);
  expect(await importOf("/")).toEqual(["aws_api_gateway_base_path_mapping", "api.example.com/"]);
});

test("a function with the name that this project gives brings its role and its permission", async () => {
  const functions = { v1: { shop: "shop-dev-v1" } };
  expect(await importsOf({ adopt: { functions } })).toEqual([
    ["aws_iam_role", "shop-dev-v1"],
    ["aws_lambda_function", "shop-dev-v1"],
    ["aws_cloudwatch_log_group", "/aws/lambda/shop-dev-v1"],
  ]);
  expect(await importsOf({ adopt: { api, functions } })).toContainEqual([
    "aws_lambda_permission",
    `shop-dev-v1/AllowApi-${api}`,
  ]);
});

test("where GitHub deploys, its role is imported by the name that roles have in the path", async () => {
  const files = { "releases/dev/environment.json": environment() };
  const functions = { v1: { shop: "shop-dev-v1" } };
  expect(await importsOf({ adopt: { functions } }, files)).toContainEqual(["aws_iam_role", "shop.dev.v1"]);
});

test("the rehearsal serves a release that adopts", async () => {
  const functions = { v1: { shop: "legacy" } };
  const adopt = { api, stage: true, functions };
  const rehearsed = await RehearsedShop.of(shop({ canary: { version: "v2", percent: 50 }, adopt }));
  expect(Object.keys(await rehearsed.count("/dev/", 50)).sort()).toEqual(["v1", "v2"]);
});
