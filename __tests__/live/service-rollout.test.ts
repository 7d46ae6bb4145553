import { deleted, leftText, ofService, taskSet } from "./left-tasks";
import { RolloutStore, taskDefinition, waits } from "./rollout-store";

jest.setTimeout(60_000);

let store: RolloutStore;
afterEach(() => store.close());

const json = (stdout: string) => JSON.parse(stdout);
const minute = 60_000;
const noRollback = { autoRollbackConfiguration: { enabled: false } };

describe("rollout", () => {
  test("has CodeDeploy move users to the canary's tasks, tells each change, and what comes next", async () => {
    store = await RolloutStore.start(waits({ terminate: 5 }));
    const { exitCode, stdout, stderr } = await store.rollout("--yes");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(
      "to shift  shop-dev from v1 to v2 by CodeDeployDefault.ECSCanary10Percent5Minutes\n",
    );
    expect(stdout.match(/(?<=^\d\d:\d\d:\d\d {2}).*/gm)).toEqual([
      "d-000000001  InProgress",
      "BeforeInstall  Succeeded",
      "Install  Succeeded",
      "AfterInstall  Succeeded",
      "AllowTestTraffic  Succeeded",
      "AfterAllowTestTraffic  Succeeded",
      "BeforeAllowTraffic  Succeeded",
      "AllowTraffic  InProgress",
      "version v2  10 %",
      "AllowTraffic  Succeeded",
      "AfterAllowTraffic  Succeeded",
      "version v2  100 %",
      "keeps  the tasks of v1 until 2026-01-01 00:10 UTC",
      "or     npx lambda-release continue dev/shop   ends them",
      "d-000000001  Succeeded",
    ]);
    expect(stdout).toMatch(/\nsucceeded {2}d-000000001\n\nnext {3}npx lambda-release promote dev\/shop /);
    expect(store.running).toEqual(["PRIMARY v2 two"]);
    expect(store.shares).toEqual({ two: 1 });
  });

  test("names the task definition, the container and the hooks of each moment", async () => {
    const arn = "arn:aws:lambda:eu-central-1:111122223333:function:ask";
    const hooks = { afterInstall: "after", afterAllowTestTraffic: "before", beforeTraffic: arn };
    store = await RolloutStore.start({}, { hooks, ecs: { port: 3000 } });
    for (const name of ["after", "before"]) store.hook(`CodeDeployHook_shop-dev-${name}`, "Succeeded");
    const inPath = encodeURIComponent(arn);
    store.hook(inPath, "Succeeded");
    expect(await store.rollout("--yes")).toMatchObject({ exitCode: 0 });
    const [task] = store.ecs.taskSets;
    expect(task).toMatchObject({
      taskDefinition: taskDefinition("v2"),
      loadBalancers: [{ containerName: "shop", containerPort: 3000 }],
    });
    expect(store.lambda.started).toEqual([
      "CodeDeployHook_shop-dev-after Event",
      "CodeDeployHook_shop-dev-before Event",
      `${inPath} Event`,
    ]);
  });

  test("tells until when CodeDeploy waits for an operator, and how it goes on", async () => {
    store = await RolloutStore.start(waits({ ready: 60 }));
    const { exitCode, stdout } = await store.rollout("--yes");
    expect(stdout).toMatch(/ {2}d-000000001 {2}Ready\n/);
    expect(stdout).toMatch(/ {2}waits {2}for an operator until 2026-01-01 01:00 UTC, and stops then\n/);
    expect(stdout).toMatch(/ {2}next {3}npx lambda-release continue dev\/shop {3}moves users\n/);
    expect(stdout).toMatch(/ {2}d-000000002 {2}Succeeded, rolls d-000000001 back\n/);
    expect(stdout).toMatch(
      / {2}version v1 {2}100 %\n\nrolled back {2}d-000000001, by d-000000002\nbecause {2}TIMEOUT: /,
    );
    expect(exitCode).toBe(1);
  });

  test("tells the alarm that stopped it, and drops the canary that was moved back", async () => {
    store = await RolloutStore.start();
    store.onLook(3, () => store.alarms.set("shop-errors", "ALARM"));
    const { exitCode, stdout } = await store.rollout("--yes", "--record");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /because {2}ALARM_ACTIVE: .*<shop-errors>[^(]*\nwrote .*\n\nnext {3}npx lambda-release status dev\/shop --live\s[^-]*$/,
    );
    expect(store.running).toEqual(["PRIMARY v1 one"]);
    expect(store.release).not.toHaveProperty("canary");
  });

  test("shifts while an alarm is red where it is told to, and records that", async () => {
    store = await RolloutStore.start();
    store.alarms.set("shop-errors", "ALARM");
    const { exitCode } = await store.rollout("--yes", "--ignore-alarms", "--record");
    expect(exitCode).toBe(0);
    expect(store.release).toMatchObject({ stable: "v2", former: "v1" });
  });

  test("tells how tasks are cleared that a shift without a rollback has left", async () => {
    store = await RolloutStore.start(noRollback);
    store.onLook(3, () => store.alarms.set("shop-errors", "ALARM"));
    const { exitCode, stdout } = await store.rollout("--yes");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nstopped {2}d-000000001\n/);
    expect(stdout).toContain(`careful  ${leftText("v1", "one", deleted(2))}\n`);
    expect(store.shares).toEqual({ one: 90, two: 10 });
  });

  test("tells how users go back who were all at the canary when it failed", async () => {
    store = await RolloutStore.start(noRollback, { hooks: { afterTraffic: "after" } });
    store.hook("CodeDeployHook_shop-dev-after", "Failed");
    const { stdout } = await store.rollout("--yes", "--record");
    expect(store.running).toEqual(["ACTIVE v1 one", "PRIMARY v2 two"]);
    const primary = `aws ecs update-service-primary-task-set ${ofService} --primary-task-set ${taskSet(1)}`;
    expect(stdout).toContain(`careful  ${leftText("v2", "one", primary, deleted(2))}\n`);
    expect(store.release).toHaveProperty("canary");
  });

  test("--stop has users moved back while the tasks before are kept", async () => {
    store = await RolloutStore.start(waits({ terminate: 60 }));
    expect(await store.rollout("--yes", "--detach")).toMatchObject({ exitCode: 0 });
    await store.clock.advance(10 * minute);
    expect(store.shares).toEqual({ two: 1 });
    const { exitCode, stdout } = await store.rollout("--stop", "--yes", "--json");
    expect(exitCode).toBe(1);
    expect(json(stdout)).toMatchObject({
      outcome: "rolled back",
      deployment: "d-000000001",
      rollback: "d-000000002",
      to: "v2",
    });
    expect(store.running).toEqual(["PRIMARY v1 one"]);
  });

  test("records nothing of a shift whose version nobody told", async () => {
    store = await RolloutStore.start();
    await store.deploy("by hand");
    expect(await store.rollout("--watch", "--record")).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining("the version that it moves to  100 %"),
      stderr: "error: CodeDeploy does not tell which version this shift was to: nothing is recorded\n",
    });
    expect(store.release).toMatchObject({ stable: "v1" });
  });

  test("finds the deployment whose start was answered into a lost connection", async () => {
    store = await RolloutStore.start();
    let starts = 0;
    store.onCall = (name) =>
      name === "CreateDeployment" && starts++ === 0 ? "cut after it was done" : undefined;
    expect(await store.rollout("--yes")).toMatchObject({ exitCode: 0 });
    expect(starts).toBe(2);
    expect(store.running).toEqual(["PRIMARY v2 two"]);
  });

  test.each(["throttled", "cut"] as const)("asks ECS again whose answers are %s", async (fault) => {
    store = await RolloutStore.start();
    let asked = 0;
    store.onCall = (name) => (name === "DescribeServices" && asked++ < 2 ? fault : undefined);
    expect(await store.rollout("--yes", "--dry-run")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(asked).toBe(3);
  });
});

