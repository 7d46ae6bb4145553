import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Asked, together } from "../../src/live/advance-together";
import { projectFolder } from "../support/command";
import { createProject, type Files, handler } from "../support/project";
import { release } from "../support/release-command";
import { advancingShop, advancingTrain, awsOfShop, awsOfTrain, canary, steps, stop } from "./advancing-shop";
import { AnsweringEndpoint } from "./answering-endpoint";
import { failing, now, rare, since } from "./compared-hour";
import { variablesOfAws } from "./deployed-shop";

jest.setTimeout(60_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const advance = (folder: string, ...args: readonly string[]) =>
  release(folder, ["advance", ...args], { now, variables: variablesOfAws() });
const fileOf = (folder: string) => JSON.parse(readFileSync(join(folder, "releases/dev/shop.json"), "utf8"));

const row = (stdout: string) =>
  stdout
    .split("\n")
    .find((line) => line.startsWith("dev/shop"))
    ?.replace(/ {2,}/g, "  ");

const held = { ...canary, hold: { why: "support looks at it", since } };
const shopFile = advancingShop()["releases/dev/shop.json"] as object;
const page = readFileSync(join(projectFolder, "docs/auto.md"), "utf8");

describe("advance", () => {
  test("tells what goes on and why, and writes nothing", async () => {
    aws.set(awsOfShop(aws));
    const others = {
      "releases/dev/cart.json": { ...shopFile, canary: held },
      "lambdas/cart/v1/cart.ts": handler("v1"),
      "lambdas/cart/v2/cart.ts": handler("v2"),
      "releases/dev/search.json": { ...shopFile, canary: { ...canary, percent: 50 } },
      "lambdas/search/v1/search.ts": handler("v1"),
      "lambdas/search/v2/search.ts": handler("v2"),
    };
    const folder = createProject(advancingShop({}, others));
    const found = await advance(folder, "dev");
    expect(page).toContain(`$ npx lambda-release advance dev\n${found.stdout.trim()}\n`);
    expect(found).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: [
        "service      on trial   share   found",
        "dev/cart     v2          10 %   v2 is held since 2026-11-27T10:00:00Z: support looks at it",
        "dev/search   v2          50 %   by hand: its step has no 'auto'",
        "dev/shop     v2          10 %   goes on: 10 % -> 25 % (bake time over since 2026-11-27T11:01:00Z, 2 alarms quiet, as good: nothing that matters is worse in v2)",
        "",
        "would write releases/dev/shop.json",
        "commit   dev/shop: shift v2 to 25 %",
        "",
        "next   npx lambda-release advance dev --write   edits the files",
        "",
      ].join("\n"),
    });
    expect(fileOf(folder).canary).toEqual(canary);
  });

  test("--write edits the file as 'next' does, and a second run waits until the share is live", async () => {
    aws.set(awsOfShop(aws));
    const folder = createProject(advancingShop());
    const byNext = createProject(advancingShop());
    const { stdout } = await advance(folder, "dev", "--write");
    expect(stdout).toContain("wrote releases/dev/shop.json\ncommit   dev/shop: shift v2 to 25 %\n");
    const next = await release(byNext, ["next", "dev/shop", "--yes"], { now, variables: variablesOfAws() });
    expect(fileOf(folder)).toEqual(fileOf(byNext));
    expect(next.stdout).toContain("commit   dev/shop: shift v2 to 25 %\n");
    const again = await advance(folder, "dev/shop", "--write");
    expect(row(again.stdout)).toBe(
      "dev/shop  v2  25 %  waits: 25 % is not live: AWS sends 90 % to v1, 10 % to v2",
    );
    expect([again.exitCode, fileOf(folder).canary.percent]).toEqual([0, 25]);
  });

  test("promotes after the last step", async () => {
    aws.set(awsOfShop(aws, { percent: 50 }));
    const last = steps.map((step) => ({ ...step, auto: true }));
    const folder = createProject(advancingShop({ canary: { ...canary, percent: 50 }, steps: last }));
    const { stdout } = await advance(folder, "--write");
    expect(stdout).toContain("goes on: 50 % -> promote");
    expect(stdout).toContain("commit   dev/shop: promote v2\n");
    expect(fileOf(folder)).toMatchObject({ stable: "v2", former: "v1" });
  });

  test("rolls back what is worse, with the numbers in the commit, also before its bake time is over", async () => {
    const early = new Date("2026-11-27T10:40:00Z");
    aws.set(awsOfShop(aws, { values: failing }));
    const folder = createProject(advancingShop());
    const args = ["advance", "--write"];
    const { exitCode, stdout } = await release(folder, args, { now: early, variables: variablesOfAws() });
    expect(row(stdout)).toMatch(
      /^dev\/shop {2}v2 {2}10 % {2}worse: worse in failed answers \(2 % of [\d,]+, beside [\d.]+ % of [\d,]+\)$/,
    );
    expect(stdout).toMatch(/\ncommit {3}dev\/shop: roll back v2: worse in failed answers \(2 % of .*\)\n/);
    expect(exitCode).toBe(1);
    expect(fileOf(folder)).not.toHaveProperty("canary");
  });

  test.each<[string, Files, Parameters<typeof awsOfShop>[1], string, number]>([
    ["it is held", advancingShop({ canary: held }), {}, `v2 is held since ${since}: support looks at it`, 0],
    [
      "the guard stopped it",
      advancingShop(),
      { stops: [stop] },
      "v2 was stopped at 2026-11-27T10:41:07Z by guard (alarm shop-dev-v2-errors)",
      0,
    ],
    [
      "its share is not live",
      advancingShop(),
      { percent: 5 },
      "waits: 10 % is not live: AWS sends 95 % to v1, 5 % to v2",
      0,
    ],
    [
      "its bake time is not over",
      advancingShop({ steps: [{ ...steps[0], bakeMinutes: 90 }] }),
      {},
      "waits: until 2026-11-27T11:31:00Z (28 min left): 10 % has been live since 2026-11-27T10:01:00Z (AWS)",
      0,
    ],
    [
      "an alarm is in ALARM",
      advancingShop(),
      { alarm: "ALARM" },
      "waits: shop-dev-v2-errors is in ALARM since 2026-11-27T10:01:00Z",
      0,
    ],
    [
      "an alarm of one's own is in ALARM",
      advancingShop({ alarms: { own: ["shop-orders"] } }),
      { alarms: { "shop-orders": "ALARM" } },
      "waits: shop-orders is in ALARM since 2026-11-27T10:01:00Z",
      0,
    ],
    [
      "an alarm is not in AWS",
      advancingShop(),
      { alarms: { "shop-dev-v2-errors": "missing" } },
      "unknown: the alarm shop-dev-v2-errors is not in AWS: deploy first",
      2,
    ],
    [
      "AWS does not say since when its share is live",
      advancingShop(),
      { isChangeTold: false },
      "unknown: API Gateway does not say when the stage was changed",
      2,
    ],
    [
      "the verdict is not there yet",
      advancingShop(),
      { values: rare },
      "waits: not enough yet: failed answers",
      0,
    ],
    [
      "its step is not one of those",
      advancingShop({ steps: [{ percent: 10, bakeMinutes: 60 }] }),
      {},
      "by hand: its step has no 'auto'",
      0,
    ],
    ["the file has no steps", advancingShop({ steps: undefined }), {}, "by hand: the file has no 'steps'", 0],
    [
      "a service of its train does",
      advancingTrain({ canary: held }),
      {},
      `waits: dev/bill of its train does not go on (held: v2 is held since ${since}: support looks at it)`,
      0,
    ],
    [
      "the file does not say since when",
      advancingShop({ canary: { version: "v2", percent: 10 } }),
      {},
      "unknown: the file has no 'canary.since'",
      2,
    ],
  ])("stays where %s", async (_, files, answers, told, code) => {
    aws.set(awsOfShop(aws, answers));
    const folder = createProject(files);
    const before = fileOf(folder);
    const { exitCode, stdout } = await advance(folder, "--write");
    expect(row(stdout)).toContain(told);
    expect([exitCode, fileOf(folder)]).toEqual([code, before]);
  });

  test("takes the services of a train together, also where one is named", async () => {
    aws.set(awsOfTrain(aws));
    const folder = createProject(advancingTrain({ steps: [steps[0], { percent: 30 }] }));
    const { stdout } = await advance(folder, "dev/bill", "--write");
    expect(stdout).toContain(
      "\nwrote releases/dev/shop.json\nwrote releases/dev/bill.json\ncommit   dev/checkout: shift v2 to 25 % (shop), shift v2 to 30 % (bill)\n",
    );
    expect(fileOf(folder).canary.percent).toBe(25);
  });

  test("rolls back the services of a train together, also one that would wait", async () => {
    const asked: Asked[] = (["worse", "waits", "held"] as const).map((is) => ({
      name: `dev/${is}`,
      found: { is, why: "so", version: "v2", from: 10 },
    }));
    expect(together(asked).map(({ found }) => [found.is, found.why])).toEqual([
      ["worse", "so"],
      ["worse", "dev/worse of its train is so"],
      ["held", "so"],
    ]);
  });

  test("goes on without a verdict that no step waits for, and tells it", async () => {
    aws.set(awsOfShop(aws, { values: rare }));
    const { stdout } = await advance(createProject(advancingShop({ steps: [{ ...steps[1], percent: 10 }] })));
    expect(row(stdout)).toContain(
      "goes on: 10 % -> promote (bake time over since 2026-11-27T11:01:00Z, 2 alarms quiet, not enough yet",
    );
  });

  test("asks AWS nothing of what is held or goes on by hand", async () => {
    aws.set({});
    await advance(createProject(advancingShop({ canary: held })));
    await advance(createProject(advancingShop({ steps: undefined })));
    expect(aws.asked).toEqual([]);
  });

  test("says with exit code 2 that AWS does not answer", async () => {
    const denied = { status: 400, error: "AccessDeniedException", body: { message: "not yours" } };
    aws.set({ ...awsOfShop(aws), GetMetricData: denied });
    const { exitCode, stdout } = await advance(createProject(advancingShop()), "--write");
    expect(row(stdout)).toContain(
      "unknown: the verdict is not known: access denied for cloudwatch:GetMetricData",
    );
    expect(exitCode).toBe(2);
  });

  test("gives scripts the same", async () => {
    aws.set(awsOfShop(aws));
    const { stdout } = await advance(createProject(advancingShop()), "--json");
    expect(JSON.parse(stdout)).toEqual([
      {
        service: "dev/shop",
        file: "releases/dev/shop.json",
        is: "goes on",
        why: expect.stringContaining("2 alarms quiet"),
        version: "v2",
        from: 10,
        to: 25,
        quietAlarms: 2,
        verdict: expect.objectContaining({
          answer: "as good",
          from: "2026-11-27T10:01:00Z",
          to: "2026-11-27T11:00:00Z",
        }),
        commit: "dev/shop: shift v2 to 25 %",
        written: false,
      },
    ]);
  });

  test("goes on with the others where one file is not valid", async () => {
    aws.set(awsOfShop(aws));
    const files = advancingShop(
      {},
      { "releases/dev/bad.json": { strategy: "canary-stage", versions: ["v1"], stable: "v9" } },
    );
    const { exitCode, stdout, stderr } = await advance(createProject(files));
    expect(row(stdout)).toContain("goes on");
    expect(stderr).toContain("releases/dev/bad.json");
    expect(exitCode).toBe(2);
  });
});
