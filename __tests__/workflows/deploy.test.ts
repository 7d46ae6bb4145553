import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deployEnvironment } from "../../workflows/deploy";
import { summaryOf } from "../../workflows/plan-summary";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { createProject, handler, shop, writeFiles } from "../support/project";

const project = createProject(
  shop(
    {},
    {
      "releases/dev/basket.json": { strategy: "canary-stage", versions: ["v1"], stable: "v1" },
      "lambdas/basket/v1/basket.ts": handler("v1"),
    },
  ),
);

/** Plans what stands in `planned.json` of the stack's folder. */
const commands = fakeCommands({
  terraform: ([command = ""]) => {
    const planned = JSON.parse(require("node:fs").readFileSync("planned.json", "utf8"));
    if (planned === "locked") return { status: 1, stderr: "Error acquiring the state lock" };
    if (command === "plan") return { status: planned.length > 0 ? 2 : 0 };
    if (command !== "show") return {};
    const resource_changes = planned.map((percent: number) => ({
      address: "aws_api_gateway_stage.stage",
      mode: "managed",
      change: { actions: ["update"], after: { percent } },
    }));
    return { stdout: JSON.stringify({ resource_changes }) };
  },
});
usedInstead(commands);

/** Has Terraform plan a percent in a stack, or nothing. */
function plan(stack: string, planned: readonly number[] | "locked"): void {
  const folder = join(project, "cdktf.out/stacks", stack);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "planned.json"), JSON.stringify(planned));
}

let before = 0;
beforeEach(() => {
  before = commands.calls().length;
  jest.spyOn(console, "log").mockImplementation(() => {});
});
const applied = () =>
  commands
    .calls()
    .slice(before)
    .filter((call) => call.startsWith("terraform apply"));

/** What a deploy that may do nothing refuses, with the digest that it tells. */
function refusal(): string {
  try {
    deployEnvironment(project, "dev", { reviewed: {} });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was not refused");
}

/** What a review of the plan that was made last would have left. */
function reviewedNow(stack: string) {
  const folder = join(project, "cdktf.out/stacks", stack);
  return { [stack]: summaryOf(JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"))) };
}

test("a plan that nobody reviewed is not applied", () => {
  plan("shop-dev", [25]);
  plan("basket-dev", []);
  expect(refusal()).toContain("shop-dev: aws_api_gateway_stage.stage: update, which was not reviewed");
  expect(applied()).toEqual([]);
});

test("the reviewed plan's own file is applied, and what has nothing to apply is left alone", () => {
  plan("shop-dev", [25]);
  plan("basket-dev", []);
  refusal();
  const reviewed = reviewedNow("shop-dev");
  expect(deployEnvironment(project, "dev", { reviewed })).toEqual(["shop"]);
  expect(applied()).toEqual(["terraform apply -input=false -no-color plan.tfplan"]);
});

test("where one plan is not the reviewed one, none is applied", () => {
  plan("shop-dev", [25]);
  plan("basket-dev", []);
  refusal();
  const reviewed = reviewedNow("shop-dev");
  plan("basket-dev", [10]);
  expect(() => deployEnvironment(project, "dev", { reviewed })).toThrow(/basket-dev.*was not reviewed/);
  expect(applied()).toEqual([]);
});

test("a refused deploy tells a digest, by which these plans are applied and no others", () => {
  plan("shop-dev", [25]);
  plan("basket-dev", []);
  const accepted = /'accept' ([0-9a-f]{32})/.exec(refusal())?.[1] ?? "";
  plan("shop-dev", [50]);
  expect(() => deployEnvironment(project, "dev", { accepted })).toThrow("nothing is applied");
  plan("shop-dev", [25]);
  expect(deployEnvironment(project, "dev", { accepted })).toEqual(["shop"]);
});

test("the review allows what it explains, gets the plans that are empty too, and stops what it does not", () => {
  const review = (exitCode: number) => {
    const script = `console.log(process.argv.slice(2).join(" ")); process.exitCode = ${exitCode};`;
    writeFiles(project, { "release/cli/bin.js": script });
  };
  plan("shop-dev", [25]);
  plan("basket-dev", []);
  review(1);
  expect(() => deployEnvironment(project, "dev", { base: "HEAD" })).toThrow("the review found something");
  expect(applied()).toEqual([]);
  review(0);
  expect(deployEnvironment(project, "dev", { base: "HEAD" })).toEqual(["shop"]);
  const file = (stack: string) => join(project, "cdktf.out/stacks", stack, "plan.json");
  expect(jest.mocked(console.log).mock.calls.flat()).toContain(
    `review --environment dev --base HEAD --plan ${file("basket-dev")} --plan ${file("shop-dev")}\n`,
  );
});

test("one service is deployed alone", () => {
  plan("shop-dev", [25]);
  plan("basket-dev", "locked");
  const accepted = "none";
  expect(() => deployEnvironment(project, "dev", { accepted }, "shop")).toThrow("shop-dev: aws_api");
  expect(() => deployEnvironment(project, "dev", { accepted }, "cart")).toThrow("no service 'cart' in dev");
});

test("what Terraform says is told where it fails", () => {
  plan("shop-dev", []);
  plan("basket-dev", "locked");
  expect(() => deployEnvironment(project, "dev", { reviewed: {} })).toThrow(
    "basket-dev: terraform init fails:\nError acquiring the state lock",
  );
});
