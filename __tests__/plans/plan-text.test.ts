import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlanJson } from "../../src/workflows/plan-summary";
import { planLines } from "../../src/workflows/plan-text";
import { type Files, synthesizeFiles } from "../support/project";
import { life } from "../support/shop";
import { describePlans } from "./describe-plans";
import { planJson } from "./plan";

/** What a comment shows of the plan of the last of these. */
async function linesOf(...deployed: readonly Files[]): Promise<string[]> {
  const json = (await planJson(...deployed)) as PlanJson;
  const stack = join(await synthesizeFiles(deployed.at(-1) ?? {}), "stacks/shop-dev/cdk.tf.json");
  return planLines(json, JSON.parse(readFileSync(stack, "utf8")));
}

const stage = "~ aws_api_gateway_stage.canary-stage_EA838A75";

describePlans("a real plan in a comment", () => {
  test("shows a shift as the number that changes", async () => {
    expect(await linesOf(life.first, life.published, life.ten, life.twentyFive)).toEqual([
      stage,
      "    canary_settings[0].percent_traffic: 10 -> 25",
      "~ output traffic",
    ]);
  }, 600_000);

  test("shows of a new canary what the stack's own file has, and no id that AWS gave", async () => {
    expect(await linesOf(life.first, life.published, life.ten)).toEqual([
      stage,
      "    canary_settings[0].deployment_id: none -> (not shown)",
      "    canary_settings[0].percent_traffic: none -> 10",
      '    canary_settings[0].stage_variable_overrides.shopFunction: none -> "shop-dev-v2"',
      "    canary_settings[0].use_stage_cache: none -> false",
      "~ output traffic",
    ]);
  }, 600_000);

  test("shows what a published version adds", async () => {
    const lines = await linesOf(life.first, life.published);
    expect(lines.slice(0, -1)).toHaveLength(6);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^\+ aws_\w+\.version_v2_/);
    expect(lines.at(-1)).toBe("~ output functions");
  }, 600_000);
});
