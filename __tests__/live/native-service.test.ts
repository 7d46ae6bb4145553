import { readFileSync } from "node:fs";
import { join } from "node:path";
import { awsHistory } from "../../src/history/aws-history";
import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import type { Release } from "../../src/release/release";
import { FakeTerminal } from "../support/fake-terminal";
import { release as inFolder } from "../support/release-command";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { metrics } from "./cloudwatch-minutes";
import { releaseInAccount as release, variablesOfAws } from "./deployed-shop";
import {
  arn,
  deployNative,
  file,
  reason,
  revision,
  rolledBack,
  shifting,
  shopWith,
  told,
} from "./native-shop";

jest.setTimeout(120_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const inFile = (folder: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
const deployed = (looks: Answers, more?: Record<string, Answers>) => deployNative(aws, looks, more);

const rollout = (folder: string, ...args: string[]) =>
  release(folder, "rollout", "dev/shop", "--poll", "0.01", ...args);
/** The lines of what happened, without the time. */
const news = (stdout: string) => stdout.match(/(?<=^\d\d:\d\d:\d\d {2}).*/gm);
const changes = () => aws.calls.filter(({ name }) => name === "StopServiceDeployment");

describe("rollout", () => {
  test("follows the shift that the deploy has begun, and begins none", async () => {
    const canary = { arn: revision("v2"), requestedProductionTrafficWeight: 100 };
    const bakes = told("IN_PROGRESS", { lifecycleStage: "BAKE_TIME", targetServiceRevision: canary });
    deployed([shifting, shifting, bakes, told("SUCCESSFUL")]);
    const { exitCode, stdout, stderr } = await rollout(shopWith());
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(news(stdout)).toEqual([
      "TFX5sH9q9X  IN_PROGRESS",
      "stage  PRODUCTION_TRAFFIC_SHIFT",
      "version v2  10 %",
      "stage  BAKE_TIME",
      "version v2  100 %",
      "TFX5sH9q9X  SUCCESSFUL",
    ]);
    expect(stdout).toContain("\nsucceeded  TFX5sH9q9X: v2 serves");
    expect(changes()).toEqual([]);
  });

  test("shows on a terminal, in place, the share and below it the plots of both versions and alarms", async () => {
    const terminal = new FakeTerminal(80, 30);
    let looks = 0;
    const isBeside = () => ++looks > 500 || terminal.shown.some((line) => line.startsWith("alarms"));
    const MetricAlarms = ["OK", "ALARM"].map((StateValue, index) => ({
      AlarmName: `shop-dev-${["blue", "green"][index]}-errors`,
      StateValue,
    }));
    const startedAt = Math.floor(Date.now() / 60_000 - 10) * 60;
    const moving = told("IN_PROGRESS", { lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT", startedAt });
    const values = { "green RequestCount Sum": 540, "blue RequestCount Sum": 60 };
    deployed(() => (isBeside() ? told("SUCCESSFUL") : moving), {
      DescribeAlarms: { body: { MetricAlarms, CompositeAlarms: [] } },
      GetMetricData: metrics(aws, values),
    });
    const { exitCode } = await inFolder(
      shopWith({ stable: "v2", former: "v1", alarms: {} }),
      ["rollout", "dev/shop", "--poll", "0.01"],
      { variables: { ...variablesOfAws(), LC_ALL: "C.UTF-8" }, terminal },
    );
    expect({ exitCode, shown: terminal.shown }).toEqual({
      exitCode: 0,
      shown: [
        "TFX5sH9q9X  SUCCESSFUL",
        "version v2  100 %",
        "",
        expect.stringContaining("minutes to "),
        expect.stringMatching(/^requests {3}v1 {2}█+ +540 a minute$/),
        expect.stringMatching(/^ {11}v2 {2}█+ +60 a minute$/),
        expect.stringMatching(/^5xx {8}v1 /),
        expect.stringMatching(/^ {11}v2 /),
        expect.stringMatching(/^p95 {8}v1 /),
        expect.stringMatching(/^ {11}v2 /),
        "alarms     1 in ALARM, 1 ok",
        "           shop-dev-green-errors is in ALARM",
        "",
        "succeeded  TFX5sH9q9X: v2 serves",
        "",
      ],
    });
  });

  test("tells how to follow a shift that ECS does not tell any more", async () => {
    deployed([shifting, { body: { serviceDeployments: [] } }]);
    const { exitCode, stderr } = await rollout(shopWith());
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "lost track of TFX5sH9q9X; run 'npx lambda-release rollout dev/shop --watch' to follow it",
    );
  });

  test("tells that ECS rolled back and why, and what keeps the next deploy from beginning it again", async () => {
    deployed([shifting, rolledBack]);
    const { exitCode, stdout } = await rollout(shopWith(), "--watch");
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`\nrolled back  TFX5sH9q9X: v1 serves\nbecause  ${reason}\n`);
    expect(stdout).toContain("rollback dev/shop");
  });

  test("--record writes the version before to the file", async () => {
    deployed([shifting, rolledBack]);
    const folder = shopWith();
    const { stdout } = await rollout(folder, "--watch", "--record");
    expect(stdout).toContain(`wrote ${file}: commit it`);
    expect(inFile(folder)).toMatchObject({ stable: "v1" });
    expect(inFile(folder)).not.toHaveProperty("former");
  });

  test("--stop has ECS move users back, and follows that", async () => {
    deployed([shifting, told("ROLLBACK_IN_PROGRESS"), rolledBack]);
    const { exitCode, stdout } = await rollout(shopWith(), "--stop", "--yes", "--json");
    expect(exitCode).toBe(1);
    expect(changes().map(({ body }) => body)).toEqual([{ serviceDeploymentArn: arn, stopType: "ROLLBACK" }]);
    expect(JSON.parse(stdout)).toEqual({
      service: "dev/shop",
      deployment: arn,
      outcome: "rolled back",
      from: "v1",
      to: "v2",
      reason,
      recorded: false,
    });
  });

  test.each<[string[], Answers, string]>([
    [
      ["--stop", "--yes"],
      told("SUCCESSFUL"),
      "the deployment TFX5sH9q9X is over (SUCCESSFUL): nothing to stop",
    ],
    [
      ["--stop", "--yes"],
      told("ROLLBACK_IN_PROGRESS"),
      "the deployment TFX5sH9q9X is already moved back: use --watch to follow it",
    ],
    [["--detach"], shifting, "--detach must not be given: a deploy starts the shift of ecs-native"],
  ])("%j is refused in one line where it cannot be done", async (args, looks, line) => {
    deployed(looks);
    const { exitCode, stderr } = await rollout(shopWith(), ...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `error: ${line}\n` });
    expect(changes()).toEqual([]);
  });

  test("a service that was never deployed is told as that", async () => {
    deployed(shifting, { DescribeServices: { error: "ClusterNotFoundException", body: {} } });
    const { exitCode, stderr } = await rollout(shopWith());
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      "error: there is no service shop-dev in a cluster of that name: it was never deployed\n",
    );
  });
});

