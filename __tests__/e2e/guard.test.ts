import { stripVTControlCharacters } from "node:util";
import { expectShare } from "../support/expect-share";
import { shop as shopOf } from "../support/shop";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers } from "./answers";
import { byHand } from "./by-hand";
import { DeployedProject } from "./deployed-project";
import { GuardAtEndpoint } from "./guard-at-endpoint";
import { nothing, oneChange } from "./lambda-versions";
import { type LocalAws, startLocalAws } from "./local-aws";
import { TopicSubscriber } from "./topic-subscriber";

jest.setTimeout(600_000);

let aws: LocalAws;
let shop: DeployedProject;
let guard: GuardAtEndpoint;
let people: TopicSubscriber;

beforeAll(async () => {
  // By itself Lambda waits minutes before it runs a failed event again.
  aws = await startLocalAws({ LAMBDA_RETRY_BASE_DELAY: "1" });
  shop = new DeployedProject(aws.endpoint, "shop-dev", canInstallArchiveProvider());
  guard = new GuardAtEndpoint(aws.endpoint, "shop-dev");
  people = await TopicSubscriber.start(aws.endpoint, "releases");
});
afterAll(() => {
  people?.stop();
  aws?.stop();
});

const alarm = "shop-dev-v2-errors";
const file = "releases/dev/shop.json";

const asked = (count: number) => answers(`${shop.url}/`, count);

/** Waits until 20 answers in a row are v1's. @throws when they are not within so many seconds */
async function untilStopped(seconds: number): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; )
    if ((await asked(20))["v1"] === 20) return;
  throw new Error(`v2 has users after ${seconds} seconds`);
}

interface Stage {
  readonly description: string;
  readonly deploymentId: string;
  readonly canarySettings?: {
    readonly percentTraffic: number;
    readonly deploymentId: string;
    readonly stageVariableOverrides: Readonly<Record<string, string>>;
  };
}

const stagePath = () => `/restapis/${shop.output("api_id")}/stages/dev`;
const stage = () => byHand(aws.endpoint, "apigateway", "GET", stagePath()) as Promise<Stage>;

/** Puts the stage back as it was, as an apply does that was planned before. */
async function putBack({ description, canarySettings: canary }: Stage): Promise<void> {
  const { percentTraffic, deploymentId, stageVariableOverrides = {} } = canary ?? {};
  const overrides = Object.entries(stageVariableOverrides);
  const values = [
    ...overrides.map(([name, value]) => [`/canarySettings/stageVariableOverrides/${name}`, value]),
    ["/canarySettings/percentTraffic", String(percentTraffic)],
    ["/canarySettings/deploymentId", deploymentId],
    ["/description", description],
  ];
  const patchOperations = values.map(([path, value]) => ({ op: "replace", path, value }));
  await byHand(aws.endpoint, "apigateway", "PATCH", stagePath(), { patchOperations });
}

