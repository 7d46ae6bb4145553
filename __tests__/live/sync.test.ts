import { readFileSync } from "node:fs";
import { join } from "node:path";
import { noStops, readStops, withStop } from "../../src/release/steps/stops";
import { createProject, shop } from "../support/project";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { type DeployedStage, deployedShop, releaseInAccount as release } from "./deployed-shop";

jest.setTimeout(120_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const [nine, ten, eleven] = ["09", "10", "11"].map((hour) => `2026-11-27T${hour}:00:00Z`);
const file = "releases/dev/shop.json";
const inFile = (folder: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
const guarded = (more: object) => createProject(shop({ guard: {}, stableSince: nine, ...more }));
const trial = (since: string | undefined) => guarded({ canary: { version: "v2", percent: 10, since } });

const stopped = withStop(noStops, {
  version: "v2",
  at: ten ?? "",
  by: "guard",
  reason: "alarm shop-dev-v2-errors",
  from: { v1: 90, v2: 10 },
  to: { v1: 100 },
});

const served = (stops: string, stage: DeployedStage = {}): Record<string, Answers> => ({
  ...deployedShop(stage),
  GetParameter: { body: { Parameter: { Value: stops } } },
  PutParameter: { body: {} },
});

const ofV2 = { canary: { percent: 10 } };

describe("sync", () => {
  test("drops a canary that was stopped, and proposes what the commit says", async () => {
    const folder = trial(nine);
    aws.set(served(stopped));
    const { exitCode, stdout, stderr } = await release(folder, "sync", "--yes", "dev/shop");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(inFile(folder)).not.toHaveProperty("canary");
    expect(inFile(folder)).toMatchObject({ stable: "v1", stableSince: nine });
    expect(stdout).toContain(
      "commit   dev/shop: roll back v2: v2 was stopped at 2026-11-27T10:00:00Z by guard (alarm shop-dev-v2-errors)",
    );
  });

  test("returns to the former version, decided when the other one was stopped", async () => {
    const folder = guarded({ stable: "v2", former: "v1" });
    aws.set(served(stopped));
    expect((await release(folder, "sync", "--yes", "dev/shop")).exitCode).toBe(0);
    expect(inFile(folder)).toMatchObject({ stable: "v1", stableSince: ten });
    expect(inFile(folder)).not.toHaveProperty("former");
  });

  test("leaves a file alone that decided after the stop", async () => {
    const folder = trial(eleven);
    aws.set(served(stopped, ofV2));
    const { exitCode, stdout } = await release(folder, "sync", "--yes", "dev/shop");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("nothing that the file gives users was stopped");
    expect(inFile(folder)).toHaveProperty("canary");
  });

  test("refuses while AWS still sends the version users", async () => {
    const folder = trial(nine);
    aws.set(served(stopped, ofV2));
    const { exitCode, stderr } = await release(folder, "sync", "--yes", "dev/shop");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("v2 was stopped at 2026-11-27T10:00:00Z, but AWS still sends it users");
    expect(inFile(folder)).toHaveProperty("canary");
  });

  test("refuses without a guard", async () => {
    const { exitCode, stderr } = await release(createProject(shop({})), "sync", "--yes", "dev/shop");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("dev/shop has no guard");
  });
});

describe("rollback --now", () => {
  test("records what it stopped, after AWS and the file are as they should be", async () => {
    const folder = trial(nine);
    aws.set(served(noStops, ofV2));
    const { exitCode, stderr } = await release(folder, "rollback", "--now", "--yes", "dev/shop");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(aws.asked.slice(-3)).toEqual(["PATCH /restapis/abc/stages/dev", "GetParameter", "PutParameter"]);
    const put = aws.calls.find(({ name }) => name === "PutParameter")?.body as {
      Name: string;
      Value: string;
    };
    expect(put.Name).toBe("/lambda-release/shop-dev/stops");
    expect(readStops(put.Value)).toMatchObject([
      { version: "v2", by: "rollback --now", from: { v1: 90, v2: 10 }, to: { v1: 100 } },
    ]);
  });

  test("returns everybody to an older version than the former one, and records why", async () => {
    const files = shop({ guard: {}, stableSince: nine, versions: ["v1", "v2"], stable: "v2" });
    const folder = createProject(files);
    aws.set({
      ...served(noStops, { stable: "v2" }),
      "GET /2015-03-31/functions/shop-dev-v1/configuration": { body: {} },
    });
    const args = ["rollback", "--now", "--yes", "--to", "v1", "-m", "orders are lost", "dev/shop"];
    const { exitCode, stdout, stderr } = await release(folder, ...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("commit   dev/shop: roll back to v1: orders are lost\n");
    const put = aws.calls.find(({ name }) => name === "PutParameter")?.body as { Value: string };
    expect(readStops(put.Value)).toMatchObject([{ version: "v2", reason: "orders are lost" }]);
    expect(inFile(folder)).toMatchObject({ stable: "v1" });
  });

  test("says so where the stop cannot be recorded", async () => {
    const folder = trial(nine);
    const refused = { status: 400, error: "AccessDeniedException", body: { message: "no" } };
    aws.set({ ...served(noStops, ofV2), PutParameter: refused });
    const { exitCode, stderr } = await release(folder, "rollback", "--now", "--yes", "dev/shop");
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "AWS is as it should be, and the file is written, but the stop of v2 is not recorded",
    );
    expect(inFile(folder)).not.toHaveProperty("canary");
  });
});
