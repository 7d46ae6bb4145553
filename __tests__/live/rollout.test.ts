import { StopDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { RolloutShop } from "./rollout-shop";

jest.setTimeout(60_000);

let shop: RolloutShop;
afterEach(() => shop.close());

const json = (stdout: string) => JSON.parse(stdout);

describe("rollout", () => {
  test("has CodeDeploy shift to the canary, tells each change, and what comes next", async () => {
    shop = await RolloutShop.start();
    const { exitCode, stdout, stderr } = await shop.rollout("--yes");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(
      "to shift  shop-dev:live from 1 to 2 by CodeDeployDefault.LambdaCanary10Percent5Minutes",
    );
    expect(stdout.match(/(?<=^\d\d:\d\d:\d\d {2}).*/gm)).toEqual([
      "d-000000001  InProgress",
      "BeforeAllowTraffic  Succeeded",
      "AllowTraffic  InProgress",
      "version 2  10 %",
      "d-000000001  Succeeded",
      "AllowTraffic  Succeeded",
      "AfterAllowTraffic  Succeeded",
      "version 2  100 %",
    ]);
    expect(stdout).toMatch(/\nsucceeded {2}d-000000001\n\nnext {3}npx lambda-release promote dev\/shop /);
    expect(shop.alias).toEqual({ version: "2", weights: {} });
    expect(shop.release).toHaveProperty("canary");
  });

  test("asks the hooks by the names that they have in AWS", async () => {
    shop = await RolloutShop.start({}, { hooks: { beforeTraffic: "before", afterTraffic: "after" } });
    const [before, after] = ["before", "after"].map((one) => `CodeDeployHook_shop-dev-${one}`);
    shop.hook(before as string, "Succeeded");
    shop.hook(after as string, "Succeeded");
    expect(await shop.rollout("--yes")).toMatchObject({ exitCode: 0 });
    expect(shop.lambda.started).toEqual([`${before} Event`, `${after} Event`]);
  });

  test("tells the alarm that stopped it, and that it was rolled back", async () => {
    shop = await RolloutShop.start();
    shop.onLook(3, () => shop.alarms.set("shop-errors", "ALARM"));
    const { exitCode, stdout } = await shop.rollout("--yes");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/version 2 {2}10 %\n/);
    expect(stdout).toContain("d-000000002  Succeeded, rolls d-000000001 back\n");
    expect(stdout).toMatch(
      /\nrolled back {2}d-000000001, by d-000000002\nbecause {2}ALARM_ACTIVE: .*<shop-errors>[^(]*\n\nnext {3}npx lambda-release status dev\/shop --live\s.*\nor {5}npx lambda-release rollback dev\/shop\s.*\nor {5}npx lambda-release rollout dev\/shop --ignore-alarms\s[^-]*$/,
    );
    expect(shop.alias).toEqual({ version: "1", weights: {} });
  });

  test("tells the hook that failed", async () => {
    shop = await RolloutShop.start({}, { hooks: { beforeTraffic: "before" } });
    shop.hook("CodeDeployHook_shop-dev-before", "Failed");
    const { exitCode, stdout } = await shop.rollout("--yes");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("BeforeAllowTraffic  Failed");
    expect(stdout).toContain("because  HOOK_EXECUTION_FAILURE: ");
  });

  test("tells how the alias is cleared that a shift without a rollback has left split", async () => {
    shop = await RolloutShop.start({ autoRollbackConfiguration: { enabled: false } });
    shop.onLook(3, () => shop.alarms.set("shop-errors", "ALARM"));
    const { exitCode, stdout } = await shop.rollout("--yes");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nstopped {2}d-000000001\n/);
    expect(stdout).toContain(
      "careful  a stopped shift left live split, 10 % at 2: 'aws lambda update-alias --region eu-central-1 " +
        "--function-name shop-dev --name live --function-version 1 " +
        "--routing-config AdditionalVersionWeights={}' sends all traffic to 1",
    );
  });

  test("tells how the alias is moved back where a failed shift has left it at the canary", async () => {
    shop = await RolloutShop.start(
      { autoRollbackConfiguration: { enabled: false } },
      { hooks: { afterTraffic: "after" } },
    );
    shop.hook("CodeDeployHook_shop-dev-after", "Failed");
    const { exitCode, stdout } = await shop.rollout("--yes", "--record");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nfailed {2}d-000000001\n/);
    expect(stdout).toMatch(
      /careful {2}live still serves 2: 'aws lambda .* --function-version 1 .*' sends all traffic to 1\n$/,
    );
    expect(shop.release).toHaveProperty("canary");
  });

  test("shifts while an alarm is red where it is told to", async () => {
    shop = await RolloutShop.start();
    shop.alarms.set("shop-errors", "ALARM");
    expect(await shop.rollout("--yes")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("rollout dev/shop --ignore-alarms"),
    });
    expect(shop.alias).toEqual({ version: "1", weights: {} });
    expect(await shop.rollout("--yes", "--ignore-alarms")).toMatchObject({ exitCode: 0 });
    expect(shop.alias).toEqual({ version: "2", weights: {} });
  });

  test("gives scripts one object at the end", async () => {
    shop = await RolloutShop.start();
    const { stdout, exitCode } = await shop.rollout("--yes", "--json");
    expect({ exitCode, ...json(stdout) }).toEqual({
      exitCode: 0,
      service: "dev/shop",
      deployment: "d-000000001",
      to: "2",
      outcome: "succeeded",
      recorded: false,
    });
  });

  test("starts nothing where nobody can be asked, or it is to show only what it would do", async () => {
    shop = await RolloutShop.start();
    expect(await shop.rollout()).toMatchObject({
      exitCode: 2,
      stderr: "error: cannot prompt without a terminal; use --yes or --dry-run\n",
    });
    expect(await shop.rollout("--dry-run")).toMatchObject({ exitCode: 0 });
    expect(shop.calls).not.toContain("CreateDeployment");
  });

  test("--detach ends after the start, and --watch follows what was started last", async () => {
    shop = await RolloutShop.start();
    const { exitCode, stdout } = await shop.rollout("--yes", "--detach");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /started {2}d-000000001\n\nnext {3}npx lambda-release rollout dev\/shop --watch\n$/,
    );
    const watched = await shop.rollout("--watch", "--json");
    expect(json(watched.stdout)).toMatchObject({ outcome: "succeeded", deployment: "d-000000001" });
    expect(watched.exitCode).toBe(0);
  });

  test("--watch follows what was rolled back, and not the rollback alone", async () => {
    shop = await RolloutShop.start();
    shop.alarms.set("shop-errors", "ALARM");
    await shop.deploy();
    await shop.clock.advance(60_000);
    const { exitCode, stdout } = await shop.rollout("--watch", "--json");
    expect(json(stdout)).toMatchObject({
      outcome: "rolled back",
      deployment: "d-000000001",
      rollback: "d-000000002",
      reason: expect.stringContaining("ALARM_ACTIVE"),
    });
    expect(exitCode).toBe(1);
  });

  test("--stop has it moved back, and follows that", async () => {
    shop = await RolloutShop.start({ autoRollbackConfiguration: { enabled: false } });
    await shop.deploy();
    await shop.clock.advance(60_000);
    expect(shop.alias).toEqual({ version: "1", weights: { 2: 0.1 } });
    const { exitCode, stdout } = await shop.rollout("--stop", "--yes");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nrolled back {2}d-000000001, by d-000000002\nbecause {2}MANUAL_STOP/);
    expect(shop.alias).toEqual({ version: "1", weights: {} });
  });
});

