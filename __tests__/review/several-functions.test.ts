import { checkLiveState } from "../../src/review/checks/live-state";
import { checkPlannedChanges } from "../../src/review/checks/planned-changes";
import type { PlannedResource } from "../../src/review/plan";
import { handler } from "../support/project";
import { apiOfTwo, numbered } from "../support/several-functions";
import { between, changed, lines, planOf, resource } from "./between";

const own = (release: object) => ({
  strategy: "weighted-alias",
  functions: ["api", "admin"],
  api: apiOfTwo,
  versions: { "1": numbered(1, 1), "2": numbered(2, 2) },
  stable: 1,
  ...release,
});
const at = (percent: number) => own({ canary: { version: 2, percent } });
const code = { "lambdas/shop/api.ts": handler("api"), "lambdas/shop/admin.ts": handler("admin") };

/** The alias of one function, and the share that it gives to version 2 before and after. */
function live(name: "api" | "admin", before: number, after: number): PlannedResource {
  const values = (weight: number) => ({
    function_name: `shop-dev-${name}`,
    function_version: "1",
    routing_config: [{ additional_version_weights: { "2": weight } }],
  });
  return resource(`aws_lambda_alias.live-aliases_${name}-alias_BCEC2B85`, {
    action: before === after ? "none" : "update",
    before: values(before),
    after: values(after),
    changed: before === after ? [] : changed("routing_config"),
  });
}

function check(kind: typeof checkLiveState, ...resources: PlannedResource[]): string[] {
  const change = between(at(10), at(25), {
    plan: planOf(...resources),
    files: code,
    baseFiles: code,
  });
  return lines(kind(change));
}

test("a step is the change of every alias", () => {
  const both = [live("api", 0.1, 0.25), live("admin", 0.1, 0.25)];
  expect(check(checkPlannedChanges, ...both)).toEqual([]);
  expect(check(checkLiveState, ...both)).toEqual([]);
});

test("an alias that a plan leaves where it was is found", () => {
  expect(check(checkPlannedChanges, live("api", 0.1, 0.25), live("admin", 0.1, 0.1))).toEqual([
    expect.stringContaining(
      "the plan leads the alias shop-dev-admin:live to version 1, 10 % to 2, but the file says version 1, 25 % to 2: it was made from another commit",
    ),
  ]);
});

test("an alias that a plan lacks is found", () => {
  expect(check(checkPlannedChanges, live("api", 0.1, 0.25))).toEqual([
    expect.stringContaining("the plan leads the alias shop-dev-admin:live to nothing"),
  ]);
});

test("an alias that somebody has moved is found", () => {
  expect(check(checkLiveState, live("api", 0.1, 0.25), live("admin", 0.5, 0.25))).toEqual([
    expect.stringContaining("the alias shop-dev-admin:live names version 1, 50 % to 2"),
  ]);
});
