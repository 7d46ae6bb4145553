import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DeployFailed } from "../../src/workflows/apply-in-order";
import { deployEnvironment } from "../../src/workflows/deploy";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { type Files, writeFiles } from "../support/project";
import { Repository } from "../support/repository";
import { service, train } from "../support/train";

jest.setTimeout(60_000);

/** Plans what stands in the stack's folder. Where it is `broken`, an apply fails; else nothing is left after it. */
const commands = fakeCommands({
  terraform: `
    case $1 in
      plan) exit "$(cat status)" ;;
      state) echo '{ "lineage": "l1" }' ;;
      show) if [ "$(cat status)" = 0 ]; then echo '{}'; else cat shown.json; fi ;;
      apply)
        echo "$(basename "$PWD") $(basename "$(cd ../../..; pwd)")" >> "$APPLIED"
        if [ -e broken ]; then echo "Error: the stage cannot be changed" >&2; exit 1; fi
        echo 0 > status ;;
    esac`,
});
usedInstead(commands);

/** Writes what it is given as its output: the plan of each stack. */
const app = {
  "cdktf.json": { language: "typescript", app: "node app.js" },
  "app.js": `require("node:fs").cpSync("plans", process.env.CDKTF_OUTDIR + "/stacks", { recursive: true });`,
  ".gitignore": "cdktf.out\napplied\n",
};

type Percents = readonly [before: number, after: number];

/** A plan that gives v2 of a service another share. @param other a resource that it makes beside that */
function plan([before, after]: Percents, other?: string): object {
  const shares = (percent: number) => ({ v1: 100 - percent, v2: percent });
  const stage = (percent: number) => ({ canary_settings: [{ percent_traffic: percent }], name: "dev" });
  const change = (address: string, actions: string[], values: object) => ({
    address,
    mode: "managed",
    type: address.split(".")[0],
    change: { actions, after_unknown: { canary_settings: [{}] }, ...values },
  });
  return {
    resource_changes: [
      change("aws_api_gateway_stage.stage", ["update"], { before: stage(before), after: stage(after) }),
      ...(other === undefined ? [] : [change(other, ["delete"], { before: {}, after: null })]),
    ],
    output_changes: { traffic: { before: shares(before), after: shares(after) } },
  };
}

const planned = (folder: string, name: string, percents?: Percents, other?: string): Files => ({
  [`${folder}/${name}-dev/cdk.tf.json`]: {},
  [`${folder}/${name}-dev/status`]: percents === undefined ? "0" : "2",
  [`${folder}/${name}-dev/shown.json`]: percents === undefined ? {} : plan(percents, other),
});

/** @param former what the former commit's files would do after the deploy, by service */
function projectOf(onFailure: string, former: Record<string, Percents | undefined>, other?: string): string {
  const trains = { checkout: { services: ["orders", "billing"], onFailure } };
  const repository = new Repository({
    ...app,
    ...train({ "releases/dev/environment.json": { region: "eu-central-1", trains } }),
    ...service("billing", {}),
    ...service("orders", {}),
    ...Object.fromEntries(
      Object.entries(former).flatMap(([name, percents]) =>
        Object.entries(planned("plans", name, percents, other)),
      ),
    ),
  });
  repository.commitAll("the train moves");
  return repository.project;
}

const folder = "cdktf.out/stacks";

/** Has the deploy find these plans, of which one cannot be applied. */
function find(project: string, plans: Record<string, Percents | undefined>, broken?: string): void {
  rmSync(join(project, "cdktf.out"), { recursive: true, force: true });
  for (const [name, percents] of Object.entries(plans)) writeFiles(project, planned(folder, name, percents));
  if (broken !== undefined) writeFiles(project, { [`${folder}/${broken}-dev/broken`]: "" });
}

let applied = "";
let before = 0;
beforeEach(() => {
  before = commands.calls().length;
  jest.spyOn(console, "log").mockImplementation(() => {});
});

/** Somebody has read the plans. */
async function deploy(
  project: string,
  former?: string,
): Promise<{ services?: readonly string[]; error?: DeployFailed }> {
  applied = join(project, "applied");
  process.env["APPLIED"] = applied;
  const refused = await deployEnvironment(project, "dev", { reviewed: {} }).catch(
    ({ message }: Error) => message,
  );
  const accepted = /'accept' ([0-9a-f]{32})/.exec(String(refused))?.[1] ?? "";
  return deployEnvironment(project, "dev", { accepted }, { former }).then(
    (services) => ({ services }),
    (error: DeployFailed) => ({ error }),
  );
}

/** Every apply so far: the stack, and the folder that it was synthesized in. */
const applies = () => (existsSync(applied) ? readFileSync(applied, "utf8").trimEnd().split("\n") : []);
const stacks = () => applies().map((line) => line.split(" ")[0]);
const told = (error: DeployFailed | undefined) => error?.message.split("\n").slice(1) ?? [];

const go = "to go on, run this deploy again";
const back =
  "to go back, run 'npx lambda-release rollback dev/checkout', and merge what it writes; in an emergency, with --now";

test("services of no train come first, then the train in its order, which is none of the names", async () => {
  const project = projectOf("stop", {});
  find(project, { billing: [10, 25], orders: [10, 25], search: [10, 25] });
  expect((await deploy(project)).services).toEqual(["search", "orders", "billing"]);
  expect(stacks()).toEqual(["search-dev", "orders-dev", "billing-dev"]);
});

