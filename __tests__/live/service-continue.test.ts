import { RolloutStore, waits } from "./rollout-store";

jest.setTimeout(60_000);

let store: RolloutStore;
afterEach(() => store.close());

const json = (stdout: string) => JSON.parse(stdout);
const minute = 60_000;

describe("continue", () => {
  const waiting = async (minutes: Parameters<typeof waits>[0], passed: number) => {
    store = await RolloutStore.start(waits(minutes));
    await store.rollout("--yes", "--detach");
    await store.clock.advance(passed * minute);
  };

  test("moves users where CodeDeploy waits for an operator", async () => {
    await waiting({ ready: 60 }, 2);
    const { exitCode, stdout } = await store.command("continue", "dev/shop", "--yes");
    expect(stdout).toBe(
      "dev/shop   account 111122223333, eu-central-1\n\n" +
        "to continue  d-000000001, which waits for an operator until 2026-01-01 01:00 UTC\n" +
        "with that    users move from v1 to v2\n\n" +
        "continued  d-000000001\n\nnext   npx lambda-release rollout dev/shop --watch\n",
    );
    expect(exitCode).toBe(0);
    await store.clock.advance(0);
    expect(store.shares).toEqual({ one: 90, two: 10 });
  });

  test("ends the tasks of the version before their time, follows that, and records it", async () => {
    await waiting({ terminate: 600 }, 10);
    const told = await store.command("continue", "dev/shop", "--dry-run");
    expect(told).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(
        "to continue  d-000000001, which keeps the tasks of v1 until 2026-01-01 10:05 UTC\n" +
          "with that    the tasks of v1 end, and --stop has no way back any more\n\nnothing is changed\n",
      ),
    });
    expect(store.running).toHaveLength(2);
    const all = ["--yes", "--watch", "--record", "--poll", "0.01"];
    const { exitCode, stdout } = await store.command("continue", "dev/shop", ...all);
    expect(stdout).toMatch(/\nsucceeded {2}d-000000001\nwrote releases\/dev\/shop\.json: commit it\n$/);
    expect(exitCode).toBe(0);
    expect(store.running).toEqual(["PRIMARY v2 two"]);
    expect(store.release).toMatchObject({ stable: "v2" });
  });

  test("gives scripts one object, and asks nobody who is not there", async () => {
    await waiting({ ready: 60 }, 2);
    expect(await store.command("continue", "dev/shop")).toMatchObject({
      exitCode: 2,
      stderr: "error: cannot prompt without a terminal; use --yes or --dry-run\n",
    });
    expect(store.calls).not.toContain("ContinueDeployment");
    const { stdout } = await store.command("continue", "dev/shop", "--yes", "--json");
    expect(json(stdout)).toEqual({
      service: "dev/shop",
      outcome: "continued",
      deployment: "d-000000001",
      wait: "operator",
    });
  });

  test("is done where the answer was lost", async () => {
    await waiting({ ready: 60 }, 2);
    let calls = 0;
    store.onCall = (name) =>
      name === "ContinueDeployment" && calls++ === 0 ? "cut after it was done" : undefined;
    expect(await store.command("continue", "dev/shop", "--yes")).toMatchObject({ exitCode: 0 });
    expect(calls).toBe(2);
  });

  test("is refused where AWS does not take it", async () => {
    await waiting({ ready: 60 }, 2);
    store.onCall = (name) => (name === "ContinueDeployment" ? "throttled" : undefined);
    expect(await store.command("continue", "dev/shop", "--yes")).toMatchObject({
      exitCode: 2,
      stderr: "error: AWS throttles codedeploy:ContinueDeployment, 4 times in a row: try again in a minute\n",
    });
  });

  test("is refused where nothing waits", async () => {
    const refused = async (message: string, ...args: string[]) =>
      expect(await store.command("continue", "dev/shop", "--yes", ...args)).toMatchObject({
        exitCode: 2,
        stderr: `error: ${message}\n`,
      });
    store = await RolloutStore.start();
    await refused("CodeDeploy has no shift of shop-dev in progress: nothing waits");
    await refused("--record needs the end, and --watch waits for it", "--record");
    const id = await store.deploy();
    await store.clock.advance(0);
    await refused(`the deployment ${id} (InProgress) is not waiting: run 'rollout --watch' to follow it`);
    expect(store.calls).not.toContain("ContinueDeployment");
  });
});