test("--stop leaves what moves users back alone, and says how it is followed", async () => {
  shop = await RolloutShop.start();
  const deploymentId = await shop.deploy();
  await shop.clock.advance(60_000);
  // The rollback is under way until somebody looks at it.
  shop.lambda.held = new Promise((resolve) => {
    shop.onLook(1, resolve);
  });
  await shop.client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
  expect(await shop.rollout("--stop", "--yes")).toMatchObject({
    exitCode: 2,
    stderr: "error: the deployment d-000000002 is already a rollback: use --watch to follow it\n",
  });
  expect(shop.calls).not.toContain("StopDeployment");
  expect(shop.alias).toEqual({ version: "1", weights: {} });
});

describe("--record", () => {
  test("promotes what CodeDeploy has shifted", async () => {
    shop = await RolloutShop.start();
    const { exitCode, stdout } = await shop.rollout("--yes", "--record");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("wrote releases/dev/shop.json: commit it");
    expect(shop.release).toMatchObject({ stable: 2, former: 1 });
    expect(shop.release).not.toHaveProperty("canary");
  });

  test("drops the canary that was rolled back", async () => {
    shop = await RolloutShop.start();
    shop.onLook(3, () => shop.alarms.set("shop-errors", "ALARM"));
    expect(await shop.rollout("--yes", "--record")).toMatchObject({ exitCode: 1 });
    expect(shop.release).toMatchObject({ stable: 1 });
    expect(shop.release).not.toHaveProperty("canary");
  });

  test("writes nothing to a file that names another canary by then", async () => {
    shop = await RolloutShop.start();
    const other = { ...shop.release, versions: [1, 2, 3], canary: { version: 3 } };
    shop.onLook(3, () => shop.write(other));
    expect(await shop.rollout("--yes", "--record")).toMatchObject({
      exitCode: 2,
      stderr:
        "error: the CodeDeploy shift to 2 has succeeded, but the canary of releases/dev/shop.json is 3: " +
        "nothing is recorded\n",
    });
    expect(shop.release).toEqual(other);
  });
});

