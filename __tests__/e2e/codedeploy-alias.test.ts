import { CloudWatchAlarms, localCloudWatch } from "../../src/rehearsal/codedeploy/cloudwatch-alarms";
import { CodeDeploy } from "../../src/rehearsal/codedeploy/codedeploy";
import { LambdaEndpoint } from "../../src/rehearsal/codedeploy/lambda-endpoint";
import { VirtualClock } from "../../src/rehearsal/codedeploy/virtual-clock";
import type { Running } from "../support/command";
import { expectShare } from "../support/expect-share";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers, answersDuring } from "./answers";
import { DeployedProject } from "./deployed-project";
import { nothing, ShopAtEndpoint } from "./lambda-versions";
import { freePort, type LocalAws, startLocalStack } from "./local-aws";
import { minute, Shifts } from "./shifts";

jest.setTimeout(600_000);

const region = "eu-central-1";
const service = "dev/checkout";
const code = "lambdas/checkout/checkout.ts";

// CodeDeploy's time stands still until a test lets it go on: so a shift lasts as long as it is looked at.
const clock = new VirtualClock({ startsAt: new Date(), patienceMs: minute });
let codeDeploy: CodeDeploy;
let aws: LocalAws;
let checkout: DeployedProject;
let there: ShopAtEndpoint;
let shifts: Shifts;

beforeAll(async () => {
  const port = await freePort();
  // Also for the functions: the hooks report to it.
  const otherEndpoints = { AWS_ENDPOINT_URL_CODEDEPLOY: `http://127.0.0.1:${port}` };
  aws = await startLocalStack(otherEndpoints);
  codeDeploy = new CodeDeploy({
    lambda: new LambdaEndpoint(aws.endpoint, region),
    alarms: new CloudWatchAlarms(aws.endpoint, region),
    clock,
  });
  await codeDeploy.listen(port);
  checkout = new DeployedProject(aws.endpoint, "checkout-dev", canInstallArchiveProvider(), otherEndpoints);
  there = new ShopAtEndpoint(aws.endpoint, checkout);
  shifts = new Shifts(checkout, service, clock);
});
afterAll(() => {
  shifts?.kill();
  codeDeploy?.close();
  aws?.stop();
});

const one = { live: { version: "1" } };
const two = { live: { version: "2" } };
const split = { live: { version: "1", weights: { "2": 0.1 } } };