describe("nothing is started where", () => {
  const refused = async (message: string, ...args: string[]) => {
    expect(await store.rollout("--yes", ...args)).toMatchObject({
      exitCode: 2,
      stderr: `error: ${message}\n`,
    });
    expect(store.calls).not.toContain("CreateDeployment");
  };

  test("the file names no canary", async () => {
    store = await RolloutStore.start({}, { canary: undefined });
    await refused("the file has no canary to shift to: run 'start' first");
  });

  test("the service serves the canary already", async () => {
    store = await RolloutStore.start();
    store.ecs.taskSets = [];
    store.serve("v2", "two");
    await refused("the service serves v2 already: promote it in the file");
  });

  test("the version was never deployed", async () => {
    store = await RolloutStore.start();
    store.families.delete("shop-dev-v2");
    await refused("there is no task definition shop-dev-v2: it was deleted, or never deployed");
  });

  test("the service was never deployed, or is deleted", async () => {
    store = await RolloutStore.start();
    const message = "there is no service shop-dev in a cluster of that name: it was never deployed";
    store.service = { status: "INACTIVE" };
    await refused(message);
    store.service = undefined;
    await refused(message);
    await store.forgetGroup();
    await refused("there is no deployment group shop-dev: it was never deployed");
  });

  test("a stopped shift left tasks", async () => {
    store = await RolloutStore.start();
    store.serve("v2", "two");
    await refused(leftText("v1", "one", deleted(2)));
  });

  test("nobody can be asked, while tasks that end are in nobody's way", async () => {
    store = await RolloutStore.start();
    store.serve("v2", "two");
    store.ecs.taskSets = store.ecs.taskSets.map((one) =>
      one.status === "ACTIVE" ? { ...one, status: "DRAINING" } : one,
    );
    expect(await store.rollout("--dry-run")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("to shift  shop-dev from v1 to v2"),
    });
    expect(await store.rollout()).toMatchObject({ exitCode: 2 });
    expect(store.calls).not.toContain("CreateDeployment");
  });

  test("a deployment waits, which is to be continued", async () => {
    store = await RolloutStore.start(waits({ ready: 60 }));
    const id = await store.deploy();
    await store.clock.advance(minute);
    await refused(
      `the deployment ${id} is in progress: use --watch to follow it, --stop to roll it back, the verb continue to end its wait`,
    );
  });

  test("the service serves what the file does not know, and nobody is asked", async () => {
    store = await RolloutStore.start();
    store.ecs.taskSets = [];
    store.serve("v7", "one");
    await refused(
      "the service serves shop-dev-v7:1, and the file says otherwise: is this the newest commit? --yes does not answer that",
    );
  });

  test.each([
    ["expired", "the AWS credentials have expired: too late"],
    ["failing", "AWS itself fails at ecs:DescribeServices (500), 4 times in a row: no luck"],
  ] as const)("ECS does not tell, %s", async (fault, message) => {
    store = await RolloutStore.start();
    store.onCall = (name) => (name === "DescribeServices" ? fault : undefined);
    await refused(message);
  });
});