describe("rollback --now", () => {
  test("has ECS stop the shift and move users back, and writes the file then", async () => {
    deployed(shifting);
    const folder = shopWith();
    const args = ["rollback", "--now", "--yes", "dev/shop", "--message", "it is slow"];
    const { exitCode, stdout } = await release(folder, ...args);
    expect(exitCode).toBe(0);
    expect(changes()).toHaveLength(1);
    expect(stdout).toContain("moves    users from v2 back to v1, by ECS\nwrote    releases/dev/shop.json");
    expect(stdout).toContain("\ncommit   dev/shop: roll back to v1: it is slow\n");
    expect(inFile(folder)).toMatchObject({ stable: "v1" });
  });

  test("--json has the commit message, and --dry-run moves nobody", async () => {
    deployed(shifting);
    const told = { service: "dev/shop", file, commit: "dev/shop: roll back to v1" };
    const json = async (option: string) =>
      JSON.parse((await release(shopWith(), "rollback", "--now", option, "--json", "dev/shop")).stdout);
    expect(await json("--dry-run")).toEqual({ ...told, moves: [], written: false });
    expect(changes()).toEqual([]);
    const moves = ["users from v2 back to v1, by ECS"];
    expect(await json("--yes")).toEqual({ ...told, moves, written: true });
  });

  test("is refused where no shift is in progress, and where the file is of another commit", async () => {
    deployed(told("SUCCESSFUL"));
    const over = await release(shopWith(), "rollback", "--now", "--yes", "dev/shop");
    expect(over.exitCode).toBe(1);
    expect(over.stderr).toContain("ECS has no shift of dev/shop in progress: run 'rollback' without --now");
    deployed(shifting);
    const to = await release(shopWith(), "rollback", "--now", "--to", "v1", "--yes", "dev/shop");
    expect(to.stderr).toContain(
      "--to must not be given with --now: ECS moves users back to the version before",
    );
    const other = await release(shopWith({ stable: "v1" }), "rollback", "--now", "--yes", "dev/shop");
    expect(other.stderr).toContain("ECS moves users to v2, and stable is v1 in the file");
    expect(changes()).toEqual([]);
  });
});

test("the history that AWS keeps has ECS's deployments, the newest first", async () => {
  deployed([rolledBack, told("SUCCESSFUL")]);
  const { releases } = readReleases(filesOnDisk(shopWith()));
  const entries = await awsHistory(releases[0] as Release);
  expect(entries.map(({ move, by, why }) => ({ move, by, why }))).toEqual([
    { move: "TFX5sH9q9X: shift v1 to v2, ROLLBACK_SUCCESSFUL", by: "ECS", why: reason },
    { move: "older: shift v1 to v2, SUCCESSFUL", by: "ECS", why: undefined },
  ]);
});

describe("status --live", () => {
  const status = async (looks: Answers, fields?: object) => {
    deployed(looks);
    return release(shopWith(fields), "status", "--live", "--json", "dev/shop");
  };

  test("tells the shares of a shift", async () => {
    const { stdout } = await status(shifting);
    expect(JSON.parse(stdout)).toMatchObject({ aws: { v1: 90, v2: 10 } });
    expect(JSON.parse(stdout).differences).not.toContainEqual(expect.stringContaining("stable"));
  });

  test("tells that the next deploy would begin again what ECS rolled back", async () => {
    const { stdout } = await status(rolledBack);
    const { aws: served, differences } = JSON.parse(stdout);
    expect(served).toEqual({ v1: 100, v2: 0 });
    expect(differences[0]).toBe(
      `stable is v2 in the file, but v1 serves in AWS: ECS rolled back its last deployment (${reason}), and the next deploy would start it again; 'rollback' writes it to the file`,
    );
  });

  test("tells a file whose version is not deployed yet", async () => {
    const { stdout } = await status(told("SUCCESSFUL"), { stable: "v1" });
    expect(JSON.parse(stdout).differences[0]).toBe("stable is v1 in the file, but v2 serves in AWS");
  });
});
