import { setTimeout } from "node:timers/promises";
import { expectShare } from "../support/expect-share";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { byName } from "./by-hand";
import { DeployedProject } from "./deployed-project";
import { GuardAtEndpoint } from "./guard-at-endpoint";
import { nothing, ShopAtEndpoint } from "./lambda-versions";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

let aws: LocalAws;
let shop: DeployedProject;
let there: ShopAtEndpoint;
let guard: GuardAtEndpoint;

beforeAll(async () => {
  aws = await startLocalAws();
  shop = new DeployedProject(aws.endpoint, "shop-dev", canInstallArchiveProvider());
  there = new ShopAtEndpoint(aws.endpoint, shop);
  guard = new GuardAtEndpoint(aws.endpoint, "shop-dev");
  for (const QueueName of ["orders", "handled"]) await sqs("CreateQueue", { QueueName });
});
afterAll(() => aws?.stop());

function sqs(call: string, body: object): Promise<unknown> {
  return byName(aws.endpoint, "sqs", `AmazonSQS.${call}`, body);
}

const urlOf = (queue: string) => `${aws.endpoint}/000000000000/${queue}`;

/** Sends a message into another queue for each that it gets: which version has handled it. */
const consumer = (code: string) => `
type Event = { Records: { body: string; eventSourceARN: string }[] };
export async function handler({ Records }: Event, { functionVersion }: { functionVersion: string }) {
  const endpoint = process.env["AWS_ENDPOINT_URL"] ?? "";
  for (const { body, eventSourceARN } of Records) {
    const handled = { code: "${code}", version: functionVersion, body, from: eventSourceARN };
    const sent = { QueueUrl: endpoint + "/000000000000/handled", MessageBody: JSON.stringify(handled) };
    const authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/sqs/aws4_request, SignedHeaders=host, Signature=0";
    const headers = { authorization, "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" };
    const { ok } = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(sent) });
    if (!ok) throw new Error("the message is lost");
  }
}
`;

const orders = "arn:aws:sqs:eu-central-1:000000000000:orders";
const stableSince = new Date(Date.now() - 86_400_000).toISOString().replace(/\.\d+/, "");

/** The consumer at a step of its release. A batch goes to one version: here each message is one. */
const step = (code: string, release: object) => ({
  "releases/dev/environment.json": { region: "eu-central-1" },
  "lambdas/shop/shop.ts": consumer(code),
  "releases/dev/shop.json": {
    strategy: "weighted-alias",
    stable: 1,
    stableSince,
    api: false,
    guard: {},
    alarms: {},
    triggers: { orders: { queue: { arn: orders, batchSize: 1 } } },
    ...release,
  },
});

interface Handled {
  readonly code: string;
  readonly version: string;
  readonly body: string;
  readonly from: string;
}

/** Sends so many orders, and waits until all of them are handled. */
async function handled(count: number): Promise<Handled[]> {
  const bodies = Array.from({ length: count }, (_, number) => `order ${number}`);
  const Entries = bodies.map((MessageBody, number) => ({ Id: String(number), MessageBody }));
  for (let sent = 0; sent < count; sent += 10)
    await sqs("SendMessageBatch", { QueueUrl: urlOf("orders"), Entries: Entries.slice(sent, sent + 10) });
  const all: Handled[] = [];
  for (let waited = 0; all.length < count && waited < 120; waited++) {
    const query = { QueueUrl: urlOf("handled"), MaxNumberOfMessages: 10 };
    const { Messages = [] } = (await sqs("ReceiveMessage", query)) as { Messages?: Message[] };
    for (const { Body, ReceiptHandle } of Messages) {
      all.push(JSON.parse(Body));
      await sqs("DeleteMessage", { QueueUrl: urlOf("handled"), ReceiptHandle });
    }
    if (Messages.length === 0) await setTimeout(1000);
  }
  expect(all.map(({ body }) => body).sort()).toEqual(bodies.sort());
  return all;
}

interface Message {
  readonly Body: string;
  readonly ReceiptHandle: string;
}

/** How many messages each version handled. */
function countsOf(all: readonly Handled[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { version } of all) counts[version] = (counts[version] ?? 0) + 1;
  return counts;
}

/** The steps follow one another: each begins with what the one before has left. */
describe("a consumer of a queue without an API, deployed by cdktf", () => {
  test("version 1 handles every message", async () => {
    await shop.write(step("first", { versions: [1] }));
    await shop.deploy();
    expect(await shop.diff()).toEqual(nothing);
    const all = await handled(3);
    expect(countsOf(all)).toEqual({ "1": 3 });
    expect(all[0]).toMatchObject({ code: "first", from: orders });
  });

  test("publishing version 2 gives it no message", async () => {
    await shop.write(step("second", { versions: [1] }));
    expect(await shop.deploy()).toMatchObject({ add: 0, destroy: 0 });
    expect(await there.aliases()).toEqual({ live: { version: "1" } });
    expect(countsOf(await handled(3))).toEqual({ "1": 3 });
  });

  test("a canary at 50 percent gets its half of the messages", async () => {
    await shop.write(step("second", { versions: [1, 2] }));
    const summary = await shop.deployAfter("start", "dev/shop", "2", "--percent", "50");
    expect(summary).toMatchObject({ add: 0, destroy: 0 });
    const all = await handled(30);
    expectShare(countsOf(all), "2", 50);
    expect(new Set(all.map(({ version, code }) => `${version} ${code}`))).toEqual(
      new Set(["1 first", "2 second"]),
    );
  });

  test("the guard takes the messages away by one call, and the stale file is refused", async () => {
    await guard.setAlarm("shop-dev-version-errors", "ALARM", "3 errors");
    await guard.wake("shop-dev-version-errors");
    expect(await there.aliases()).toEqual({ live: { version: "1" } });
    expect(countsOf(await handled(5))).toEqual({ "1": 5 });
    expect(await guard.stops()).toMatchObject([
      { version: "2", from: { "1": 50, "2": 50 }, to: { "1": 100 } },
    ]);
    const { exitCode, stdout } = await shop.attempt("diff");
    expect(exitCode).not.toBe(0);
    expect(stdout.replace(/[\s│]+/g, " ")).toContain("2 of dev/shop was stopped at");
  });

  test("once sync has written the stop into the file, nothing is left to do", async () => {
    expect(await shop.deployAfter("sync", "dev/shop")).toEqual(nothing);
  });

  test("destroying leaves nothing", async () => {
    await shop.destroy();
    await expect(there.aliases()).rejects.toThrow("ResourceNotFoundException");
  });
});
