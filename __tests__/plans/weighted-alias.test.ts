import { search } from "../support/release-steps";
import { describePlans } from "./describe-plans";
import { testReviews } from "./describe-reviews";
import { testSteps } from "./describe-steps";
import { onlyChange, plan, refusal, touchedNames } from "./plan";

const { first, published, recorded, zero, ten, twentyFive, promoted, pruned } = search;
const shifted = [first, published, ten, twentyFive];
const live = "aws_lambda_alias.live";

/** What the alias says of its versions. */
const pointer = ({ function_version, routing_config }: Readonly<Record<string, unknown>>) => ({
  function_version,
  routing_config,
});
const split = (version: string, canary: string, weight: number) => ({
  function_version: version,
  routing_config: [{ additional_version_weights: { [canary]: weight } }],
});
const all = (version: string) => ({ function_version: version, routing_config: [] });

describePlans("weighted-alias", () => {
  testSteps("search-dev");

  testReviews("search-dev", [
    "first deploy, version 1 (100 %); 13 to add, nothing replaced",
    "traffic unchanged, version 1 (100 %); 1 change, nothing replaced",
    "version 1 (100 -> 90 %), version 2 (0 -> 10 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (90 -> 75 %), version 2 (10 -> 25 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (75 -> 100 %), version 2 (25 -> 0 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (75 -> 0 %), version 2 (25 -> 100 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (0 -> 100 %), version 2 (100 -> 0 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "prune version 1; traffic unchanged, version 2 (100 %); nothing to apply",
    "record version 2; traffic unchanged, version 1 (100 %); 1 to add, 1 change, nothing replaced",
    "version 1 (100 -> 0 %), version 2 (0 -> 100 %); API definition of version 2 for all users; 2 changes, nothing replaced; time to roll back: one apply of two changes",
    "version 1 (0 -> 100 %), version 2 (100 -> 0 %); API definition of version 1 for all users; 2 changes, nothing replaced; time to roll back: one apply of two changes",
  ]);

  test("the same synth twice changes nothing", async () => {
    expect(touchedNames(await plan(...shifted, twentyFive))).toEqual([]);
  });

  test("new code publishes a version and moves no pointer", async () => {
    expect(touchedNames(await plan(first, published))).toEqual(["update aws_lambda_function.function"]);
  });

  test("recording and forgetting a version changes nothing", async () => {
    expect(touchedNames(await plan(first, published, recorded))).toEqual([]);
    expect(touchedNames(await plan(...shifted, promoted, pruned))).toEqual([]);
  });

  test.each([
    ["starting the canary", [first, published, ten], all("1"), split("1", "2", 0.1)],
    ["starting the canary at 0 percent", [first, published, zero], all("1"), split("1", "2", 0)],
    ["10 to 25 percent", shifted, split("1", "2", 0.1), split("1", "2", 0.25)],
    ["promoting", [...shifted, promoted], split("1", "2", 0.25), all("2")],
    ["dropping the canary", [...shifted, recorded], split("1", "2", 0.25), all("1")],
    ["rolling back after promotion", [...shifted, promoted, recorded], all("2"), all("1")],
  ])("%s changes the alias in place and nothing else", async (_, deployed, before, after) => {
    const change = onlyChange(await plan(...deployed));
    expect(`${change.action} ${change.address}`).toMatch(`update ${live}`);
    expect(pointer(change.before)).toEqual(before);
    expect(change.after).toEqual({ ...change.before, ...after });
  });

  test("one deploy may publish a version and start it as the canary", async () => {
    const result = await plan(first, ten);
    expect(touchedNames(result)).toEqual([`update ${live}`, "update aws_lambda_function.function"]);
  });

  test("a new definition adds a deployment, which the stage moves to with the promotion", async () => {
    const defined = search.withDefinition({ stable: 1 });
    const there = search.withDefinition({ stable: 2 });
    expect(touchedNames(await plan(first, published, defined))).toEqual([
      expect.stringMatching(/^create aws_api_gateway_deployment\.definition_/),
      // The definition that is worked on, which nobody is served from.
      "create/delete aws_api_gateway_rest_api_put.api_definition",
    ]);
    const promotion = ["update aws_api_gateway_stage.live-stage", `update ${live}`];
    expect(touchedNames(await plan(first, published, defined, there))).toEqual(promotion);
    expect(touchedNames(await plan(first, published, defined, there, defined))).toEqual(promotion);
  });

  test.each([
    ["the stable version", { versions: [1, 2, 3], stable: 3 }],
    ["the canary", { versions: [1, 2, 3], stable: 1, canary: { version: 3, percent: 10 } }],
  ])("a version that is not published fails the plan as %s", async (_, release) => {
    expect(await refusal(first, published, search.with(release))).toContain(
      "version 3 of search-dev is not published, the latest is 2: deploy its code first, then point at it",
    );
  });
});
