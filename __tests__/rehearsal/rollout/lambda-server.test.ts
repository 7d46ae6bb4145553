import { GetAliasCommand, InvokeCommand, LambdaClient, UpdateAliasCommand } from "@aws-sdk/client-lambda";
import { seededRandom } from "../../../src/rehearsal/random";
import { Rehearsal } from "../../../src/rehearsal/rehearsal";
import { LambdaServer } from "../../../src/rehearsal/rollout/lambda-server";
import { aliasStack, stackFolder } from "../../support/alias-stack";

// What the client says of Node 20 is no news of a test.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const moves: string[] = [];
const logs: string[] = [];
const rehearsal = new Rehearsal({
  random: seededRandom(1),
  onRequest: () => {},
  onLog: (_, line) => logs.push(line),
});
const server = new LambdaServer({
  lambda: rehearsal.lambda,
  beforeMove: async () => {
    moves.push("before");
  },
  onMove: ({ version, weights }) => moves.push(`${version} ${JSON.stringify(weights)}`),
});
let client: LambdaClient;

beforeAll(async () => {
  const folder = stackFolder();
  for (const answer of [
    "{ body: 'one' }",
    "event.fails ? null.body : (console.log('told'), { body: 'two' })",
  ]) {
    rehearsal.apply(aliasStack(folder, { answer }));
  }
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  client = new LambdaClient({
    endpoint: await server.listen(),
    region: "eu-central-1",
    credentials,
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  server.close();
  await rehearsal.close();
});

const live = { FunctionName: "shop-dev", Name: "live" };

async function invoke(
  Qualifier: string,
  event: object = {},
  type: "RequestResponse" | "Event" = "RequestResponse",
) {
  const { StatusCode, FunctionError, Payload } = await client.send(
    new InvokeCommand({
      FunctionName: "shop-dev",
      Qualifier,
      InvocationType: type,
      Payload: JSON.stringify(event),
    }),
  );
  return { status: StatusCode, failure: FunctionError, payload: Payload?.transformToString() };
}

test("moves the alias that requests go by, and tells before and after", async () => {
  const weights = { AdditionalVersionWeights: { "2": 0.25 } };
  await client.send(new UpdateAliasCommand({ ...live, FunctionVersion: "1", RoutingConfig: weights }));
  expect(await client.send(new GetAliasCommand(live))).toMatchObject({
    AliasArn: "arn:aws:lambda:eu-central-1:123456789012:function:shop-dev:live",
    FunctionVersion: "1",
    RoutingConfig: weights,
  });
  expect(rehearsal.functions.get("shop-dev")?.aliases.get("live")?.additional).toEqual({
    version: "2",
    weight: 0.25,
  });
  await client.send(
    new UpdateAliasCommand({
      ...live,
      FunctionVersion: "2",
      RoutingConfig: { AdditionalVersionWeights: {} },
    }),
  );
  expect((await client.send(new GetAliasCommand(live))).RoutingConfig).toBeUndefined();
  expect((await invoke("live")).payload).toBe('{"body":"two"}');
  expect(moves).toEqual(["before", '1 {"2":0.25}', "before", "2 {}"]);
});

test("invokes a version, and tells a failure as Lambda does", async () => {
  expect(await invoke("1")).toEqual({ status: 200, failure: undefined, payload: '{"body":"one"}' });
  expect(await invoke("2", { fails: true })).toMatchObject({
    status: 200,
    failure: "Unhandled",
    payload: expect.stringContaining("errorMessage"),
  });
});

test("an event is answered at once, and waited for by those who want to", async () => {
  logs.length = 0;
  expect(await invoke("2", {}, "Event")).toMatchObject({ status: 202 });
  await server.idle();
  expect((await invoke("2")).status).toBe(200);
  expect(logs.length).toBeGreaterThan(0);
});

test.each([
  ["an alias", () => new GetAliasCommand({ ...live, Name: "other" })],
  ["a function", () => new GetAliasCommand({ ...live, FunctionName: "other" })],
  ["a version to move to", () => new UpdateAliasCommand({ ...live, FunctionVersion: "7" })],
  ["a version to invoke", () => new InvokeCommand({ FunctionName: "shop-dev", Qualifier: "7" })],
])("%s that is not there is refused by Lambda's own name for it", async (_, command) => {
  await expect(client.send(command() as GetAliasCommand)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    $metadata: { httpStatusCode: 404 },
  });
});
