import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type DeployOptions, deployEnvironment } from "../../src/workflows/deploy";
import { summaryOf } from "../../src/workflows/plan-summary";
import { published } from "../guard/guard-answers";
import { AnsweringEndpoint } from "../live/answering-endpoint";
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

/** Plans what stands in the stack's folder. */
const commands = fakeCommands({
  terraform: `
    if [ -e locked ]; then echo "Error acquiring the state lock" >&2; exit 1; fi
    case $1 in
      plan) exit "$(cat status)" ;;
      state) echo '{ "lineage": "l1" }' ;;
      show) cat shown.json ;;
      apply) if [ -e broken ]; then echo "Error: it cannot be applied" >&2; exit 1; fi ;;
    esac`,
});
usedInstead(commands);

/** Has Terraform plan a percent in a stack, or nothing; `traffic` is what becomes of that output. */
function plan(stack: string, planned: readonly number[] | "locked", traffic?: object): void {
  const folder = join(project, "cdktf.out/stacks", stack);
  rmSync(folder, { recursive: true, force: true });
  if (planned === "locked") {
    writeFiles(folder, { locked: "" });
    return;
  }
  const resource_changes = planned.map((percent) => ({
    address: "aws_api_gateway_stage.stage",
    mode: "managed",
    change: { actions: ["update"], after: { percent } },
  }));
  writeFiles(folder, {
    status: planned.length > 0 ? "2" : "0",
    "shown.json": { resource_changes, output_changes: { traffic } },
  });
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
function refusal(): Promise<string> {
  return deployEnvironment(project, "dev", { reviewed: {} }).then(
    () => {
      throw new Error("it was not refused");
    },
    (error: Error) => error.message,
  );
}

/** What a review of the plan that was made last would have left. */
function reviewedNow(stack: string) {
  const folder = join(project, "cdktf.out/stacks", stack);
  const json = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));
  return { [stack]: summaryOf({ json, lineage: "l1" }) };
}

test("a plan that nobody reviewed is not applied", async () => {
  plan("shop-dev", [25]);
  plan("basket-dev", []);
  expect(await refusal()).toContain("shop-dev: aws_api_gateway_stage.stage: update, which was not reviewed");
  expect(applied()).toEqual([]);
});

test("the reviewed plan's own file is applied, and what has nothing to apply is left alone", async () => {
  plan("shop-dev", [25]);
  plan("basket-dev", []);
  await refusal();
  const reviewed = reviewedNow("shop-dev");
  expect(await deployEnvironment(project, "dev", { reviewed })).toEqual(["shop"]);
  expect(applied()).toEqual(["terraform apply -input=false -no-color plan.tfplan"]);
});

test("where one plan is not the reviewed one, none is applied", async () => {
  plan("shop-dev", [25]);
  plan("basket-dev", []);
  await refusal();
  const reviewed = reviewedNow("shop-dev");
  plan("basket-dev", [10]);
  await expect(deployEnvironment(project, "dev", { reviewed })).rejects.toThrow(
    /basket-dev.*was not reviewed/,
  );
  expect(applied()).toEqual([]);
});

test("a refused deploy tells a digest, by which these plans are applied and no others", async () => {
  plan("shop-dev", [25]);
  plan("basket-dev", []);
  const accepted = /'accept' ([0-9a-f]{32})/.exec(await refusal())?.[1] ?? "";
  plan("shop-dev", [50]);
  await expect(deployEnvironment(project, "dev", { accepted })).rejects.toThrow("nothing was applied");
  plan("shop-dev", [25]);
  expect(await deployEnvironment(project, "dev", { accepted })).toEqual(["shop"]);
});