test("a train that goes back goes from its last service to its first", async () => {
  const project = projectOf("stop", {});
  find(project, { billing: [25, 0], orders: [25, 0], search: [10, 25] });
  expect((await deploy(project)).services).toEqual(["search", "billing", "orders"]);
  expect(stacks()).toEqual(["search-dev", "billing-dev", "orders-dev"]);
});

test("a failure stops the deploy, which says what is live and how to go on or back", async () => {
  const project = projectOf("stop", { orders: [25, 10] });
  find(project, { billing: [10, 25], orders: [10, 25], search: undefined }, "billing");
  const { error } = await deploy(project);
  expect(error?.message).toContain(
    "billing-dev: terraform apply fails:\nError: the stage cannot be changed\n",
  );
  expect(told(error).slice(1)).toEqual([
    "",
    "  orders-dev                   deployed",
    "  billing-dev                  failed: 1 of 1 change left",
    go,
    back,
  ]);
  expect([error?.deployed, stacks()]).toEqual([["orders"], ["orders-dev", "billing-dev"]]);
  const calls = commands.calls().slice(before);
  expect(calls.filter((call) => call.includes("-lock=false"))).toEqual([]);
});

test("what comes after the failure is not deployed", async () => {
  const project = projectOf("stop", {});
  find(project, { billing: [10, 25], orders: undefined, search: [10, 25] }, "search");
  const { error } = await deploy(project);
  expect(told(error).slice(1)).toEqual([
    "",
    "  search-dev                   failed: 1 of 1 change left",
    "  billing-dev                  not deployed",
    go,
  ]);
  expect(stacks()).toEqual(["search-dev"]);
});

describe("a train that takes back", () => {
  test("returns what it moved to the former commit, the last first", async () => {
    const project = projectOf("take-back", { orders: [25, 10], billing: undefined });
    find(project, { billing: [10, 25], orders: [10, 25], search: [10, 25] }, "billing");
    const { error } = await deploy(project);
    expect(told(error).slice(1)).toEqual([
      "",
      "  search-dev                   deployed",
      "  orders-dev                   taken back: v1 90 %, v2 10 %",
      "  billing-dev                  failed, and is as before: v1 90 %, v2 10 %",
      go,
      back,
    ]);
    // What is of no train stays, and is looked at after the deploy.
    expect(error?.deployed).toEqual(["search"]);
    expect(stacks()).toEqual(["search-dev", "orders-dev", "billing-dev", "orders-dev"]);
    // By the output of the former commit, whose plan is empty then.
    const calls = commands.calls().slice(before);
    expect(calls.slice(calls.lastIndexOf("terraform apply -input=false -no-color plan.tfplan") + 1)).toEqual([
      expect.stringMatching(/^terraform plan .*-lock=true/),
      expect.stringMatching(/^terraform show/),
      expect.stringMatching(/^terraform state pull/),
    ]);
    expect(calls.filter((call) => call.includes("-lock=false"))).toEqual([]);
    expect(applies().at(-1)).toBe("orders-dev project");
  });

  test.each<[string, Percents, string | undefined, string]>([
    ["to another share", [25, 5], undefined, "aws_api_gateway_stage.stage: update"],
    ["and deletes what was published", [25, 10], "aws_lambda_function.v3", "aws_lambda_function.v3: delete"],
  ])("leaves what the former commit would bring %s", async (_, percents, other, why) => {
    const project = projectOf("take-back", { orders: percents, billing: undefined }, other);
    find(project, { billing: [10, 25], orders: [10, 25], search: undefined }, "billing");
    const { error } = await deploy(project);
    expect(told(error)).toContain(
      `  orders-dev                   deployed; not taken back: the former commit would do more than take it back: ${why}`,
    );
    expect(error?.deployed).toEqual(["orders"]);
    expect(stacks()).toEqual(["orders-dev", "billing-dev"]);
  });

  test("never gives users a version that a rollback took from them", async () => {
    const project = projectOf("take-back", { orders: [0, 25], billing: [0, 25] });
    find(project, { billing: [25, 0], orders: [25, 0], search: undefined }, "orders");
    const { error } = await deploy(project);
    expect(told(error).slice(1)).toEqual([
      "",
      "  orders-dev                   failed: 1 of 1 change left",
      "  billing-dev                  deployed",
      go,
    ]);
    expect(stacks()).toEqual(["billing-dev", "orders-dev"]);
  });

  test("says where the former commit is not there", async () => {
    const project = projectOf("take-back", {});
    find(project, { billing: [10, 25], orders: [10, 25], search: undefined }, "billing");
    const { error } = await deploy(project, "0000000");
    expect(told(error).join("\n")).toContain("deployed; not taken back: git cannot check out '0000000'");
    expect(error?.deployed).toEqual(["orders"]);
  });

  test("tells what an earlier deploy left live", async () => {
    const project = projectOf("take-back", { billing: undefined });
    find(project, { billing: [10, 25], orders: undefined, search: undefined }, "billing");
    const { error } = await deploy(project);
    expect(told(error)).toContain("  orders-dev                   nothing to apply: live as its file says");
    expect(told(error).at(-1)).toContain("'npx lambda-release rollback dev/billing'");
  });
});
