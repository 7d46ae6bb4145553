import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { checkSplit } from "../../src/workflows/split";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { readShop, releaseOf } from "../live/shop-context";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { createProject, handler, temporaryFolder, writeFiles } from "../support/project";
import { release as releaseCommand } from "../support/release-command";
import { shopOfOne } from "../support/shop";

test("a service whose traffic CodeDeploy moves is not held against its file", async () => {
  const told = jest.spyOn(console, "log").mockImplementation();
  const files = oneFunction("codedeploy-alias", "code", { versions: [1, 2], canary: { version: 2 } });
  const read = { release: releaseOf(files), project: "nowhere", name: "dev/shop", path: "" };
  expect(await checkSplit(read, 100)).toBe(true);
  expect(told.mock.calls).toEqual([
    ["dev/shop: not called, because CodeDeploy moves the traffic and the file does not know how far"],
  ]);
});

test("a service without an API is not called", async () => {
  const told = jest.spyOn(console, "log").mockImplementation();
  const release = releaseOf(oneFunction("weighted-alias", "code", { versions: [1], api: false }));
  expect(await checkSplit({ release, project: "nowhere", name: "dev/shop", path: "" }, 100)).toBe(true);
  expect(told.mock.lastCall).toEqual(["dev/shop: not called, because it has no API"]);
});