describe("where the review decides", () => {
  const file = "releases/dev/shop.json";
  const canary = (percent: number) => ({
    [file]: {
      strategy: "canary-stage",
      versions: ["v1", "v2"],
      stable: "v1",
      canary: { version: "v2", percent },
    },
  });
  beforeAll(() => {
    writeFiles(project, canary(10));
    for (const args of [
      ["init", "--quiet"],
      ["add", "releases", "lambdas"],
      ["commit", "--quiet", "-m", "live"],
    ])
      spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: project });
    writeFiles(project, canary(25));
  });
  afterAll(() => writeFiles(project, shop({})));

  /** Has Terraform plan that the canary of a stack goes from 10 percent to others, or nothing. */
  function planCanary(stack: string, to?: number): void {
    const name = { name: stack };
    const shares = (percent_traffic: number) => ({
      variables: { shopFunction: "shop-dev-v1" },
      canary_settings: [{ percent_traffic, stage_variable_overrides: { shopFunction: "shop-dev-v2" } }],
    });
    plan(stack, to === undefined ? [] : [to]);
    const change = (address: string, actions: string[], before: object, after: object) => ({
      address,
      mode: "managed",
      type: address.split(".")[0],
      change: { actions, before, after, after_unknown: {} },
    });
    writeFiles(join(project, "cdktf.out/stacks", stack), {
      "shown.json": {
        format_version: "1.2",
        resource_changes: [
          change("aws_api_gateway_rest_api.api_C8550315", ["no-op"], name, name),
          ...(to === undefined
            ? []
            : [change("aws_api_gateway_stage.canary-stage_EA838A75", ["update"], shares(10), shares(to))]),
        ],
      },
    });
  }

  const deploy = (base: string) => deployEnvironment(project, "dev", { base });

  test("what it explains is applied", async () => {
    planCanary("shop-dev", 25);
    planCanary("basket-dev");
    expect(await deploy("HEAD")).toEqual(["shop"]);
    expect(applied()).toHaveLength(1);
  });

  test("what it has moved is told, and a topic that cannot be told fails nothing", async () => {
    const aws = await AnsweringEndpoint.start();
    const topic = "arn:aws:sns:eu-central-1:111122223333:releases";
    const said = jest.spyOn(console, "log").mockImplementation(() => {});
    aws.set({
      Publish: { status: 400, body: "<Error><Code>NotFound</Code><Message>no topic</Message></Error>" },
    });
    const environment = (fields: object) => ({ region: "eu-central-1", ...fields });
    writeFiles(project, {
      "releases/dev/environment.json": environment({ notifications: { topics: [topic] } }),
    });
    planCanary("shop-dev", 25);
    planCanary("basket-dev");
    await refusal();
    const told = { commit: "c1", next: () => "next dev/shop" };
    const services = await deployEnvironment(project, "dev", { reviewed: reviewedNow("shop-dev") }, { told });
    expect([services, applied()]).toEqual([["shop"], [expect.anything()]]);
    const [{ Subject, Message } = {}] = aws.calls
      .filter(({ name }) => name === "Publish")
      .map(({ body }) => body as Record<string, string>);
    expect([Subject, Message]).toEqual([
      "dev/shop: v2 from 10 to 25 %",
      expect.stringContaining("Next: npx lambda-release next dev/shop"),
    ]);
    expect(said.mock.calls.flat().filter((line) => String(line).startsWith("careful"))).toEqual([
      expect.stringContaining(`careful  ${topic} was not notified: `),
    ]);
    // What was moved before another stack failed is told too, and what failed is not.
    aws.set({ Publish: published });
    planCanary("basket-dev", 25);
    await refusal();
    const reviewed = { ...reviewedNow("shop-dev"), ...reviewedNow("basket-dev") };
    writeFiles(join(project, "cdktf.out/stacks/shop-dev"), { broken: "" });
    await expect(deployEnvironment(project, "dev", { reviewed }, { told })).rejects.toThrow(
      "it cannot be applied",
    );
    expect(aws.calls.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ Subject: expect.stringMatching(/^dev\/basket: /) }),
    );
    expect(aws.asked).toEqual(["Publish"]);
    writeFiles(project, { "releases/dev/environment.json": environment({}) });
    aws.stop();
  });

  test.each<[string, () => void]>([
    ["a plan that does another step than the file", () => planCanary("shop-dev", 50)],
    ["a plan of a service that did not change", () => planCanary("basket-dev", 25)],
  ])("%s is not", async (_, planned) => {
    planCanary("shop-dev", 25);
    planCanary("basket-dev");
    planned();
    await expect(deploy("HEAD")).rejects.toThrow("the review has findings: nothing was applied");
    expect(applied()).toEqual([]);
  });

  test("where it cannot judge, nothing is", async () => {
    planCanary("shop-dev", 25);
    planCanary("basket-dev");
    await expect(deploy("nowhere")).rejects.toThrow("nowhere");
    expect(applied()).toEqual([]);
  });
});

test("a deploy locks the state while it plans, and while it applies", async () => {
  plan("shop-dev", [25]);
  plan("basket-dev", []);
  await refusal();
  await deployEnvironment(project, "dev", { reviewed: reviewedNow("shop-dev") });
  const calls = commands.calls().slice(before);
  const plans = calls.filter((call) => call.startsWith("terraform plan"));
  expect(plans).toEqual(Array(4).fill(expect.stringContaining(" -lock=true ")));
  // Locked is how Terraform applies where nothing is said.
  expect(calls.filter((call) => call.includes("-lock=false"))).toEqual([]);
});

