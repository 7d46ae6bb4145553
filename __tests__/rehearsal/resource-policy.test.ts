import { decide, parseResourcePolicy } from "../../src/rehearsal/api-gateway/resource-policy";
import { apiOf } from "../../src/rehearsal/api-gateway/stage";
import { AppliedState } from "../../src/rehearsal/terraform/applied-state";
import { aliasStack, deployment, stackFolder, stageOf } from "../support/alias-stack";
import { RehearsedAliases } from "../support/rehearse";

const allow = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
/** Closes the stage `blue` to everybody outside the ranges. */
const denyBlue = (...ranges: string[]) => ({
  ...allow,
  Effect: "Deny",
  Resource: "execute-api:/blue/*",
  Condition: { NotIpAddress: { "aws:SourceIp": ranges } },
});
const policy = (...statements: object[]) => ({ Version: "2012-10-17", Statement: statements });

/** Stages `dev` and `blue`, whose deployment is made anew by another fingerprint. */
const stack = (policyDocument: object | undefined, fingerprint = "one") => ({
  policy: policyDocument,
  resource: {
    aws_api_gateway_deployment: { blue: deployment(fingerprint) },
    aws_api_gateway_stage: {
      blue: stageOf("blue", { deployment_id: "${aws_api_gateway_deployment.blue.id}" }),
    },
  },
});

describe("a stage that a resource policy closes", () => {
  test("turns callers away as AWS does, says why on the terminal, and the other stage goes on", async () => {
    const rehearsed = await RehearsedAliases.of(stack(policy(allow, denyBlue("10.0.0.0/8", "fd00::/8"))));
    const response = await rehearsed.fetch("/blue/");
    const id = rehearsed.rehearsal.api.id;
    const resource = (account: string) => `arn:aws:execute-api:eu-central-1:${account}:${id}/blue/GET/`;
    expect([response.status, await response.json()]).toEqual([
      403,
      {
        Message: `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${resource("********9012")} with an explicit deny`,
      },
    ]);
    expect(rehearsed.lastReason).toBe(`the resource policy denies 127.0.0.1 ${resource("123456789012")}`);
    expect((await rehearsed.fetch("/dev/")).status).toBe(200);
  });

  test("admits callers from within the ranges", async () => {
    const rehearsed = await RehearsedAliases.of(stack(policy(allow, denyBlue("10.0.0.0/8", "127.0.0.1"))));
    expect((await rehearsed.fetch("/blue/")).status).toBe(200);
  });

  test("does not believe callers where they are", async () => {
    const rehearsed = await RehearsedAliases.of(stack(policy(allow, denyBlue("10.0.0.0/8"))));
    const headers = { "X-Forwarded-For": "10.0.0.1" };
    expect((await rehearsed.fetch("/blue/", { headers })).status).toBe(403);
  });

  test("is closed by a deployment that is made after the policy, and no sooner", async () => {
    const rehearsed = await RehearsedAliases.of(stack(undefined));
    const closed = policy(allow, denyBlue("10.0.0.0/8"));
    expect(rehearsed.apply(stack(closed)).changed).toEqual(["aws_api_gateway_rest_api.shop"]);
    expect((await rehearsed.fetch("/blue/")).status).toBe(200);
    rehearsed.apply(stack(closed, "two"));
    expect((await rehearsed.fetch("/blue/")).status).toBe(403);
    rehearsed.apply(stack(policy(allow), "two"));
    expect((await rehearsed.fetch("/blue/")).status).toBe(403);
    rehearsed.apply(stack(policy(allow), "three"));
    expect((await rehearsed.fetch("/blue/")).status).toBe(200);
  });

  test("stays closed when the stack leaves the policy out: the provider keeps it", async () => {
    const rehearsed = await RehearsedAliases.of(stack(policy(allow, denyBlue("10.0.0.0/8"))));
    expect(rehearsed.apply(stack(undefined)).changed).toEqual([]);
    rehearsed.apply(stack(undefined, "two"));
    expect((await rehearsed.fetch("/blue/")).status).toBe(403);
  });
});

test("a caller whom no statement allows is not admitted, in words without a denial", async () => {
  const onlyDev = policy({ ...allow, Resource: ["execute-api:/dev/GET/"] });
  const rehearsed = await RehearsedAliases.of(stack(onlyDev));
  const response = await rehearsed.fetch("/blue/");
  const { Message } = (await response.json()) as { Message: string };
  expect([response.status, Message]).toEqual([403, expect.stringMatching(/\/blue\/GET\/$/)]);
  expect(rehearsed.lastReason).toMatch(/^the resource policy does not allow 127.0.0.1 arn:/);
  expect((await rehearsed.fetch("/dev/")).status).toBe(200);
});

