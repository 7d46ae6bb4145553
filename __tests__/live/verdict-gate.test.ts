import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { createProject, type Files, shop } from "../support/project";
import { release } from "../support/release-command";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { metrics, type Values } from "./cloudwatch-minutes";
import { even, failing, now, rare, since } from "./compared-hour";
import { deployedShop, variablesOfAws } from "./deployed-shop";

jest.setTimeout(60_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const steps = [{ percent: 10, verdict: "as-good" }, { percent: 50 }];
const stepped = (fields: object = {}) =>
  shop({ stage: { accessLogs: true }, canary: { version: "v2", percent: 10, since }, steps, ...fields });

const live = deployedShop({ canary: { percent: 10 } });
const counted = (values: Values): Record<string, Answers> => ({
  ...live,
  GetMetricData: metrics(aws, values),
});

interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly percent?: number;
  readonly stable: string;
}

async function run(files: Files, answers: Record<string, Answers>, ...args: readonly string[]): Promise<Ran> {
  aws.set(answers);
  const folder = createProject(files);
  const ran = await release(folder, [...args], { now, variables: variablesOfAws() });
  const { canary, stable } = JSON.parse(readFileSync(join(folder, "releases/dev/shop.json"), "utf8"));
  return { ...ran, percent: canary?.percent, stable };
}

const next = (answers: Record<string, Answers>, ...options: readonly string[]) =>
  run(stepped(), answers, "next", "dev/shop", "--yes", ...options);

