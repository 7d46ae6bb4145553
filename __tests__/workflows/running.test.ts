import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { driftLines, findDrift, isClean } from "../../src/workflows/drift";
import { checkRunning } from "../../src/workflows/running";
import { AnsweringEndpoint, type Answers } from "../live/answering-endpoint";
import { plainExport, runningShop } from "../live/running-shop";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { shop, temporaryFolder } from "../support/project";

/** Every plan is empty, as it is where code was changed in the console. */
const commands = fakeCommands({ terraform: () => ({ stdout: "{}" }) });
usedInstead(commands);

let aws: AnsweringEndpoint;
let lines: string[] = [];
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());
beforeEach(() => {
  lines = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
});

const one = runningShop(shop({}));
const read = { project: one.project, release: one.release, name: "dev/shop" };
mkdirSync(join(one.project, "cdktf.out/stacks/shop-dev"), { recursive: true });

const deployed: Record<string, Answers> = {
  "GET /restapis": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
  "GET /restapis/abc/deployments": { body: { item: [{ id: "d1", description: "v1", createdDate: 1 }] } },
  "GET /restapis/abc/stages/dev": {
    body: { deploymentId: "d1", variables: { shopFunction: "shop-dev-v1" } },
  },
  ...plainExport,
};
const changed = () => one.running({ "shop-dev-v1": { "shop.js": "exports.handler = () => 1" } });
const denied = {
  "GET /2015-03-31/functions/shop-dev-v1": {
    status: 403,
    error: "AccessDeniedException",
    body: { message: "not yours" },
  },
};
const otherCode = "v1: shop-dev-v1 has other code in AWS than lambdas/shop/v1: shop.js differs";

describe("after a deploy", () => {
  test("what AWS runs is told to be as the file says", async () => {
    aws.set({ ...deployed, ...(await one.running()) });
    expect(await checkRunning([read])).toBe(true);
    expect(lines).toEqual(["dev/shop: AWS matches the file."]);
  });

  test("code that is not the file's is a failure", async () => {
    aws.set({ ...deployed, ...(await changed()) });
    expect(await checkRunning([read])).toBe(false);
    expect(lines).toEqual([`dev/shop: ${otherCode}`]);
  });

  test("what could not be compared is not taken for the same", async () => {
    aws.set({ ...deployed, ...denied });
    await expect(checkRunning([read])).rejects.toThrow(
      "dev/shop is not compared: the code of shop-dev-v1: access denied for lambda:GetFunction: not yours",
    );
  });
});

describe("at night", () => {
  const drift = () => findDrift(one.project, "dev", temporaryFolder());

  test("nothing has drifted where AWS runs what the files say", async () => {
    aws.set({ ...deployed, ...(await one.running()) });
    const found = await drift();
    expect(driftLines(found)).toEqual(["shop-dev                       matches the files"]);
    expect(isClean(found)).toBe(true);
  });

  test("the state is not locked: the role that looks may only read", async () => {
    aws.set({ ...deployed, ...(await one.running()) });
    const before = commands.calls().length;
    await drift();
    const calls = commands.calls().slice(before);
    expect(calls.filter((call) => call.startsWith("terraform plan"))).toEqual([
      expect.stringContaining(" -lock=false "),
    ]);
  });

  test("code that somebody changed in the console has drifted, though the plan is empty", async () => {
    aws.set({ ...deployed, ...(await changed()) });
    const found = await drift();
    expect(driftLines(found)).toEqual([`shop-dev                       in AWS: ${otherCode}`]);
    expect(isClean(found)).toBe(false);
  });

  test("what could not be compared is told, and keeps the issue open", async () => {
    aws.set({ ...deployed, "GET /restapis": { status: 403, error: "AccessDeniedException", body: {} } });
    const found = await drift();
    expect(driftLines(found)).toEqual([
      expect.stringMatching(/^shop-dev +could not be compared with AWS: access denied for apigateway:GET/),
    ]);
    expect(isClean(found)).toBe(false);
  });
});