describe("a statement", () => {
  const arn = "arn:aws:execute-api:eu-central-1:123456789012:api";
  const decision = (statement: object, address = "10.1.2.3", path = "/dev/GET/users/7") =>
    decide(parseResourcePolicy(JSON.stringify(policy({ ...allow, ...statement })), arn), arn + path, address);

  test.each([
    ["execute-api:/*", true],
    ["execute-api:/dev/*", true],
    ["execute-api:/dev/GET/users/?", true],
    ["execute-api:/dev/POST/*", false],
    ["execute-api:/blue/*", false],
    [`${arn}/dev/GET/*`, true],
    ["arn:aws:execute-api:eu-central-1:123456789012:other/*", false],
    ["*", true],
    [["execute-api:/blue/*", "execute-api:/dev/*"], true],
  ])("of the resource %j: %p", (Resource, allowed) => {
    expect(decision({ Resource })).toBe(allowed ? "allowed" : "not allowed");
  });

  test.each([
    [{ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, "10.1.2.3", true],
    [{ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, "11.1.2.3", false],
    [{ IpAddress: { "aws:SourceIp": ["11.0.0.0/8", "10.1.2.3"] } }, "10.1.2.3", true],
    [{ NotIpAddress: { "aws:SourceIp": ["11.0.0.0/8", "10.1.2.3"] } }, "10.1.2.3", false],
    [{ NotIpAddress: { "aws:SourceIp": "11.0.0.0/8" } }, "10.1.2.3", true],
    [{ IpAddress: { "aws:SourceIp": "fd00::/8" } }, "fd00::1", true],
    [{ IpAddress: { "aws:SourceIp": "fd00::/8" } }, "fe80::1", false],
    [
      {
        IpAddress: { "aws:SourceIp": "10.0.0.0/8" },
        NotIpAddress: { "aws:SourceIp": "10.1.0.0/16" },
      },
      "10.1.2.3",
      false,
    ],
  ])("of %j for %s: %p", (Condition, address, allowed) => {
    expect(decision({ Condition }, address)).toBe(allowed ? "allowed" : "not allowed");
  });

  test.each([{ AWS: "*" }, { AWS: ["*"] }, "*"])("of everybody as %j", (Principal) => {
    expect(decision({ Principal, Action: ["execute-api:*"] })).toBe("allowed");
  });
});

describe("what the rehearsal does not know of a policy is refused with its place", () => {
  const message = (document: object) => {
    const { state } = AppliedState.empty.apply(aliasStack(stackFolder(), { policy: document }));
    try {
      apiOf(state);
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };
  const unknown = (part: string) =>
    `aws_api_gateway_rest_api.shop: the rehearsal does not know the resource policy's ${part}`;

  test.each([
    [{ NotAction: "execute-api:Invoke" }, "'Statement.0.NotAction'"],
    [{ Effect: "Audit" }, `'Statement.0.Effect' "Audit"`],
    [{ Principal: { Service: "a.example" } }, `'Statement.0.Principal' {"Service":"a.example"}`],
    [{ Principal: { Service: "*" } }, `'Statement.0.Principal' {"Service":"*"}`],
    [{ Action: "execute-api:ManageConnections" }, `'Statement.0.Action' "execute-api:ManageConnections"`],
    [{ Resource: "s3:/*" }, `'Statement.0.Resource' "s3:/*"`],
    [{ Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } }, "'Statement.0.Condition.StringEquals'"],
    [
      { Condition: { IpAddress: { "aws:VpcSourceIp": "10.0.0.0/8" } } },
      "'Statement.0.Condition.IpAddress.aws:VpcSourceIp'",
    ],
  ])("%j", (statement, part) => {
    expect(message(policy({ ...allow, ...statement }))).toBe(unknown(part));
  });

  test.each(["10.0.0.0/33", "10.0.0/8", "ten", "10.0.0.0/8/8", "10.0.0.0/"])("the range %s", (range) => {
    expect(message(policy(allow, denyBlue(range)))).toBe(
      `aws_api_gateway_rest_api.shop: 'Statement.1.Condition.NotIpAddress.aws:SourceIp' must be ranges of addresses such as 10.0.0.0/8, got "${range}"`,
    );
  });
});