test("one service is deployed alone", async () => {
  plan("shop-dev", [25]);
  plan("basket-dev", "locked");
  const accepted = "none";
  await expect(deployEnvironment(project, "dev", { accepted }, { only: "shop" })).rejects.toThrow(
    "shop-dev: aws_api",
  );
  await expect(deployEnvironment(project, "dev", { accepted }, { only: "cart" })).rejects.toThrow(
    "no service 'cart' in dev",
  );
});

test("what Terraform says is told where it fails", async () => {
  plan("shop-dev", []);
  plan("basket-dev", "locked");
  await expect(deployEnvironment(project, "dev", { reviewed: {} })).rejects.toThrow(
    "basket-dev: terraform init fails:\nError acquiring the state lock",
  );
});

describe("a plan that gives a version on trial more users", () => {
  let aws: AnsweringEndpoint;
  beforeAll(async () => {
    aws = await AnsweringEndpoint.start();
  });
  afterAll(() => {
    aws.stop();
    writeFiles(project, { "releases/dev/shop.json": release({}) });
  });

  const release = (fields: object) => ({
    strategy: "canary-stage",
    versions: ["v1", "v2"],
    stable: "v1",
    alarms: {},
    ...fields,
  });
  const alarms = (StateValue: string) => ({
    DescribeAlarms: { body: { MetricAlarms: [{ AlarmName: "shop-dev-v2-errors", StateValue }] } },
  });

  /** Has Terraform plan a move of the shop from one share of v2's to another, as its file says it. */
  function planned(from: number | undefined, to: number, fields: object): Promise<string[]> {
    const shares = (percent: number) => ({ v1: 100 - percent, v2: percent });
    plan("shop-dev", [to], { before: from === undefined ? null : shares(from), after: shares(to) });
    plan("basket-dev", []);
    writeFiles(project, { "releases/dev/shop.json": release(fields) });
    return deployAccepted();
  }

  /** Somebody has read the plan. */
  async function deployAccepted(options: DeployOptions = {}): Promise<string[]> {
    const accepted = /'accept' ([0-9a-f]{32})/.exec(await refusal())?.[1] ?? "";
    return deployEnvironment(project, "dev", { accepted }, options);
  }

  const canary = { version: "v2", percent: 25 };
  const promoted = { stable: "v2", former: "v1" };

  test.each([
    [10, 25, { canary }],
    [25, 100, promoted],
  ])("is not applied while an alarm is red: from %j to %j %%", async (from, to, fields) => {
    aws.set(alarms("ALARM"));
    await expect(planned(from, to, fields)).rejects.toThrow(
      "not sending more traffic to v2 while an alarm is in ALARM\n  shop-dev-v2-errors is in ALARM",
    );
    expect(applied()).toEqual([]);
  });

  test("is not applied where AWS cannot be asked", async () => {
    aws.set({ DescribeAlarms: { status: 400, error: "AccessDenied", body: { message: "no" } } });
    await expect(planned(10, 25, { canary })).rejects.toThrow("the alarms of dev/shop cannot be asked");
    expect(applied()).toEqual([]);
  });

  test.each<[string, object]>([
    ["none is red", alarms("INSUFFICIENT_DATA")],
    ["none is there yet", { DescribeAlarms: { body: {} } }],
  ])("is applied where %s", async (_, table) => {
    aws.set(table as Parameters<AnsweringEndpoint["set"]>[0]);
    expect(await planned(10, 25, { canary })).toEqual(["shop"]);
    expect(applied()).toHaveLength(1);
  });

  test("is applied while one is red where that is asked for", async () => {
    aws.set(alarms("ALARM"));
    await expect(planned(10, 25, { canary })).rejects.toThrow("ALARM");
    expect(await deployAccepted({ ignoreAlarms: true })).toEqual(["shop"]);
  });

  test.each<[string, number | undefined, number, object]>([
    ["a smaller share", 50, 25, { canary }],
    ["the canary is dropped", 25, 0, { former: "v0" }],
    ["back after a promotion", 100, 0, {}],
    ["a new stack", undefined, 25, { canary }],
    ["no alarms", 10, 25, { canary, alarms: undefined }],
  ])("and any other asks nobody: %s", async (_, from, to, { former, ...fields }: { former?: string }) => {
    aws.set(alarms("ALARM"));
    const versions = former === undefined ? ["v1", "v2"] : [former, "v1", "v2"];
    writeFiles(project, { "lambdas/shop/v0/shop.ts": handler("v0") });
    expect(await planned(from, to, { ...fields, former, versions })).toEqual(["shop"]);
    expect(aws.calls).toEqual([]);
  });
});