/** The steps follow one another: each begins with what the one before has left. */
describe("the guard of a canary stage, deployed by cdktf", () => {
  let stale: string;
  let half: Stage;
  let stopped: Stage;

  test("a canary at 50 percent has a guard", async () => {
    const stableSince = new Date(Date.now() - 86_400_000).toISOString().replace(/\.\d+/, "");
    await shop.write(shopOf({ guard: { topics: [people.topic] }, alarms: {}, stableSince }));
    await shop.deploy();
    expect(await shop.deployAfter("start", "dev/shop", "v2", "--percent", "50")).toEqual(oneChange);
    expectShare(await asked(100), "v2", 50);
    expect(await guard.stops()).toEqual([]);
    [stale, half] = [shop.read(file), await stage()];
  });

  test("takes its users away within seconds of the alarm's event", async () => {
    await guard.setAlarm(alarm, "ALARM", "3 errors");
    await guard.sendEvent(alarm);
    await untilStopped(20);
    expect(await asked(100)).toEqual({ v1: 100 });
    stopped = await stage();
    expect(stopped).not.toHaveProperty("canarySettings");
    expect(await guard.stops()).toEqual([
      {
        version: "v2",
        at: expect.stringMatching(/^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        by: "guard",
        alarm,
        reason: `alarm ${alarm}: 3 errors`,
        from: { v1: 50, v2: 50 },
        to: { v1: 100 },
      },
    ]);
  });

  test("people hear of it in a mail and in their chat", async () => {
    await people.readQueue();
    const title = "dev/shop: the guard stopped v2";
    // The topic also hears from the alarms on the guard itself, which CloudWatch looks at before its first run.
    const [, text = ""] = people.texts.find(([subject]) => subject === title) ?? [];
    expect(text).toContain("v2 had 50 % of the requests. v1 serves everybody now.");
    expect(text).toContain(`Why: alarm ${alarm}: 3 errors`);
    const [chat = "{}"] = people.chat.filter((message) => message.includes(title));
    const [, , ...lines] = text.split("\n");
    const content = { textType: "client-markdown", title, description: lines.join("\n") };
    expect(JSON.parse(chat)).toEqual({ version: "1.0", source: "custom", content });
  });

  test("the same event a second time does nothing", async () => {
    await guard.setAlarm(alarm, "ALARM", "3 errors");
    const [written, there] = [await guard.writes(), await stage()];
    expect(await guard.wake(alarm)).toEqual({ kind: "nothing" });
    expect([await guard.writes(), await stage()]).toEqual([written, there]);
    await guard.setAlarm(alarm, "OK", "no errors");
  });

  test("an apply that was planned before and gives the users back is undone within two minutes", async () => {
    await putBack(half);
    expectShare(await asked(100), "v2", 50);
    await untilStopped(120);
    expect(await stage()).toMatchObject({ description: stopped.description });
    expect(await guard.stops()).toHaveLength(1);
  });

  test("a deploy of the file from before is refused, and changes nothing", async () => {
    const before = await stage();
    const { exitCode, stdout } = await shop.attempt("deploy");
    expect(exitCode).not.toBe(0);
    const told = stripVTControlCharacters(stdout).replace(/[\s│]+/g, " ");
    expect(told).toMatch(
      /v2 of dev\/shop was stopped at \S+ by guard \(alarm shop-dev-v2-errors: 3 errors\)/,
    );
    expect(told).toContain("Run 'lambda-release sync dev/shop'");
    expect(await stage()).toEqual(before);
    expect(await asked(20)).toEqual({ v1: 20 });
  });

  test("once sync has written the stop into the file, a deploy has nothing to do", async () => {
    expect(await shop.deployAfter("sync", "dev/shop")).toEqual(nothing);
    expect(shop.read(file)).not.toBe(stale);
    expect(JSON.parse(shop.read(file))).not.toHaveProperty("canary");
  });

  test("what is started again after the repair keeps its users", async () => {
    expect(await shop.deployAfter("start", "dev/shop", "v2", "--percent", "50")).toEqual(oneChange);
    expect(await guard.wake(alarm)).toEqual({ kind: "nothing" });
    expectShare(await asked(100), "v2", 50);
  });

  test("a rollback at once by hand records its stop", async () => {
    const { exitCode, stderr } = await shop.release("rollback", "--now", "--yes", "dev/shop");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(await asked(20)).toEqual({ v1: 20 });
    expect(await guard.stops()).toMatchObject([{ version: "v2", by: "rollback --now" }]);
  });

  test("an event that fails three times is kept", async () => {
    await byHand(aws.endpoint, "apigateway", "DELETE", stagePath());
    await guard.setAlarm(alarm, "ALARM", "3 errors");
    await guard.sendEvent(alarm);
    expect(await guard.isFailed(alarm)).toBe(true);
  });

  test("is destroyed with what it has recorded", async () => {
    await shop.destroy();
    await expect(guard.stops()).rejects.toThrow("ParameterNotFound");
  });
});