describe("a step that waits for the verdict", () => {
  test("is left once the canary is as good, and the verb says so", async () => {
    const { exitCode, stdout, stderr, percent } = await next(counted(even));
    expect({ exitCode, stderr, percent }).toEqual({ exitCode: 0, stderr: "", percent: 50 });
    expect(stdout).toContain("verdict  as good: nothing that matters is worse in v2\n");
  });

  test("is not left while the canary is worse: one line with the numbers, the command to look and the way past", async () => {
    expect(await next(counted(failing))).toMatchObject({
      exitCode: 1,
      percent: 10,
      stdout: "",
      stderr: expect.stringMatching(
        /^refused: v2 gets more users only when it is as good as v1, and the verdict is worse: failed answers \(2 % of [\d,]+, beside 0\.0926 % of [\d,]+\); look: npx lambda-release verdict dev\/shop; use --skip to go on without it\n/,
      ),
    });
  });

  test("is not left before enough is known, and the line says how long that takes", async () => {
    const { exitCode, stderr, percent } = await next(counted(rare));
    expect(stderr).toMatch(
      /^refused: v2 gets more users only when it is as good as v1, and the verdict is not enough yet: failed answers: .*about \d+ more \w+ to see that it is as good; look: /,
    );
    expect({ exitCode, percent }).toEqual({ exitCode: 1, percent: 10 });
  });

  test("is not left by a canary that answers nothing", async () => {
    const { stderr, percent } = await next(counted({}));
    expect(stderr).toContain(
      "the verdict is not enough yet: v2 has answered nothing in these minutes; look: ",
    );
    expect(percent).toBe(10);
  });

  const denied = { status: 403, error: "AccessDenied", body: { message: "not yours" } };
  test.each<[string, Record<string, Answers>, string]>([
    ["CloudWatch refuses", { ...live, GetMetricData: denied }, "access denied for cloudwatch:GetMetricData"],
    [
      "CloudWatch gives not all of it",
      {
        ...live,
        GetMetricData: { body: { MetricDataResults: [{ Id: "canary_all0", StatusCode: "InternalError" }] } },
      },
      "CloudWatch does not give canary_all0 (InternalError): ask again later",
    ],
    [
      "its share is not live",
      { ...counted(even), ...deployedShop() },
      "the share of v2 is not live: AWS sends 100 % to v1; deploy the file",
    ],
  ])("is not left where %s, and --skip is the way past", async (_, answers, why) => {
    const refused = await next(answers);
    expect(refused).toMatchObject({ exitCode: 2, percent: 10 });
    expect(refused.stderr).toMatch(
      /^error: the verdict that this step of dev\/shop waits for is not known: .*; use --skip to go on without it\n$/,
    );
    expect(refused.stderr).toContain(why);
    expect(await next(answers, "--skip")).toMatchObject({ exitCode: 0, percent: 50 });
  });

  test("is not left where the file does not say since when the canary has its share", async () => {
    const files = stepped({ canary: { version: "v2", percent: 10 } });
    const { exitCode, stderr } = await run(files, counted(even), "next", "dev/shop", "--yes");
    expect(stderr).toContain(
      "the file does not say since when v2 has its share: write 'canary.since'; use --skip",
    );
    expect(exitCode).toBe(2);
  });

  test("is not left by a promotion, nor by a shift to more", async () => {
    const last = stepped({ steps: steps.slice(0, 1) });
    expect(await run(last, counted(failing), "promote", "dev/shop", "--yes")).toMatchObject({
      exitCode: 1,
      stable: "v1",
    });
    expect(await run(last, counted(even), "promote", "dev/shop", "--yes")).toMatchObject({
      exitCode: 0,
      stable: "v2",
    });
    const shift = ["shift", "dev/shop", "40", "--yes"];
    expect(await run(stepped(), counted(failing), ...shift)).toMatchObject({ exitCode: 1, percent: 10 });
  });

  test("is not asked about where the canary gets fewer users, or where its step waits for none", async () => {
    const silent = { GetMetricData: denied };
    const fewer = await run(stepped(), silent, "shift", "dev/shop", "5", "--yes");
    const back = await run(stepped(), silent, "rollback", "dev/shop", "--yes");
    const further = stepped({ canary: { version: "v2", percent: 50, since } });
    const last = await run(further, silent, "promote", "dev/shop", "--yes");
    expect([fewer, back, last].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(aws.calls).toEqual([]);
  });

  test("stands in status, with the command that asks", async () => {
    const { stdout } = await run(stepped(), {}, "status", "dev/shop");
    expect(stdout).toContain("steps  [10 % (verdict)], 50 %, promote\n");
    expect(stdout).toContain(
      "verdict  v2 leaves 10 % when it is as good as v1: npx lambda-release verdict dev/shop\n",
    );
    expect(stdout).toMatch(/next dev\/shop +gives v2 50 %, once v2 is as good as v1/);
    const { stdout: json } = await run(stepped(), {}, "status", "dev/shop", "--json");
    expect(JSON.parse(json)).toMatchObject({ waitsForVerdict: true });
  });

  test("gives scripts the answer, and where it is refused what is allowed", async () => {
    const { stdout } = await next(counted(even), "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      to: { v1: 50, v2: 50 },
      verdict: "as good: nothing that matters is worse in v2",
    });
  });
});

describe("a file with a step that waits for the verdict", () => {
  const own = { versions: [1, 2], steps, stableSince: since };

  test("needs a guard where Lambda splits, because nothing else records since when a share is live", async () => {
    const files = oneFunction("weighted-alias", "code", own);
    expect((await run(files, {}, "status", "dev/shop")).stderr).toContain(
      "'steps[0].verdict' needs a guard with weighted-alias: Lambda does not say since when a share is live, and a guard records it, got \"as-good\"",
    );
    const guarded = oneFunction("weighted-alias", "code", { ...own, guard: {}, alarms: {} });
    expect((await run(guarded, {}, "status", "dev/shop")).exitCode).toBe(0);
  });

  test("is refused by a strategy without a canary of its own", async () => {
    const files = oneFunction("blue-green-stage", "code", { versions: [1, 2], steps });
    expect((await run(files, {}, "status", "dev/shop")).stderr).toContain(
      "'steps' must not be given with blue-green-stage: it belongs to canary-stage, alias-canary-stage, weighted-alias",
    );
  });

  test("says which word it takes", async () => {
    const files = stepped({ steps: [{ percent: 10, verdict: true }] });
    expect((await run(files, {}, "status", "dev/shop")).stderr).toContain(
      "'steps[0].verdict' must be one of \"as-good\", got true",
    );
  });
});
