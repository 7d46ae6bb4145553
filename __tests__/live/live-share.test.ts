import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readLiveShare } from "../../src/live/live-share";
import { inSeconds } from "../../src/release/time";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { createProject, type Files, shop } from "../support/project";
import { release } from "../support/release-command";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { deployedShop, variablesOfAws } from "./deployed-shop";
import { releaseOf } from "./shop-context";

jest.setTimeout(60_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const [nine, ten, deployed] = ["09:00:00", "10:00:00", "10:41:07"].map((time) => `2026-11-27T${time}Z`) as [
  string,
  string,
  string,
];
const steps = [{ percent: 10, bakeMinutes: 30 }, { percent: 50 }];
const canary = { version: "v2", percent: 10, since: ten };
const stage = (fields: object, percent = 10) =>
  deployedShop({ canary: { percent }, fields: { lastUpdatedDate: Date.parse(deployed) / 1000, ...fields } });

async function said(files: Files, answers: Record<string, Answers>): Promise<string> {
  aws.set(answers);
  const live = await readLiveShare(releaseOf(files));
  return live.is === "live" ? `live since ${inSeconds(live.since)}` : `${live.is}: ${live.why}`;
}

describe("the share of a stage's canary", () => {
  const plain = shop({ canary });
  const guarded = shop({ guard: {}, stableSince: nine, canary });

  test("is live since the stage was changed last, or earlier", async () => {
    expect(await said(plain, stage({}))).toBe(`live since ${deployed}`);
    const description = `stable v1 since ${nine}, canary v2 since ${ten}`;
    expect(await said(guarded, stage({ description }))).toBe(`live since ${deployed}`);
  });

  test("is not live where AWS gives another one, or nobody deployed it", async () => {
    expect(await said(plain, stage({}, 5))).toBe("other: AWS sends 95 % to v1, 5 % to v2");
    expect(await said(plain, deployedShop())).toBe("other: AWS sends 100 % to v1");
    expect(await said(plain, { "GET /restapis": { body: { item: [] } } })).toMatch(
      /^other: there is no API shop-dev in account \d+, eu-central-1: it was never deployed$/,
    );
  });

  test("is unknown where the stage stands so by another decision", async () => {
    const description = `stable v1 since ${nine}, canary v2 since ${nine}`;
    expect(await said(guarded, stage({ description }))).toBe(
      `unknown: the stage says that it was decided at ${nine}`,
    );
  });

  test("is unknown where AWS does not answer", async () => {
    const denied = { status: 403, error: "AccessDeniedException", body: { message: "not yours" } };
    expect(await said(plain, { ...stage({}), "GET /restapis": denied })).toBe(
      "unknown: AWS does not say since when it is live (access denied for apigateway:GET: not yours)",
    );
  });
});

describe("the share of an alias", () => {
  const own = { versions: [1, 2], canary: { ...canary, version: 2 }, stableSince: nine };
  const files = (fields: object) => oneFunction("weighted-alias", "code", { ...own, ...fields });
  const alias = {
    Name: "live",
    FunctionVersion: "1",
    RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } },
  };
  const recorded = (share: object): Record<string, Answers> => ({
    "GET /2015-03-31/functions/shop-dev/aliases": { body: { Aliases: [alias] } },
    GetParameter: { body: { Parameter: { Value: JSON.stringify(share) } } },
  });
  const share = { version: "2", percent: 10, since: ten, at: deployed };

  test("is live since the guard saw it", async () => {
    expect(await said(files({ guard: {} }), recorded(share))).toBe(`live since ${deployed}`);
    expect(aws.calls.find(({ name }) => name === "GetParameter")?.body).toEqual({
      Name: "/lambda-release/shop-dev/share",
    });
  });

  test.each([
    ["another decision", { ...share, since: nine }],
    ["another share", { ...share, percent: 5 }],
    ["none", {}],
  ])("is unknown where the guard recorded %s", async (_, value) => {
    expect(await said(files({ guard: {} }), recorded(value))).toBe(
      "unknown: the guard has not recorded since when it is live",
    );
  });

  test("is unknown without a guard", async () => {
    expect(await said(files({}), recorded(share))).toBe(
      "unknown: Lambda does not say when an alias was changed, and there is no guard to record it",
    );
  });
});

