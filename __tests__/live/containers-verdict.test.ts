import { readFileSync } from "node:fs";
import { join } from "node:path";
import { StopDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { projectFolder } from "../support/command";
import { dimension, type Values } from "./cloudwatch-minutes";
import { RolloutStore, waits } from "./rollout-store";

jest.setTimeout(60_000);

let store: RolloutStore;
afterEach(() => store.close());

const minute = 60_000;
const slowly = { deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent15Minutes" };
const even: Values = {
  "one RequestCount Sum": 5400,
  "two RequestCount Sum": 600,
  "one HTTPCode_Target_5XX_Count Sum": 5,
  "two HTTPCode_Target_5XX_Count Sum": (minute) => (minute % 2 === 0 ? 1 : 0),
  "one TargetResponseTime p50": 0.04,
  "two TargetResponseTime p50": 0.041,
  "one TargetResponseTime p95": 0.12,
  "two TargetResponseTime p95": 0.131,
};
const page = readFileSync(join(projectFolder, "docs/verdict.md"), "utf8");

/** A shift that gives v2 a tenth of the users, after so many minutes. */
async function shifting(minutes: number, values: Values, release: object = {}): Promise<void> {
  store = await RolloutStore.start(slowly, release);
  store.values = values;
  expect(await store.rollout("--yes", "--detach")).toMatchObject({ exitCode: 0 });
  await store.clock.advance(minutes * minute);
}

const verdict = (...options: string[]) =>
  store.commandAt(store.clock.now(), "verdict", "dev/shop", ...options);

const balancer = "app/web/0123456789abcdef";
const group = (name: string) => `targetgroup/${name}/0123456789abcdef`;

describe("verdict of ecs-blue-green", () => {
  test("compares both target groups since CodeDeploy moves users, in milliseconds", async () => {
    await shifting(13, even);
    const { stdout, stderr, exitCode } = await verdict();
    expect(stderr).toBe("");
    expect(stdout).toBe(`dev/shop   v2 beside v1, 2026-01-01T00:00:00Z to 2026-01-01T00:10:00Z (10 min)

                        v1 (stable)         v2 (canary)   answer
failed answers   0.0926 % of 54,000   0.0833 % of 6,000   not enough yet
p50                           40 ms               41 ms   as good
p95                          120 ms              131 ms   as good

not enough yet: failed answers: about 53 more minutes to see 0.193 % beside 0.0926 %, about 19 more minutes to see that it is as good
`);
    expect(exitCode).toBe(2);
    const dimensions = store.asked?.MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => [
      Id,
      dimension(Metric, "LoadBalancer"),
      dimension(Metric, "TargetGroup"),
    ]);
    expect(dimensions).toContainEqual(["stable_all0", balancer, group("one")]);
    expect(dimensions).toContainEqual(["canary_p95", balancer, group("two")]);
  });

  test("is worse with exit code 1 where the new tasks fail more", async () => {
    await shifting(13, { ...even, "two HTTPCode_Target_5XX_Count Sum": 12 });
    const { stdout, exitCode } = await verdict();
    expect(page).toContain(stdout.trim());
    expect(stdout).toContain("worse: v2 is worse in failed answers");
    expect(exitCode).toBe(1);
  });

  test("is as good where nothing is worse, in the numbers of requests that this takes", async () => {
    await shifting(13, { ...even, "one RequestCount Sum": 540_000, "two RequestCount Sum": 60_000 });
    expect(await verdict("--json")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("as good"),
    });
  });

  test("finds the group of each version, whichever of them serves", async () => {
    store = await RolloutStore.start(slowly);
    store.ecs.taskSets = [];
    store.serve("v1", "two");
    for (const rule of store.loadBalancer.rules) rule.weights = { two: 1 };
    store.values = { ...even, "two HTTPCode_Target_5XX_Count Sum": 300 };
    await store.rollout("--yes", "--detach");
    await store.clock.advance(13 * minute);
    const found = JSON.parse((await verdict("--json")).stdout);
    expect(found).toMatchObject({ stable: "v1", canary: "v2", requests: { stable: 6000, canary: 54_000 } });
    expect(found.comparisons[0]).toMatchObject({ answer: "as good" });
  });

  test("counts from --since, and no minute before the shift, when the groups had other versions", async () => {
    await shifting(12, even);
    const later = JSON.parse((await verdict("--json", "--since", "2026-01-01T00:04:00Z")).stdout);
    expect(later).toMatchObject({ from: "2026-01-01T00:04:00Z", to: "2026-01-01T00:09:00Z", minutes: 5 });
    const before = JSON.parse((await verdict("--json", "--since", "2025-12-31T00:00:00Z")).stdout);
    expect(before).toMatchObject({ from: "2026-01-01T00:00:00Z" });
  });

  test("compares as the file and the environment say, and metrics of the user's own by version", async () => {
    const metric = {
      name: "Basket",
      namespace: "Shop",
      dimensions: { Version: "{version}" },
      direction: "higher",
    };
    const own = { latency: false, metrics: [metric] };
    await shifting(13, { ...even, "Basket Average": 20 }, { verdict: own });
    const { comparisons } = JSON.parse((await verdict("--json")).stdout);
    expect(comparisons.map(({ name }: { name: string }) => name)).toEqual(["failed answers", "Basket"]);
    const query = store.asked?.MetricDataQueries.find(({ Id }) => Id === "canary_own0");
    expect(query && dimension(query.MetricStat.Metric, "Version")).toBe("v2");
  });
});

describe("says in one line what to do where", () => {
  const refused = async (why: string) =>
    expect(await verdict()).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `error: ${why}; the verdict compares while users are shifted\n`,
    });

  test("no shift is in progress", async () => {
    store = await RolloutStore.start();
    await refused("CodeDeploy is not shifting users of dev/shop: run 'rollout dev/shop' first");
    store.write({ ...store.release, canary: undefined });
    await refused(
      "CodeDeploy is not shifting users of dev/shop: 'start' a version, deploy it and run 'rollout dev/shop' first",
    );
  });

  test("no user is at the new tasks yet", async () => {
    store = await RolloutStore.start(waits({ ready: 60 }));
    await store.rollout("--yes", "--detach");
    await store.clock.advance(5 * minute);
    await refused("v2 has no users yet (d-000000001): run 'rollout dev/shop --watch' to follow it");
  });

  test("CodeDeploy moves users back", async () => {
    await shifting(5, even);
    await store.client.send(
      new StopDeploymentCommand({ deploymentId: "d-000000001", autoRollbackEnabled: true }),
    );
    await refused("CodeDeploy is moving users of dev/shop back: run 'rollout dev/shop --watch' to follow it");
  });

  test("all users have moved, and the tasks before are gone", async () => {
    await shifting(14, even);
    await refused("v2 has all users of dev/shop, and the tasks before it are gone");
  });

  test("the release was never deployed", async () => {
    store = await RolloutStore.start();
    await store.forgetGroup();
    expect(await verdict()).toMatchObject({
      exitCode: 2,
      stderr: "error: there is no deployment group shop-dev: it was never deployed\n",
    });
  });
});
