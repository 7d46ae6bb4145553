import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError } from "../../src/live/aws-error";
import { CallTime, type TimeLimits } from "../../src/live/call-time";
import { signIn } from "../../src/live/clients";
import { pruneLive, rollBackLive, liveStatus as statusOf } from "../../src/live/live-release";
import { pages } from "../../src/live/pages";
import { environmentOf } from "../../src/release/environment/environment";
import type { Release } from "../../src/release/release";
import { environmentFile } from "../../src/release/schema/environment";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { shop } from "../support/shop";
import { type Answer, AnsweringEndpoint, type Answers, accountId, identity } from "./answering-endpoint";
import { releaseOf } from "./shop-context";

let aws: AnsweringEndpoint;
beforeEach(async () => {
  aws = await AnsweringEndpoint.start();
});
afterEach(() => aws.stop());

/** Who serves; what they run is not looked at here. */
const liveStatus = (release: Release, limits?: TimeLimits) =>
  statusOf(release, async () => ({ packages: new Map(), problems: [] }), limits);

const limits = { requestMs: 250, callMs: 600, verbMs: 1_500 };
const stalled: Answer = { body: {}, stalls: true };

const withCanary = releaseOf(shop({ canary: { version: "v2", percent: 10 } }));
const stable = releaseOf(shop({}));
const environment = environmentOf("dev", environmentFile.parse({ region: "eu-central-1" }));

const stageCall = "GET /restapis/abc/stages/dev";
const patchCall = "PATCH /restapis/abc/stages/dev";
const stage = { deploymentId: "of-v1", variables: { shopFunction: "shop-dev-v1" } };
const split = {
  ...stage,
  canarySettings: {
    percentTraffic: 10,
    deploymentId: "of-v2",
    stageVariableOverrides: { shopFunction: "shop-dev-v2" },
  },
};
const deployments = ["v1", "v2"].map((description) => ({
  id: `of-${description}`,
  description,
  createdDate: 1,
}));
const account: Readonly<Record<string, Answers>> = {
  "GET /restapis": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
  "GET /restapis/abc/deployments": { body: { item: deployments } },
  [stageCall]: { body: split },
  [patchCall]: { body: {} },
};

const rollBack = () => rollBackLive(withCanary, stable, async () => true, limits);

/** The one line that is thrown. */
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => "nothing is thrown",
    (error: Error) => error.message,
  );

