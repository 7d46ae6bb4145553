import { noStops, withStop } from "../../src/release/steps/stops";
import { readPlan } from "../../src/review/plan";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { planFiles } from "../support/repository";
import { type Files, shop } from "../support/shop";
import { describePlans } from "./describe-plans";
import { counts, onlyChange, plan, planAfter, planJsonAfter, touchedNames } from "./plan";
import type { StateResource } from "./terraform";

const [nine, ten, eleven] = ["09", "10", "11"].map((hour) => `2026-11-27T${hour}:00:00Z`) as [
  string,
  string,
  string,
];
const guarded = (release: object) => shop({ guard: {}, stableSince: nine, ...release });
const canary = (percent: number, since: string) => ({ canary: { version: "v2", percent, since } });

/** As the guard leaves the parameter when it stops a version at ten. */
const stopped = (version: string) => (resources: StateResource[]) => {
  const parameter = resources.find(({ type }) => type === "aws_ssm_parameter")?.instances[0]?.attributes;
  if (parameter === undefined) throw new Error("there is no parameter");
  parameter["insecure_value"] = withStop(noStops, {
    version,
    at: ten,
    by: "guard",
    reason: "alarm shop-dev-v2-errors",
    from: { v1: 90, v2: 10 },
    to: { v1: 100 },
  });
};

async function refusalAfterStop(version: string, ...deployed: readonly Files[]): Promise<string> {
  const message = await planAfter(stopped(version), ...deployed).then(
    () => "planned without a word",
    (error: Error) => error.message,
  );
  return message.replace(/[\s│]+/g, " ");
}

/** As the guard leaves the parameter when it sees a share. */
const seen = (resources: StateResource[]) => {
  const parameter = resources.find(({ type, name }) => type === "aws_ssm_parameter" && /^share_/.test(name));
  const attributes = parameter?.instances[0]?.attributes;
  if (attributes === undefined) throw new Error("there is no parameter");
  attributes["insecure_value"] = JSON.stringify({ version: "2", percent: 10, since: nine, at: ten });
};

describePlans("guard", () => {
  const [published, trial, more] = [guarded({}), guarded(canary(10, nine)), guarded(canary(25, nine))];

  test("comes without moving anybody", async () => {
    const added = touchedNames(await plan(shop({ alarms: {} }), published));
    expect(added.filter((name) => !name.startsWith("create "))).toEqual([
      "update aws_api_gateway_stage.canary-stage",
      // It shows the alarm on the answers, which comes with the guard.
      "update aws_cloudwatch_dashboard.dashboard",
    ]);
  });

  test.each([
    ["starting", [published, trial]],
    ["shifting", [published, trial, more]],
    ["promoting", [published, trial, guarded({ stable: "v2", stableSince: eleven, former: "v1" })]],
    ["rolling back", [published, trial, published]],
  ])("%s is one change", async (_, deployed) => {
    const found = await plan(...deployed);
    expect(counts(found)).toEqual([0, 1, 0]);
    expect(onlyChange(found).address).toMatch(/^aws_api_gateway_stage\.canary-stage/);
  });

  test("a step is one change too where it compares, and to begin to compare changes the guard alone", async () => {
    const comparing = (release: object) => guarded({ guard: { verdict: true }, ...release });
    const steps = [{ percent: 10, verdict: "as-good" }, { percent: 25 }];
    const from = comparing({ ...canary(10, nine), steps });
    expect(counts(await plan(from, comparing({ ...canary(25, nine), steps })))).toEqual([0, 1, 0]);
    expect(touchedNames(await plan(trial, from))).toEqual([
      "update aws_iam_role_policy.guard_function_role_policy",
      "update aws_lambda_function.guard_function",
    ]);
  });

  test("what was stopped gets no users by an older decision", async () => {
    expect(await refusalAfterStop("v2", trial, more)).toContain(
      "v2 of dev/shop was stopped at 2026-11-27T10:00:00Z by guard (alarm shop-dev-v2-errors), and the decision of the file is older ('canary.since' is 2026-11-27T09:00:00Z). Run 'lambda-release sync dev/shop'",
    );
  });

  test("also where nothing else changes", async () => {
    expect(await refusalAfterStop("v2", trial, trial)).toContain("v2 of dev/shop was stopped");
  });

  test("nor by one that has no time", async () => {
    const undated = guarded({ stable: "v2", stableSince: undefined, former: "v1" });
    expect(await refusalAfterStop("v2", published, undated)).toContain(
      "write 'stableSince', the time in UTC",
    );
  });

  test.each([
    ["a later decision gives it users again", "v2", guarded(canary(10, eleven))],
    ["a version that gets no users may have been stopped", "v2", published],
    ["another version's stop is none of its own", "v3", trial],
  ])("%s", async (_, version, head) => {
    expect((await planAfter(stopped(version), trial, head)).destroy).toBe(0);
  });

  test("a step of an alias is one change, whatever the guard recorded of its share", async () => {
    const alias = (code: string, release: object) =>
      oneFunction("weighted-alias", code, { guard: {}, versions: [1], stableSince: nine, ...release });
    const trial = (percent: number) =>
      alias("two", { versions: [1, 2], canary: { version: 2, percent, since: nine } });
    const found = await planAfter(seen, alias("one", {}), alias("two", {}), trial(10), trial(25));
    expect(counts(found)).toEqual([0, 1, 0]);
    expect(onlyChange(found).address).toMatch(/^aws_lambda_alias\.live/);
  });

  describe.each(["alias-canary-stage", "blue-green-stage", "weighted-alias"] as const)("%s", (strategy) => {
    const pointer = strategy === "weighted-alias" ? "aws_lambda_alias.live" : "aws_api_gateway_stage.";
    const at = (code: string, release: object) =>
      oneFunction(strategy, code, { guard: {}, stableSince: nine, ...release });
    const two = (release: object) => at("two", { versions: [1, 2], ...release });
    const before = [at("one", { versions: [1] }), two({})];
    const promoted = two({ stable: 2, former: 1, stableSince: eleven });
    const [tenPercent, half] = [10, 50].map((percent) =>
      two({ canary: { version: 2, percent, since: nine } }),
    ) as [Files, Files];
    const steps: [string, Files[]][] = [
      ["promoting", [...before, promoted]],
      ["rolling back", [...before, promoted, two({ stableSince: eleven })]],
      ["starting", [...before, tenPercent]],
      ["shifting", [...before, tenPercent, half]],
    ];

    test.each(strategy === "blue-green-stage" ? steps.slice(0, 2) : steps)(
      "%s is one change of the pointer",
      async (_, deployed) => {
        const found = await plan(...deployed);
        expect(counts(found)).toEqual([0, 1, 0]);
        expect(onlyChange(found).address.startsWith(pointer)).toBe(true);
      },
    );

    test("promotes nothing that was stopped since", async () => {
      const older = two({ stable: 2, former: 1, stableSince: nine });
      expect(await refusalAfterStop("2", ...before, older)).toContain(
        "2 of dev/shop was stopped at 2026-11-27T10:00:00Z by guard",
      );
    });
  });

  test("a stop is no change of the parameter, and a review reads it in the plan", async () => {
    const json = await planJsonAfter(stopped("v2"), published, published);
    const read = readPlan(planFiles(json)[0] as string);
    expect(read.resources.filter(({ action }) => action !== "none")).toEqual([]);
    expect(read.stops).toMatchObject([{ version: "v2", at: ten, by: "guard" }]);
  });
});