describe("of the routes of a service", () => {
  const paths: (string | undefined)[] = [];
  let named = true;
  let endpoint = "";
  const api = createServer((request, response) => {
    paths.push(request.url);
    headers.push(request.headers.authorization);
    request.on("data", (chunk) => bodies.push(`${request.method} ${chunk}`));
    response.writeHead(200, named ? { "x-version": "v1" } : { "x-amzn-requestid": "a" }).end();
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
    const value = `http://127.0.0.1:${(api.address() as AddressInfo).port}/dev`;
    endpoint = value;
    writeFiles(folder, { "outputs.json": { api_endpoint: { value } } });
  });
  afterAll(() => api.close());
  beforeEach(() => {
    named = true;
    writeFiles(folder, { "outputs.json": { api_endpoint: { value: endpoint } } });
    paths.length = 0;
    headers.length = 0;
    bodies.length = 0;
  });
  const folder = temporaryFolder();
  usedInstead(fakeCommands({ terraform: `cat ${folder}/outputs.json` }));
  const pool = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a1";
  const headers: (string | undefined)[] = [];
  const bodies: string[] = [];
  const closed = ["AWS_IAM", { cognitoUserPoolArns: [pool] }];

  /** A deployed shop with these routes, as the check reads it. */
  function deployed(routes: readonly object[], fields: object = {}) {
    const project = createProject({
      ...shopOfOne({ routes }, handler("v1"), fields),
      "cdktf.out/stacks/shop-dev/cdk.tf.json": "{}",
    });
    return { project, release: readShop(project), name: "dev/shop", path: "releases/dev/shop.json" };
  }

  test("a service on a domain is called there", async () => {
    jest.spyOn(console, "log").mockImplementation();
    const outputs = { api_endpoint: { value: "http://127.0.0.1:1/dev" }, url: { value: endpoint } };
    writeFiles(folder, { "outputs.json": outputs });
    expect(await checkSplit(deployed([{ path: "/open" }]), 3)).toBe(true);
    expect(paths).toEqual(Array(3).fill("/dev/open"));
    writeFiles(folder, { "outputs.json": { api_endpoint: { value: endpoint } } });
  });

  test("the declared request with 'split' is sent, with its headers and its body", async () => {
    jest.spyOn(console, "log").mockImplementation();
    const requests = [
      { path: "/orders/7" },
      {
        method: "POST",
        path: "/orders",
        headers: { Authorization: "Bearer $SHOP_TOKEN" },
        body: "tea",
        split: true,
      },
    ];
    const routes = [{ path: "/open" }, { method: "POST", path: "/orders" }, { path: "/orders/{id}" }];
    const read = deployed(routes, { requests });
    expect(await checkSplit(read, 3, {}, { SHOP_TOKEN: "abc" })).toBe(true);
    expect([paths, headers, bodies]).toEqual([
      Array(3).fill("/dev/orders"),
      Array(3).fill("Bearer abc"),
      Array(3).fill("POST tea"),
    ]);
    await expect(checkSplit(read, 3, {}, {})).rejects.toThrow("SHOP_TOKEN is not");
  });

  test("a split of which nobody tells who answered is neither right nor wrong", async () => {
    const told = jest.spyOn(console, "log").mockImplementation();
    named = false;
    await expect(checkSplit(deployed([{ path: "/open" }]), 3)).rejects.toThrow(
      "dev/shop: which version answered is not known",
    );
    expect(told.mock.lastCall?.join()).toContain(
      "no response has the header x-version, and http://127.0.0.1:",
    );
  });

  describe("of a named service", () => {
    const requests = [{ path: "/open", count: 2 }];
    const run = (project: string, ...args: string[]) =>
      releaseCommand(project, args, { variables: { PATH: process.env["PATH"] ?? "" } });
    const project = (fields: object = {}) => {
      writeFiles(folder, { "outputs.json": { api_endpoint: { value: "http://127.0.0.1:1" }, ...fields } });
      return createProject({
        ...shopOfOne({ routes: [{ path: "/open" }] }, handler("v1"), { requests }),
        "cdktf.out/stacks/shop-dev/cdk.tf.json": "{}",
      });
    };

    test("traffic calls its domain, and expects the split of the file", async () => {
      const args = ["traffic", "dev/shop", "--interval", "0", "--count", "5"];
      const { exitCode, stdout } = await run(project({ url: { value: endpoint } }), ...args);
      expect([exitCode, paths]).toEqual([0, Array(5).fill("/dev/open")]);
      expect(stdout).toMatch(/v1 +5 +100\.0 % +100 %/);
    });

    test("traffic sends a body to the path that is named", async () => {
      const args = ["traffic", "dev/shop", "--interval", "0", "--count", "2", "--path", "/open?a=1"];
      const { exitCode } = await run(project({ url: { value: endpoint } }), ...args, "--body", "tea");
      expect([exitCode, paths, bodies]).toEqual([
        0,
        Array(2).fill("/dev/open?a=1"),
        Array(2).fill("POST tea"),
      ]);
    });

    test("check-requests calls its domain, and --url goes before it", async () => {
      const onDomain = project({ url: { value: endpoint } });
      expect((await run(onDomain, "check-requests", "dev/shop")).exitCode).toBe(0);
      expect(paths).toEqual(Array(3).fill("/dev/open"));
      const elsewhere = endpoint.replace("/dev", "/blue");
      expect((await run(onDomain, "check-requests", "dev/shop", "--url", elsewhere)).exitCode).toBe(0);
      expect(paths.slice(3)).toEqual(Array(3).fill("/blue/open"));
    });

    test("one that is not deployed has no address", async () => {
      const { exitCode, stderr } = await run(project({ api_endpoint: undefined }), "traffic", "dev/shop");
      expect([exitCode, stderr]).toEqual([
        2,
        "error: shop-dev has neither the output 'url' nor 'api_endpoint': deploy it, or give --url\n",
      ]);
    });
  });

  test.each(closed)("one that %j closes is not called: nobody is signed in here", async (authorization) => {
    const told = jest.spyOn(console, "log").mockImplementation();
    expect(await checkSplit(deployed([{ path: "/", authorization }]), 100)).toBe(true);
    expect(told.mock.lastCall).toEqual([
      `dev/shop: not called, because no GET route without variables is open to everybody; "split": true at one of 'requests' names what to call`,
    ]);
    expect(paths).toEqual([]);
  });

  test("one that needs an API key is not called without headers", async () => {
    const told = jest.spyOn(console, "log").mockImplementation();
    const service = deployed([{ path: "/", apiKey: true }], { stage: { usagePlans: {} } });
    expect(await checkSplit(service, 100)).toBe(true);
    expect(told.mock.lastCall?.join()).toContain(
      "dev/shop: not called, because no GET route without variables is open to everybody",
    );
    expect(paths).toEqual([]);
    expect(await checkSplit(service, 3, { "x-api-key": "k" })).toBe(true);
    expect(paths).toEqual(Array(3).fill("/dev/"));
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
