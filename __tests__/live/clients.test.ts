import { AwsError } from "../../src/live/aws-error";
import { connect, disconnect } from "../../src/live/clients";
import { environmentOf } from "../../src/release/environment/environment";
import { environmentFile } from "../../src/release/schema/environment";
import { projectFolder, run } from "../support/command";
import { AnsweringEndpoint, accountId, identity } from "./answering-endpoint";

let aws: AnsweringEndpoint;
beforeEach(async () => {
  aws = await AnsweringEndpoint.start();
});
afterEach(() => aws.stop());

const environment = (fields: object = {}) =>
  environmentOf("prod", environmentFile.parse({ region: "eu-central-1", ...fields }));

/** The one line that is thrown. */
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => "nothing",
    (error: Error) => error.message,
  );

describe("connecting", () => {
  test("asks who the credentials are, once, and nothing else", async () => {
    const connected = await connect(environment());
    expect(connected).toMatchObject({ accountId, region: "eu-central-1" });
    expect(aws.calls.map(({ name }) => name)).toEqual(["POST /"]);
    disconnect(connected);
  });

  test("takes an account that the environment allows", async () => {
    disconnect(await connect(environment({ allowedAccountIds: ["444455556666", accountId] })));
  });

  test("refuses an account that the environment does not allow", async () => {
    expect(await refusal(connect(environment({ allowedAccountIds: ["444455556666"] })))).toBe(
      `the credentials are those of account ${accountId}, and prod allows 444455556666`,
    );
  });
});

const stsError = (code: string, message: string) =>
  `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

describe("what AWS refuses is told in one line", () => {
  test.each([
    ["ExpiredToken", 403, "the AWS credentials have expired: no"],
    ["InvalidClientTokenId", 403, "AWS does not accept the credentials: no"],
    ["SignatureDoesNotMatch", 403, "AWS does not accept the credentials: no"],
    ["AccessDenied", 403, "access denied for sts:GetCallerIdentity: no"],
    ["Strange", 400, "sts:GetCallerIdentity: Strange: no"],
  ])("%s", async (code, status, line) => {
    aws.set({ "POST /": { status, body: stsError(code, "no") } });
    expect(await refusal(connect(environment()))).toBe(line);
    expect(aws.calls).toHaveLength(1);
  });

  test("no credentials", async () => {
    delete process.env["AWS_ACCESS_KEY_ID"];
    expect(await refusal(connect(environment()))).toMatch(/^there are no AWS credentials: .+$/);
    expect(aws.calls).toHaveLength(0);
  });

  test("throttling, after it was tried again", async () => {
    aws.set({ "POST /": { status: 400, body: stsError("Throttling", "Rate exceeded") } });
    expect(await refusal(connect(environment()))).toBe(
      "AWS throttles sts:GetCallerIdentity, 4 times in a row: try again in a minute",
    );
    expect(aws.calls).toHaveLength(4);
  }, 30_000);

  test("a fault of AWS itself, after it was tried again", async () => {
    aws.set({ "POST /": { status: 500, body: stsError("InternalFailure", "oops") } });
    expect(await refusal(connect(environment()))).toBe(
      "AWS itself fails at sts:GetCallerIdentity (500), 4 times in a row: oops",
    );
  }, 30_000);
});

test.each([
  [
    "TimeoutError",
    "a request has exceeded the time",
    "AWS does not answer lambda:UpdateAlias, 4 times in a row",
  ],
  ["ECONNRESET", "socket hang up", "AWS cannot be reached for lambda:UpdateAlias: socket hang up"],
  ["ENOTFOUND", "getaddrinfo", "AWS cannot be reached for lambda:UpdateAlias: getaddrinfo"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "self-signed", "AWS cannot be reached for lambda:UpdateAlias: self-signed"],
])("%s is told as the network's", (code, message, line) => {
  const error = Object.assign(new Error(message), { code, $metadata: { attempts: 4 } });
  if (code === "TimeoutError") error.name = code;
  expect(AwsError.of(error, "lambda", "UpdateAlias").message).toBe(line);
});

test.each([
  ["is throttled", { name: "TooManyRequestsException" }, 400, "refused"],
  ["meets a limit for now", { name: "LimitExceededException" }, 429, "refused"],
  [
    "was signed too long ago",
    { name: "InvalidSignatureException", message: "Signature expired" },
    403,
    "refused",
  ],
  ["finds AWS at fault", { name: "InternalFailure" }, 501, "lost"],
  ["gets no answer in time", { name: "TimeoutError" }, undefined, "lost"],
  ["loses its connection", { code: "ECONNRESET" }, undefined, "lost"],
  ["does not trust who answers", { code: "SELF_SIGNED_CERT_IN_CHAIN" }, undefined, undefined],
  ["may not be made", { name: "AccessDeniedException" }, 403, undefined],
])("whether a call that %s may be answered later is known", (_, fields, httpStatusCode, passing) => {
  const error = Object.assign(new Error("no"), fields, { $metadata: { httpStatusCode } });
  expect(AwsError.of(error, "lambda", "UpdateAlias").passing).toBe(passing);
});

/** In its own process: in Jest, the SDK does not recognize connection errors of Node. */
test("an endpoint that nobody listens at is told in one line", async () => {
  const program = `require("./src/live/clients.ts").connect({ region: "eu-central-1", name: "dev" })
    .catch((error) => console.error(error.message))`;
  const variables = {
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  const { stderr } = await run(projectFolder, "node", ["--import", "tsx", "-e", program], variables);
  expect(stderr).toBe("AWS cannot be reached for sts:GetCallerIdentity: connect ECONNREFUSED 127.0.0.1:1\n");
}, 30_000);

test("a connection that breaks, and a moment of throttling, are not noticed", async () => {
  aws.set({
    "POST /": ["cut", { status: 400, body: stsError("Throttling", "Rate exceeded") }, identity(accountId)],
  });
  disconnect(await connect(environment()));
  expect(aws.calls).toHaveLength(3);
}, 30_000);
