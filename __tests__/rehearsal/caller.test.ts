import { join } from "node:path";
import { openPathOf } from "../../src/rehearsal/callable-routes";
import { readCaller } from "../../src/rehearsal/caller";
import { copyOfProject } from "../support/command";
import { createProject, type Files, temporaryFolder, writeFiles } from "../support/project";
import { RehearsedShop } from "../support/rehearse";
import { release } from "../support/release-command";
import { withServedApp } from "../support/served-app";
import { shopOfOne } from "../support/shop";

jest.setTimeout(60_000);

const cognitoUserPoolArns = ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a1"];
const api = {
  routes: [
    { path: "/user", authorization: { cognitoUserPoolArns } },
    { path: "/buy", authorization: { cognitoUserPoolArns, scopes: ["shop/buy", "shop/all"] } },
    { path: "/signed", authorization: "AWS_IAM" },
  ],
};
const echo = `export const handler = async ({ requestContext, headers }: any) => {
  const { authorizer = null, identity } = requestContext;
  return { body: JSON.stringify({ authorizer, userArn: identity.userArn, accountId: identity.accountId, tenant: headers["x-tenant"] }) };
};\n`;
const claims = { sub: "ann", scope: "openid shop/buy" };
const userArn = "arn:aws:sts::123456789012:assumed-role/caller/session";

async function answer(rehearsed: RehearsedShop, path: string) {
  const response = await rehearsed.fetch(path);
  return [response.status, await response.json()];
}

test("a user of a pool calls its routes, and the function gets the claims", async () => {
  const rehearsed = await RehearsedShop.of(shopOfOne(api, echo), { claims });
  const admitted = [200, { authorizer: { claims }, userArn: null, accountId: null }];
  expect(await answer(rehearsed, "/dev/user")).toEqual(admitted);
  expect(await answer(rehearsed, "/dev/buy")).toEqual(admitted);
  expect(await answer(rehearsed, "/dev/signed")).toEqual([403, { message: "Missing Authentication Token" }]);
  expect(openPathOf(rehearsed.rehearsal.api, { claims })).toBe("/user");
});

test("a token without one of the route's scopes is turned away", async () => {
  const rehearsed = await RehearsedShop.of(shopOfOne(api, echo), { claims: { scope: "shop/buying" } });
  expect(await answer(rehearsed, "/dev/buy")).toEqual([401, { message: "Unauthorized" }]);
  expect(rehearsed.lastReason).toBe("Cognito: the caller has none of the scopes shop/buy, shop/all");
});

test("a caller who signs calls AWS_IAM routes, and the function gets the ARN", async () => {
  const rehearsed = await RehearsedShop.of(shopOfOne(api, echo), { userArn });
  expect(await answer(rehearsed, "/dev/signed")).toEqual([
    200,
    { authorizer: null, userArn, accountId: "123456789012" },
  ]);
  expect(await answer(rehearsed, "/dev/user")).toEqual([401, { message: "Unauthorized" }]);
  expect(openPathOf(rehearsed.rehearsal.api, { userArn })).toBe("/signed");
});

test.each<[string, string | object, string]>([
  ["no JSON", "{", "caller.json:1:2 must be JSON: "],
  [
    "an unknown field",
    { claim: {} },
    "caller.json:2:12 'claim' must not be given: there is no such field; did you mean 'claims'?",
  ],
  [
    "a claim that is a list",
    { claims: { groups: ["a"] } },
    `caller.json:3:15 'claims.groups' must be text, a number or true or false, got ["a"]`,
  ],
  [
    "no ARN",
    { userArn: "ann" },
    `caller.json:2:14 'userArn' must be the ARN of an IAM user or role, such as arn:aws:iam::123456789012:user/ann, got "ann"`,
  ],
])("a file of a caller with %s is refused with one line", (_, content, line) => {
  const folder = createProject({ "caller.json": content });
  const read = () => readCaller(join(folder, "caller.json"));
  expect(read).toThrow(line);
});

test("a file that is not there is refused", () => {
  expect(() => readCaller(join(temporaryFolder(), "nobody.json"))).toThrow(
    /^cannot read .*nobody\.json: ENOENT/,
  );
});

test("numbers and true reach the function as text, as API Gateway passes claims on", () => {
  const folder = createProject({ "caller.json": { claims: { exp: 1, email_verified: true } } });
  expect(readCaller(join(folder, "caller.json")).claims).toEqual({ exp: "1", email_verified: "true" });
});

describe("the command", () => {
  const inProject = (files: Files) => {
    const project = withServedApp(copyOfProject(["dev/shop"]));
    const { "releases/dev/environment.json": _, ...own } = files;
    writeFiles(project, own);
    return project;
  };
  const project = inProject({ ...shopOfOne(api, echo), "caller.json": { claims } });
  const rehearse = (...args: string[]) =>
    release(project, ["rehearse", "dev/shop", "--requests", "5", ...args]);

  test("rehearses a caller's requests with --as", async () => {
    const { exitCode, stdout, stderr } = await rehearse("--as", join(project, "caller.json"));
    expect(stderr).toBe("");
    expect(stdout).toContain("5 requests, GET /user");
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("No request failed.")]);
  });

  test("sends a header with each request", async () => {
    const code = `export const handler = async ({ headers }: any) => ({ statusCode: headers["X-Tenant"] === "a" ? 200 : 500 });\n`;
    const other = inProject(shopOfOne(undefined, code));
    const call = (...args: string[]) => release(other, ["rehearse", "dev/shop", "--requests", "5", ...args]);
    expect((await call("--header", "X-Tenant: a")).exitCode).toBe(0);
    expect((await call()).exitCode).toBe(1);
  });

  test.each([
    ["--header", "X-Tenant"],
    ["--header", "X Tenant: a"],
    ["--as", "caller.yaml"],
  ])("refuses %s %s", async (option, value) => {
    const { exitCode, stderr } = await rehearse(option, value);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(`argument '${value}' is invalid. It must be a `),
    ]);
  });
});