/** The steps follow one another: each begins with what the one before has left. */
describe("the life of the checkout example, deployed by cdktf and shifted by CodeDeploy", () => {
  test("version 1 is there after one apply, and serves everybody", async () => {
    await checkout.write({});
    expect(await checkout.deploy()).toEqual({ add: 27, change: 0, destroy: 0 });
    expect(await answers(url(), 20)).toEqual({ "1": 20 });
  });

  test("deploying new code publishes version 2 and moves nobody, and naming it as the canary changes nothing", async () => {
    await checkout.write({ [code]: checkout.read(code).replace("495", "595") });
    expect(await checkout.deploy()).toEqual({ add: 0, change: 2, destroy: 0 });
    await name("2");
    expect(await there.aliases()).toEqual(one);
    await expectNoChange();
  });

  test("a shift goes on through an apply, and back when an alarm goes off", async () => {
    const alarm = alarmOf("2");
    const who = await answersDuring(url(), async () => {
      const rollout = await startShift();
      expectShare(await answers(url(), 300), "2", 10);
      expect(await checkout.deploy()).toEqual(nothing);
      expect(await there.aliases()).toEqual(split);

      await setAlarm(alarm, "ALARM");
      const { exitCode, stdout } = await shifts.end(rollout);
      expect(stdout).toMatch(new RegExp(`\nrolled back  .*\nbecause  ALARM_ACTIVE: .*<${alarm}>`));
      expect(exitCode).toBe(1);
    });
    expect(who.sort()).toEqual(["1", "2"]);
    expect(await there.aliases()).toEqual(one);
    await setAlarm(alarm, "OK");
    await expectNoChange();
  });

  test("a shift goes back when somebody else stops it", async () => {
    const who = await answersDuring(url(), async () => {
      const rollout = await startShift();
      await answers(url(), 100);
      const stopped = await checkout.release("rollout", service, "--stop", "--yes", "--poll", "1");
      for (const { exitCode, stdout } of [stopped, await shifts.end(rollout)]) {
        expect(stdout).toMatch(/\nrolled back {2}.*\nbecause {2}MANUAL_STOP: /);
        expect(exitCode).toBe(1);
      }
    });
    expect(who.sort()).toEqual(["1", "2"]);
    expect(await there.aliases()).toEqual(one);
    await expectNoChange();
  });

  test("a shift to the end asks both hooks, and is recorded as the promotion", async () => {
    const who = await answersDuring(url(), async () => {
      const rollout = await startShift("--record");
      expectShare(await answers(url(), 300), "2", 10);
      const { exitCode, stdout } = await shifts.end(rollout);
      expect(stdout).toContain("BeforeAllowTraffic  Succeeded\n");
      expect(stdout).toContain("AfterAllowTraffic  Succeeded\n");
      expect(stdout).toMatch(/\nsucceeded {2}.*\nwrote releases\/dev\/checkout.json: commit it\n$/);
      expect(exitCode).toBe(0);
    });
    expect(who.sort()).toEqual(["1", "2"]);
    expect(await answers(url(), 20)).toEqual({ "2": 20 });
    expect(await there.aliases()).toEqual(two);
    expect(release()).toMatchObject({ stable: 2, former: 1 });
    expect(release()).not.toHaveProperty("canary");
    await expectNoChange();
  });

  test("nobody meets a version that the first hook refuses", async () => {
    await checkout.write({ [code]: checkout.read(code).replace("statusCode: 200", "statusCode: 500") });
    expect(await checkout.deploy()).toEqual({ add: 0, change: 2, destroy: 0 });
    await name("3");
    const who = await answersDuring(url(), async () => {
      const { exitCode, stdout } = await shifts.end(shifts.start("--record"));
      expect(stdout).toContain("BeforeAllowTraffic  Failed\n");
      expect(stdout).toMatch(/\nrolled back {2}.*\nbecause {2}HOOK_EXECUTION_FAILURE: /);
      expect(exitCode).toBe(1);
    });
    expect(who).toEqual(["2"]);
    expect(await there.aliases()).toEqual(two);
    expect(release()).not.toHaveProperty("canary");
    await expectNoChange();
  });

  test("destroying leaves nothing", async () => {
    expect(await checkout.destroy()).toEqual({ add: 0, change: 0, destroy: 27 });
    await expect(there.aliases()).rejects.toThrow("ResourceNotFoundException");
  });
});

const url = () => `${checkout.url}/`;

/** Records a version that was deployed, and names it as the canary. */
async function name(version: string): Promise<void> {
  for (const verb of ["publish", "start"]) {
    expect(await checkout.release(verb, service, version, "--yes")).toMatchObject({ exitCode: 0 });
  }
}

/** Starts a shift, and waits until version 2 has its first share, which it keeps. */
async function startShift(...options: string[]): Promise<Running> {
  const rollout = shifts.start(...options);
  await shifts.until(rollout, async () => (await there.aliases())["live"]?.weights !== undefined);
  expect(await there.aliases()).toEqual(split);
  return rollout;
}

async function expectNoChange(): Promise<void> {
  await checkout.write({});
  expect(await checkout.diff()).toEqual(nothing);
}

function release(): unknown {
  return JSON.parse(checkout.read("releases/dev/checkout.json"));
}

/** The name of the alarm on the errors of a version. */
function alarmOf(version: string): string {
  const alarms = checkout.attributes("aws_cloudwatch_metric_alarm") as {
    alarm_name: string;
    dimensions: Record<string, string>;
  }[];
  const alarm = alarms.find(({ dimensions }) => dimensions["ExecutedVersion"] === version);
  if (alarm === undefined) throw new Error(`there is no alarm on version ${version}`);
  return alarm.alarm_name;
}

async function setAlarm(AlarmName: string, StateValue: "OK" | "ALARM"): Promise<void> {
  await localCloudWatch(aws.endpoint, region).setAlarmState({ AlarmName, StateValue, StateReason: "a test" });
}
