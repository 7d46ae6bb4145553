import { numbered } from "../support/several-functions";
import { RolloutPair } from "./rollout-pair";

jest.setTimeout(60_000);

let shop: RolloutPair;
afterEach(() => shop.close());

const both = (version: string) => ({
  api: { version, weights: {} },
  admin: { version, weights: {} },
});
const json = (stdout: string) => JSON.parse(stdout);

/** A hook that fails for the deployment of one function. */
async function failFor(functionName: string, moment: "before" | "after"): Promise<void> {
  const name = `CodeDeployHook_shop-dev-${moment}`;
  shop.hook(name, "Succeeded");
  const succeed = shop.lambda.functions.get(name);
  shop.hook(name, "Failed");
  const fail = shop.lambda.functions.get(name);
  shop.lambda.functions.set(name, async (event) => {
    const target = await shop.targetOf(event.DeploymentId);
    return (target === functionName ? fail : succeed)?.(event);
  });
}

describe("a shift of several functions", () => {
  test("moves the alias of each, by a deployment each, and records the version", async () => {
    shop = await RolloutPair.start({ hooks: { beforeTraffic: "before" } });
    shop.hook("CodeDeployHook_shop-dev-before", "Succeeded");
    const { exitCode, stdout, stderr } = await shop.rollout("--yes", "--record");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const by = "from 1 to 2 by CodeDeployDefault.LambdaCanary10Percent5Minutes";
    expect(stdout).toContain(`to shift  shop-dev-api:live ${by}\nto shift  shop-dev-admin:live ${by}\n`);
    expect(stdout).toContain("BeforeAllowTraffic  CodeDeployHook_shop-dev-before, once for each\n");
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}admin {2}version 2 {2}10 %$/m);
    expect(stdout).toMatch(/\nsucceeded {2}d-000000001 and d-000000002\n/);
    expect(shop.lambda.started).toEqual(Array(2).fill("CodeDeployHook_shop-dev-before Event"));
    expect(shop.serving).toEqual(both("2"));
    expect(shop.release).toMatchObject({ stable: 2, former: 1 });
  });

  test("leaves a function as it is that both versions have alike", async () => {
    shop = await RolloutPair.start({ versions: { "1": numbered(1, 1), "2": numbered(2, 1) } });
    const { exitCode, stdout } = await shop.rollout("--yes", "--json");
    expect({ exitCode, ...json(stdout) }).toMatchObject({
      exitCode: 0,
      deployments: ["d-000000001"],
      to: "2",
      outcome: "succeeded",
    });
    expect(shop.serving).toEqual({ ...both("1"), api: { version: "2", weights: {} } });
    expect((await shop.rollout("--yes")).stderr).toBe(
      "error: live serves 2 already: promote it in the file\n",
    );
  });

  test("is stopped as a whole by an alarm", async () => {
    shop = await RolloutPair.start();
    shop.onLook(5, () => shop.alarms.set("shop-errors", "ALARM"));
    const { exitCode, stdout } = await shop.rollout("--yes", "--json");
    expect({ exitCode, ...json(stdout) }).toMatchObject({
      exitCode: 1,
      outcome: "rolled back",
      reason: expect.stringContaining("ALARM_ACTIVE"),
    });
    expect(shop.serving).toEqual(both("1"));
  });

  test("is taken back as a whole where a hook fails for one function", async () => {
    shop = await RolloutPair.start({ hooks: { beforeTraffic: "before" } });
    await failFor("shop-dev-admin", "before");
    const { exitCode, stdout } = await shop.rollout("--yes", "--record");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /\nrolled back {2}d-000000001 and d-000000002, by d-\d+ and d-\d+\nbecause {2}HOOK_EX/,
    );
    expect(shop.calls.filter((name) => name === "StopDeployment")).toHaveLength(1);
    expect(shop.serving).toEqual(both("1"));
    expect(shop.release).not.toHaveProperty("canary");
  });

  test("takes back by another deployment what had succeeded before", async () => {
    shop = await RolloutPair.start({ hooks: { afterTraffic: "after" } });
    await failFor("shop-dev-admin", "after");
    const late = shop.lambda.functions.get("CodeDeployHook_shop-dev-after");
    shop.lambda.functions.set("CodeDeployHook_shop-dev-after", async (event) => {
      // The other one is through by then.
      if ((await shop.targetOf(event.DeploymentId)) === "shop-dev-admin")
        while (!(await shop.isOver("d-000000001"))) await new Promise((resolve) => setTimeout(resolve, 5));
      return late?.(event);
    });
    const { exitCode, stdout } = await shop.rollout("--yes", "--json");
    expect({ exitCode, ...json(stdout) }).toMatchObject({ exitCode: 1, outcome: "rolled back" });
    expect(shop.serving).toEqual(both("1"));
    // Who follows it later finds what was done, and does nothing again.
    const before = shop.calls.filter((name) => name === "CreateDeployment").length;
    expect(before).toBe(3);
    const again = await shop.rollout("--watch", "--json");
    expect(json(again.stdout)).toMatchObject({ outcome: "rolled back" });
    expect(shop.calls.filter((name) => name === "CreateDeployment")).toHaveLength(before);
  });

  test("that cannot start one deployment takes the other back", async () => {
    shop = await RolloutPair.start();
    let starts = 0;
    shop.onCall = (name) => (name === "CreateDeployment" && starts++ > 0 ? "expired" : undefined);
    const { exitCode, stderr } = await shop.rollout("--yes");
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "(d-000000001 was started with it, and is stopped and rolled back: run 'rollout --watch' to follow it)",
    );
    const watched = await shop.rollout("--watch");
    expect(watched.stdout).toContain("has no deployment: the others are stopped");
    expect(shop.serving).toEqual(both("1"));
  });

  test("ends with --stop for all", async () => {
    shop = await RolloutPair.start();
    const running = shop.started("--yes", "--poll", "600");
    await shop.whenCalled("GetDeploymentTarget", 2);
    running.signal("SIGINT");
    const left = await running.finished;
    expect([left.exitCode, left.stdout]).toEqual([
      130,
      expect.stringContaining("until it is, a hook that fails for one function does not stop the others"),
    ]);
    const { exitCode, stdout } = await shop.rollout("--stop", "--yes");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nrolled back {2}d-000000001 and d-000000002, by /);
    expect(shop.serving).toEqual(both("1"));
  });
});

test("--detach is refused: nobody would stop the others", async () => {
  shop = await RolloutPair.start();
  expect(await shop.rollout("--yes", "--detach")).toMatchObject({
    exitCode: 2,
    stderr:
      "error: --detach must not be given with several functions: this command stops the others when one is rolled back\n",
  });
  expect(shop.calls).toEqual([]);
});
