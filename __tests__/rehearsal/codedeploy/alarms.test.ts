import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { CloudWatchAlarms } from "../../../src/rehearsal/codedeploy/cloudwatch-alarms";
import { DeployedShop, minute } from "./deployed-shop";

const linear = "CodeDeployDefault.LambdaLinear10PercentEvery1Minute";
const alarmConfiguration = { enabled: true, alarms: [{ name: "errors" }, { name: "latency" }] };
const autoRollbackConfiguration = { enabled: true, events: ["DEPLOYMENT_STOP_ON_ALARM" as const] };
const activated = (names: string) =>
  "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the " +
  `affected deployments have been stopped. Activated alarms: ${names}`;

let shop: DeployedShop;
afterEach(() => shop.close());

async function start(settings: object = {}): Promise<void> {
  shop = await DeployedShop.start({ deploymentConfigName: linear, alarmConfiguration, ...settings });
}

describe("an alarm", () => {
  it("stops the deployment and rolls it back", async () => {
    await start({ autoRollbackConfiguration });
    const id = await shop.deploy();
    await shop.clock.advance(2.5 * minute);
    expect(shop.alias).toEqual({ version: "1", weights: { "2": 0.3 } });
    shop.alarms.set("errors", "ALARM");
    await shop.clock.advance(minute);
    const info = await shop.info(id);
    const backId = info.rollbackInfo?.rollbackDeploymentId;
    expect(info).toMatchObject({
      status: "Stopped",
      errorInformation: { code: "ALARM_ACTIVE", message: activated("<errors>") },
      rollbackInfo: {
        rollbackDeploymentId: expect.stringMatching(/^d-[A-Z0-9]{9}$/),
        rollbackMessage: `Deployment ${id} terminated. Automatic rollback is triggered with a DeploymentId ${backId}.`,
      },
      completeTime: new Date("2026-01-01T00:02:40Z"),
    });
    expect(await shop.events(id)).toEqual([
      "BeforeAllowTraffic Succeeded",
      "AllowTraffic Failed",
      "AfterAllowTraffic Skipped",
    ]);
    expect(shop.alias).toEqual({ version: "1", weights: {} });
    // The alarm does not keep the rollback from succeeding.
    expect(await shop.info(backId)).toMatchObject({
      status: "Succeeded",
      creator: "codeDeployRollback",
      rollbackInfo: {
        rollbackTriggeringDeploymentId: id,
        rollbackMessage: `Deployment ${backId} is triggered to roll back deployment ${id}.`,
      },
    });
    expect((await shop.target(backId)).lambdaFunctionInfo).toEqual({
      functionName: "shop",
      functionAlias: "live",
      currentVersion: "2",
      targetVersion: "1",
      targetVersionWeight: 100,
    });
  });

  it("leaves the weights where nothing is rolled back", async () => {
    await start({ autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] } });
    const id = await shop.deploy();
    await shop.clock.advance(1.5 * minute);
    shop.alarms.set("errors", "ALARM");
    await shop.clock.advance(10 * minute);
    const info = await shop.info(id);
    expect(info).toMatchObject({ status: "Stopped", errorInformation: { code: "ALARM_ACTIVE" } });
    expect(info.rollbackInfo).toBeUndefined();
    expect(shop.alias).toEqual({ version: "1", weights: { "2": 0.2 } });
  });

  it("that was active before stops the deployment before it shifts anything", async () => {
    await start();
    shop.alarms.set("latency", "ALARM");
    shop.alarms.set("errors", "ALARM");
    const info = await shop.deployed();
    expect(info).toMatchObject({
      status: "Stopped",
      errorInformation: { code: "ALARM_ACTIVE", message: activated("<errors> <latency>") },
      deploymentOverview: { Skipped: 1, Failed: 0 },
    });
    expect(shop.lambda.moves).toEqual([]);
  });

  it("ends the wait for a hook too", async () => {
    await start();
    shop.lambda.functions.set("before", () => {});
    const id = await shop.deploy({ hooks: { BeforeAllowTraffic: "before" } });
    await shop.clock.advance(minute);
    shop.alarms.set("errors", "ALARM");
    await shop.clock.advance(minute);
    expect((await shop.info(id)).status).toBe("Stopped");
    expect((await shop.events(id))[0]).toBe("BeforeAllowTraffic Failed");
  });

  it("does not stop a deployment that overrides the group's", async () => {
    await start();
    shop.alarms.set("errors", "ALARM");
    const overrideAlarmConfiguration = { enabled: false, alarms: [] };
    const info = await shop.deployed({}, { overrideAlarmConfiguration });
    expect(info).toMatchObject({ status: "Succeeded", overrideAlarmConfiguration: { enabled: false } });
  });

  it("that is over, or another group's, stops nothing", async () => {
    await start();
    shop.alarms.set("errors", "ALARM");
    shop.alarms.set("somebody-else", "ALARM");
    shop.alarms.set("errors", "OK");
    expect((await shop.deployed()).status).toBe("Succeeded");
  });

  it.each([
    ["stops", false, "Stopped"],
    ["does not stop, where the group says so,", true, "Succeeded"],
  ])("whose state cannot be told %s the deployment", async (_, ignorePollAlarmFailure, status) => {
    await start({ alarmConfiguration: { ...alarmConfiguration, ignorePollAlarmFailure } });
    shop.alarms.active = () => Promise.reject(new Error("CloudWatch is away"));
    expect((await shop.deployed()).status).toBe(status);
  });
});

describe("alarms of CloudWatch", () => {
  const member = (name: string, state: string) =>
    `<member><AlarmActions><member>x</member></AlarmActions><AlarmName>${name}</AlarmName>\n` +
    `<Threshold>1</Threshold><StateValue>${state}</StateValue></member>`;
  const asked: string[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    asked.push(`${await text(request)} ${/Credential=\S+/.exec(request.headers.authorization ?? "")?.[0]}`);
    response
      .writeHead(status)
      .end(
        `<DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms>${member("errors", "OK")}\n` +
          `${member("a&amp;b", "ALARM")}${member("other", "ALARM")}</MetricAlarms></DescribeAlarmsResult>` +
          "</DescribeAlarmsResponse>",
      );
  });
  let alarms: CloudWatchAlarms;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    alarms = new CloudWatchAlarms(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, "eu-west-1");
    shop = await DeployedShop.empty();
  });
  afterAll(() => server.close());

  it("are those in ALARM of the ones asked for, in the region of the deployment", async () => {
    expect(await alarms.active(["errors", "a&b"])).toEqual(["a&b"]);
    expect(asked[0]).toContain("AlarmNames.member.1=errors&AlarmNames.member.2=a%26b");
    expect(asked[0]).toContain("/eu-west-1/monitoring/aws4_request");
  });

  it("cannot be told when CloudWatch refuses", async () => {
    status = 403;
    await expect(alarms.active(["errors"])).rejects.toThrow("CloudWatch does not tell the state of alarms");
  });
});
