import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { checkSplit } from "../../src/workflows/split";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { readShop, releaseOf } from "../live/shop-context";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { createProject, handler, temporaryFolder, writeFiles } from "../support/project";
import { shopOfOne } from "../support/shop";

test("a service whose traffic CodeDeploy moves is not held against its file", async () => {
  const told = jest.spyOn(console, "log").mockImplementation();
  const files = oneFunction("codedeploy-alias", "code", { versions: [1, 2], canary: { version: 2 } });
  const read = { release: releaseOf(files), project: "nowhere", name: "dev/shop" };
  expect(await checkSplit(read, 100)).toBe(true);
  expect(told.mock.calls).toEqual([
    ["dev/shop: not called, because CodeDeploy moves the traffic and the file does not know how far"],
  ]);
});

test("a service without an API is not called", async () => {
  const told = jest.spyOn(console, "log").mockImplementation();
  const release = releaseOf(oneFunction("weighted-alias", "code", { versions: [1], api: false }));
  expect(await checkSplit({ release, project: "nowhere", name: "dev/shop" }, 100)).toBe(true);
  expect(told.mock.lastCall).toEqual(["dev/shop: not called, because it has no API"]);
});

describe("of the routes of a service", () => {
  const paths: (string | undefined)[] = [];
  let endpoint = "";
  const api = createServer((request, response) => {
    paths.push(request.url);
    headers.push(request.headers.authorization);
    response.writeHead(200, { "x-version": "v1" }).end();
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
    const value = `http://127.0.0.1:${(api.address() as AddressInfo).port}/dev`;
    endpoint = value;
    writeFiles(folder, { "outputs.json": { api_endpoint: { value } } });
  });
  afterAll(() => api.close());
  beforeEach(() => {
    paths.length = 0;
    headers.length = 0;
  });
  const folder = temporaryFolder();
  usedInstead(fakeCommands({ terraform: `cat ${folder}/outputs.json` }));
  const pool = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a1";
  const headers: (string | undefined)[] = [];
  const closed = ["AWS_IAM", { cognitoUserPoolArns: [pool] }];

  /** A deployed shop with these routes, as the check reads it. */
  function deployed(routes: readonly object[]) {
    const project = createProject({
      ...shopOfOne({ routes }, handler("v1")),
      "cdktf.out/stacks/shop-dev/cdk.tf.json": "{}",
    });
    return { project, release: readShop(project), name: "dev/shop" };
  }

  test("a service on a domain is called there", async () => {
    jest.spyOn(console, "log").mockImplementation();
    const outputs = { api_endpoint: { value: "http://127.0.0.1:1/dev" }, url: { value: endpoint } };
    writeFiles(folder, { "outputs.json": outputs });
    expect(await checkSplit(deployed([{ path: "/open" }]), 3)).toBe(true);
    expect(paths).toEqual(Array(3).fill("/dev/open"));
    writeFiles(folder, { "outputs.json": { api_endpoint: { value: endpoint } } });
  });

  test.each(closed)("one that %j closes is not called: nobody is signed in here", async (authorization) => {
    const told = jest.spyOn(console, "log").mockImplementation();
    expect(await checkSplit(deployed([{ path: "/", authorization }]), 100)).toBe(true);
    expect(told.mock.lastCall).toEqual([
      "dev/shop: not called, because no GET route without variables is open to everybody",
    ]);
    expect(paths).toEqual([]);
  });

  test("one that a token opens is called with it, and one of AWS_IAM is not", async () => {
    const told = jest.spyOn(console, "log").mockImplementation();
    const user = { path: "/user", authorization: { cognitoUserPoolArns: [pool] } };
    const signed = { path: "/signed", authorization: "AWS_IAM" };
    const token = { authorization: "Bearer abc" };
    expect(await checkSplit(deployed([signed, user]), 20, token)).toBe(true);
    expect([paths, headers]).toEqual([Array(20).fill("/dev/user"), Array(20).fill("Bearer abc")]);
    expect(await checkSplit(deployed([signed]), 20, token)).toBe(true);
    expect(told.mock.lastCall?.join()).toContain("not called");
  });

  test.each(closed)(
    "the first that %j does not close is called, and who answers is compared with the file",
    async (authorization) => {
      const told = jest.spyOn(console, "log").mockImplementation();
      expect(await checkSplit(deployed([{ path: "/", authorization }, { path: "/open" }]), 20)).toBe(true);
      expect(paths).toEqual(Array(20).fill("/dev/open"));
      expect(told.mock.lastCall?.join()).toMatch(/v1 +20 +100\.0 % +100 %/);
    },
  );
});
