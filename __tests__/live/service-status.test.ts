import { deleted, leftText } from "./left-tasks";
import { RolloutStore, waits } from "./rollout-store";

jest.setTimeout(60_000);

let store: RolloutStore;
afterEach(() => store.close());

const json = (stdout: string) => JSON.parse(stdout);
const minute = 60_000;

describe("status --live", () => {
  const status = async () => json((await store.command("status", "dev/shop", "--live", "--json")).stdout);

  test("tells the shares of a shift that is under way, by CodeDeploy", async () => {
    store = await RolloutStore.start(waits({ terminate: 60 }));
    expect(await status()).toMatchObject({ aws: { v1: 100, v2: 0 }, differences: [] });
    expect(store.calls).toEqual(["DescribeServices", "DescribeAlarms"]);
    await store.rollout("--yes", "--detach");
    await store.clock.advance(0);
    expect(await status()).toMatchObject({ aws: { v1: 90, v2: 10 }, differences: [] });
    await store.clock.advance(10 * minute);
    expect(await status()).toMatchObject({ aws: { v1: 0, v2: 100 }, differences: [] });
  });

  test("tells of a version that the file does not know", async () => {
    store = await RolloutStore.start();
    store.ecs.taskSets = [];
    store.serve("v7", "one");
    expect(await status()).toMatchObject({
      aws: { v1: 0, v2: 0, "shop-dev-v7:1": 100 },
      differences: ["shop-dev-v7:1 serves traffic in AWS, but the file does not list it"],
    });
  });

  test("tells the alarms of both target groups, and that one is missing", async () => {
    store = await RolloutStore.start();
    store.lostAlarms.add("shop-dev-green-errors");
    expect(await status()).toMatchObject({
      alarms: [
        { name: "shop-dev-blue-errors", state: "OK" },
        { name: "shop-dev-green-errors", state: "missing" },
      ],
      differences: ["the alarm shop-dev-green-errors is missing in AWS"],
    });
  });

  test("tells what a stopped shift left, whose shares nobody knows", async () => {
    store = await RolloutStore.start();
    store.serve("v2", "two");
    const found = await status();
    expect(found).toMatchObject({ differences: [leftText("v1", "one", deleted(2))] });
    expect(found).not.toHaveProperty("aws");
    expect(await store.command("status", "dev/shop", "--live")).toMatchObject({ exitCode: 1 });
  });

  test("tells that it was never deployed", async () => {
    store = await RolloutStore.start();
    store.service = undefined;
    expect(await status()).toMatchObject({
      differences: ["there is no service shop-dev in a cluster of that name: it was never deployed"],
    });
  });
});

test("what CodeDeploy moves is not moved under its hands, and no task definition is deleted", async () => {
  store = await RolloutStore.start();
  expect(await store.command("rollback", "dev/shop", "--now", "--yes")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("'rollout dev/shop --stop' rolls it back"),
  });
  expect(await store.command("prune", "dev/shop", "--live", "--yes")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(
      "a version of ecs-blue-green is a task definition of its own: prune it from the file, and deploy",
    ),
  });
  expect(store.calls).toEqual([]);
});