describe("a verb that ends a bake time", () => {
  const [early, late] = ["2026-11-27T10:50:00Z", "2026-11-27T11:11:07Z"];
  const guarded = () => shop({ guard: {}, alarms: {}, stableSince: nine, canary, steps });
  const calm: Record<string, Answers> = {
    DescribeAlarms: { body: { MetricAlarms: [{ AlarmName: "shop-dev-v2-errors", StateValue: "OK" }] } },
  };
  const run = async (time: string, answers: Record<string, Answers>, ...args: string[]) => {
    aws.set({ ...calm, ...answers });
    const folder = createProject(guarded());
    const now = new Date(time);
    const yes = args[0] === "status" ? [] : ["--yes"];
    const { exitCode, stdout, stderr } = await release(folder, [...args, "dev/shop", ...yes], {
      variables: variablesOfAws(),
      now,
    });
    const written = JSON.parse(readFileSync(join(folder, "releases/dev/shop.json"), "utf8"));
    return { exitCode, stdout, stderr, percent: written.canary?.percent };
  };

  test("is refused while the share has not been live that long, and says since when it is", async () => {
    const { exitCode, stderr, percent } = await run(early, stage({}), "next");
    expect([exitCode, percent]).toEqual([1, 10]);
    expect(stderr).toContain(
      `v2 must stay at 10 % until 2026-11-27T11:11:07Z (22 min left): 10 % has been live since ${deployed} (AWS); use --skip to go on now`,
    );
  });

  test("goes on then", async () => {
    const { exitCode, stdout, percent } = await run(late, stage({}), "next");
    expect([exitCode, percent]).toEqual([0, 50]);
    expect(stdout).toContain(`bake time  10 % has been live since ${deployed} (AWS)\n`);
  });

  test.each(["2026-11-27T10:20:00Z", early])(
    "and status and hints tell one end of it, at %s",
    async (time) => {
      const { stderr } = await run(time, stage({}), "next");
      expect(stderr).toContain(`until 2026-11-27T11:11:07Z`);
      expect(stderr).toMatch(/next dev\/shop +gives v2 50 %, from 11:12 UTC on \(by AWS\)/);
      const shown = await run(time, stage({}), "status", "--live");
      expect(shown.stdout).toContain(
        `bake time  until 2026-11-27T11:11:07Z: 10 % has been live since ${deployed} (AWS)\n`,
      );
      const offline = await run("2026-11-27T10:20:00Z", {}, "status");
      expect(offline.stdout).toContain(
        `bake time  until 2026-11-27T10:30:00Z: counted from 'canary.since' in the file, ${ten}: AWS was not asked, use --live for that\n`,
      );
      expect(offline.stdout).toContain("gives v2 50 %, from 10:30 UTC on (by the file)");
      expect(aws.asked).toEqual([]);
    },
  );

  test("and status --live tell that the share is not live", async () => {
    const { stderr } = await run(early, deployedShop(), "next");
    expect(stderr).toMatch(/next dev\/shop +gives v2 50 %, once 10 % is live/);
    const { stdout } = await run(early, deployedShop(), "status", "--live");
    expect(stdout).toContain("bake time  10 % is not live, so it has not begun: AWS sends 100 % to v1\n");
  });

  test("is refused where the share is not live", async () => {
    const { exitCode, stderr } = await run(late, deployedShop(), "next");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("that share is not live: AWS sends 100 % to v1; deploy the file, or 'sync' it");
  });

  test("goes on by the file's time where AWS does not say, and says so", async () => {
    const denied = { status: 403, error: "AccessDeniedException", body: { message: "not yours" } };
    const { exitCode, stdout } = await run(early, { ...stage({}), "GET /restapis": denied }, "next");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `bake time  counted from 'canary.since' in the file, ${ten}: AWS does not say since when it is live (access denied for apigateway:GET: not yours)`,
    );
  });

  test.each([[["shift", "50", "--skip"]], [["next", "--skip"]], [["rollback"]]])(
    "is not asked about with %j",
    async ([verb = "", ...rest]) => {
      aws.set({ ...calm, ...stage({}) });
      const { exitCode } = await release(createProject(guarded()), [verb, "dev/shop", ...rest, "--yes"], {
        variables: variablesOfAws(),
        now: new Date(early),
      });
      expect([exitCode, aws.asked.filter((name) => name.startsWith("GET "))]).toEqual([0, []]);
    },
  );
});