describe("an answer that stalls after its headers", () => {
  test.each([
    ["POST /", "sts:GetCallerIdentity"],
    ["GET /restapis", "apigateway:GetRestApis"],
    [stageCall, "apigateway:GetStage"],
    ["GET /restapis/abc/deployments", "apigateway:GetDeployments"],
  ])("ends a rollback at %s", async (name, call) => {
    aws.set({ ...account, [name]: stalled });
    expect(await refusal(rollBack())).toBe(`AWS does not answer ${call} within 0.6 seconds`);
    expect(aws.changes).toEqual([]);
  });

  test("is asked for again, and the next one counts", async () => {
    aws.set({ ...account, [stageCall]: [stalled, { body: split }] });
    expect(await liveStatus(withCanary, { ...limits, callMs: 5_000, verbMs: 10_000 })).toMatchObject({
      differences: [],
    });
  });

  test("ends all calls together at the time of the verb", async () => {
    aws.set({ ...account, "POST /": [stalled, identity(accountId)], [stageCall]: stalled });
    const started = performance.now();
    const short = { requestMs: 250, callMs: 1_000, verbMs: 1_200 };
    expect(await refusal(liveStatus(withCanary, short))).toBe(
      "AWS took more than 1.2 seconds for this command, which stops at apigateway:GetStage",
    );
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

describe("a move that may have arrived", () => {
  test("is told as done where the stage has moved", async () => {
    aws.set({
      ...account,
      [patchCall]: () => {
        aws.table.set(stageCall, { body: stage });
        return stalled;
      },
    });
    expect(await rollBack()).toBe(true);
  });

  test("is told as not seen where the stage has not", async () => {
    aws.set({ ...account, [patchCall]: stalled });
    expect(await refusal(rollBack())).toBe(
      "AWS does not answer apigateway:UpdateStage within 0.6 seconds. AWS may have received the call, " +
        "but the stage dev has not moved yet: run the same command again",
    );
  });

  test("is told as unknown where the stage cannot be read back", async () => {
    aws.set({
      ...account,
      [patchCall]: () => {
        aws.table.set(stageCall, stalled);
        return stalled;
      },
    });
    expect(await refusal(rollBack())).toBe(
      "AWS does not answer apigateway:UpdateStage within 0.6 seconds. AWS may have received the call, " +
        "and the stage dev cannot be read back: 'status --live' shows whether it has moved",
    );
  });
});

describe("pages without an end", () => {
  const versions = releaseOf(oneFunction("weighted-alias", "code", { versions: [1, 2] }));
  const prune = () =>
    pruneLive(
      versions,
      async () => [],
      () => {},
      { ...limits, callMs: 5_000, verbMs: 60_000 },
    );
  const functionCall = "GET /2015-03-31/functions/shop-dev";

  test("are left when the same one comes again", async () => {
    const again = { body: { Versions: [], NextMarker: "next" } };
    aws.set({ [`${functionCall}/versions`]: again, [`${functionCall}/versions?Marker=next`]: again });
    expect(await refusal(prune())).toMatch(
      /^lambda:ListVersionsByFunction answers with the same page again: /,
    );
    expect(aws.asked).toHaveLength(2);
  });

  test("are left after so many", async () => {
    async function* endless() {
      for (let page = 1; ; page++) yield { next: String(page) };
    }
    const read = async () => {
      let count = 0;
      for await (const _page of pages("lambda:ListAliases", endless(), ({ next }) => next, 20)) count++;
      return String(count);
    };
    expect(await refusal(read())).toMatch(/^lambda:ListAliases has more than 20 pages: /);
  });
});

describe("credentials", () => {
  test("of a process that never ends are waited for no longer than a call, and the process ends", async () => {
    const folder = mkdtempSync(join(tmpdir(), "credentials-"));
    try {
      const mark = `6${process.pid}.25`;
      writeFileSync(join(folder, "config"), `[default]\ncredential_process = sleep ${mark}\n`);
      delete process.env["AWS_ACCESS_KEY_ID"];
      process.env["AWS_CONFIG_FILE"] = join(folder, "config");
      expect(await refusal(signIn(environment, new CallTime(limits)))).toBe(
        "no AWS credentials after 0.6 seconds: is a credential_process, SSO or the instance's metadata stuck?",
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
      const processes = execFileSync("ps", ["-eo", "stat,args"], { encoding: "utf8" }).split("\n");
      expect(processes.filter((line) => line.includes(`sleep ${mark}`) && !line.startsWith("Z"))).toEqual([]);
      expect(aws.calls).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("an answer that is not AWS's", () => {
  const page = "<html><head><title>Sign in</title></head><body>Sign in<br></body></html>";
  const line = (call: string) =>
    `the answer to ${call} is not AWS's: does a proxy or a sign-in page answer, or is AWS_ENDPOINT_URL wrong?`;

  test.each([
    ["a page that is no XML", page],
    ["a page that happens to be XML", "<html><body><p>Sign in</p></body></html>"],
    ["nothing", ""],
    ["an account that is none", identity("someone").body as string],
  ])("is no account: %s", async (_what, body) => {
    aws.set({ "POST /": { body } });
    expect(await refusal(signIn(environment))).toBe(line("sts:GetCallerIdentity"));
  });

  test("keeps what the SDK says of it as its cause", async () => {
    aws.set({ "POST /": { body: page } });
    const thrown = await signIn(environment).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(AwsError);
    expect((thrown as AwsError).cause).toBeInstanceOf(Error);
  });

  test("is told of a proxy's error without its page", async () => {
    aws.set({ "GET /restapis": { status: 502, body: page } });
    expect(await refusal(liveStatus(stable))).toBe(
      "AWS itself fails at apigateway:GetRestApis (502), 4 times in a row",
    );
  }, 30_000);
});