describe("a watch", () => {
  test.each(["throttled", "cut"] as const)(
    "goes on while its calls are %s, and says so once",
    async (fault) => {
      shop = await RolloutShop.start();
      let looks = 0;
      // The SDK itself tries four times.
      shop.onCall = (name) => {
        if (name === "GetDeployment") looks++;
        return name === "GetDeployment" && looks > 2 && looks <= 10 ? fault : undefined;
      };
      // In its own process: in Jest, the SDK does not recognize connection errors of Node.
      const { exitCode, stdout } = await shop.started("--yes").finished;
      expect(exitCode).toBe(0);
      expect(stdout.match(/^waiting .*codedeploy:GetDeployment.*$/gm)).toHaveLength(1);
      expect(stdout).toContain("succeeded  d-000000001");
    },
  );

  test("that cannot go on says how it is followed", async () => {
    shop = await RolloutShop.start();
    let looks = 0;
    shop.onCall = (name) => (name === "GetDeployment" && ++looks > 2 ? "expired" : undefined);
    expect(await shop.rollout("--yes")).toMatchObject({
      exitCode: 2,
      stderr:
        "error: the AWS credentials have expired: too late: lost track of d-000000001; " +
        "run 'npx lambda-release rollout dev/shop --watch' to follow it\n",
    });
  });

  test("that is interrupted leaves the shift running, and says how it is followed", async () => {
    shop = await RolloutShop.start();
    const running = shop.started("--yes", "--poll", "600");
    await new Promise<void>((resolve) => {
      shop.onCall = (name) => {
        if (name === "GetDeploymentTarget") setTimeout(resolve, 300);
        return undefined;
      };
    });
    running.signal("SIGINT");
    const { exitCode, stdout } = await running.finished;
    expect(exitCode).toBe(130);
    expect(stdout).toContain(
      "the shift goes on without being watched\n\nnext   npx lambda-release rollout dev/shop --watch\n",
    );
    expect(shop.calls).not.toContain("StopDeployment");
  });

  test("finds the deployment whose start was answered into a lost connection", async () => {
    shop = await RolloutShop.start();
    let starts = 0;
    shop.onCall = (name) =>
      name === "CreateDeployment" && starts++ === 0 ? "cut after it was done" : undefined;
    expect(await shop.rollout("--yes")).toMatchObject({ exitCode: 0 });
    expect(starts).toBe(2);
    expect(shop.alias).toEqual({ version: "2", weights: {} });
  });
});

describe("nothing is started where", () => {
  const refused = async (message: string, ...args: string[]) => {
    expect(await shop.rollout("--yes", ...args)).toMatchObject({
      exitCode: 2,
      stderr: `error: ${message}\n`,
    });
    expect(shop.calls).not.toContain("CreateDeployment");
  };

  test("the file moves the traffic", async () => {
    shop = await RolloutShop.start({}, { strategy: "weighted-alias" });
    await refused(
      "CodeDeploy does not shift releases of the strategy weighted-alias: use 'shift' or 'next', then deploy",
    );
  });

  test("the file names no canary", async () => {
    shop = await RolloutShop.start({}, { canary: undefined });
    await refused("the file has no canary to shift to: run 'start' first");
  });

  test("the alias serves the canary already", async () => {
    shop = await RolloutShop.start();
    shop.lambda.aliases.set("shop-dev:live", { version: "2", weights: {} });
    await refused("live serves 2 already: promote it in the file");
  });

  test("a stopped shift left the alias split", async () => {
    shop = await RolloutShop.start();
    shop.lambda.aliases.set("shop-dev:live", { version: "1", weights: { 2: 0.1 } });
    await refused(
      "a stopped shift left live split, 10 % at 2: 'aws lambda update-alias --region eu-central-1 " +
        "--function-name shop-dev --name live --function-version 1 " +
        "--routing-config AdditionalVersionWeights={}' sends all traffic to 1",
    );
  });

  test("a shift is under way", async () => {
    shop = await RolloutShop.start();
    const id = await shop.deploy();
    await refused(`the deployment ${id} is in progress: use --watch to follow it, --stop to roll it back`);
  });

  test("the version is not published", async () => {
    shop = await RolloutShop.start();
    shop.lambda.versions.delete("shop-dev:2");
    await refused("there is no version 2 of shop-dev: it was deleted, or never deployed");
  });

  test("the alias serves what the file does not call stable, and nobody is asked", async () => {
    shop = await RolloutShop.start();
    shop.lambda.aliases.set("shop-dev:live", { version: "7", weights: {} });
    await refused(
      "live serves 7, and the file says otherwise: is this the newest commit? --yes does not answer that",
    );
  });

  test("the release was never deployed", async () => {
    shop = await RolloutShop.start({}, {});
    await shop.forgetGroup();
    await refused("there is no deployment group shop-dev: it was never deployed");
  });

  test("nothing runs that could be stopped, or was ever started that could be watched", async () => {
    shop = await RolloutShop.start();
    await refused("CodeDeploy shifts nothing of dev/shop: nothing to stop", "--stop");
    await refused("CodeDeploy has never shifted dev/shop", "--watch");
  });

  test.each([
    [["--watch", "--stop"], "--watch and --stop exclude each other"],
    [["--record", "--detach"], "--record needs the end, and --detach does not wait for it"],
    [["--ignore-alarms", "--watch"], "--ignore-alarms is for a start"],
  ])("the options are %j", async (options, message) => {
    shop = await RolloutShop.start();
    await refused(message, ...options);
    expect(shop.calls).toEqual([]);
  });
});
