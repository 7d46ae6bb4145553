import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  DeleteDeploymentGroupCommand,
  GetDeploymentGroupCommand,
  UpdateDeploymentGroupCommand,
} from "@aws-sdk/client-codedeploy";
import { DeployedShop, revisionOf } from "./deployed-shop";
import { settings as ecsSettings } from "./deployed-web";
import { expectRefusals } from "./expect-refusals";

const application = { applicationName: "shop" };
const serviceRoleArn = "arn:aws:iam::123456789012:role/codedeploy";
const long = "x".repeat(101);

let shop: DeployedShop;
beforeEach(async () => {
  shop = await DeployedShop.start();
});
afterEach(() => shop.close());

describe("deployment groups", () => {
  const create = (settings: object) =>
    new CreateDeploymentGroupCommand({
      ...application,
      deploymentGroupName: "another",
      serviceRoleArn,
      ...settings,
    });

  it("are told as they were made", async () => {
    const settings = {
      alarmConfiguration: { enabled: true, alarms: [{ name: "errors" }], ignorePollAlarmFailure: true },
      autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE" as const] },
      deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent15Minutes",
      triggerConfigurations: [
        {
          triggerName: "team",
          triggerTargetArn: "arn:aws:sns:eu-central-1:123456789012:team",
          triggerEvents: ["DeploymentFailure" as const],
        },
      ],
    };
    const { deploymentGroupId } = await shop.client.send(create(settings));
    const name = { ...application, deploymentGroupName: "another" };
    expect((await shop.client.send(new GetDeploymentGroupCommand(name))).deploymentGroupInfo).toEqual({
      ...name,
      ...settings,
      deploymentGroupId,
      serviceRoleArn,
      computePlatform: "Lambda",
      deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    });
  });

  it("are renamed and changed in what is given, and deleted", async () => {
    const { client } = shop;
    await client.send(
      new UpdateDeploymentGroupCommand({
        ...application,
        currentDeploymentGroupName: "shop-dev",
        newDeploymentGroupName: "shop-test",
        deploymentConfigName: "CodeDeployDefault.LambdaLinear10PercentEvery2Minutes",
      }),
    );
    const renamed = { ...application, deploymentGroupName: "shop-test" };
    expect((await client.send(new GetDeploymentGroupCommand(renamed))).deploymentGroupInfo).toMatchObject({
      ...renamed,
      serviceRoleArn,
      deploymentConfigName: "CodeDeployDefault.LambdaLinear10PercentEvery2Minutes",
    });
    await client.send(new DeleteDeploymentGroupCommand(renamed));
    await client.send(new DeleteDeploymentGroupCommand(renamed));
    await expect(client.send(new GetDeploymentGroupCommand(renamed))).rejects.toMatchObject({
      name: "DeploymentGroupDoesNotExistException",
    });
  });

  it("of ECS are kept, and not deployed where there is no ECS", async () => {
    const { client } = shop;
    const ecs = { applicationName: "web", deploymentGroupName: "web-dev" };
    await client.send(new CreateApplicationCommand({ applicationName: "web", computePlatform: "ECS" }));
    await client.send(new CreateDeploymentGroupCommand({ ...ecs, serviceRoleArn, ...ecsSettings }));
    expect((await client.send(new GetDeploymentGroupCommand(ecs))).deploymentGroupInfo).toMatchObject({
      ...ecsSettings,
      computePlatform: "ECS",
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
    });
    await expect(
      client.send(new CreateDeploymentCommand({ ...ecs, revision: revisionOf({}) })),
    ).rejects.toMatchObject({ name: "InvalidComputePlatformException" });
  });

  const alarms = (...names: string[]) =>
    create({ alarmConfiguration: { enabled: true, alarms: names.map((name) => ({ name })) } });
  expectRefusals(
    () => shop.client,
    [
      ["ApplicationDoesNotExistException", "another application's", create({ applicationName: "nobody" })],
      ["DeploymentGroupNameRequiredException", "no name", create({ deploymentGroupName: "" })],
      ["InvalidDeploymentGroupNameException", "a long name", create({ deploymentGroupName: long })],
      ["DeploymentGroupAlreadyExistsException", "a taken name", create({ deploymentGroupName: "shop-dev" })],
      ["RoleRequiredException", "no role", create({ serviceRoleArn: "" })],
      ["InvalidRoleException", "a role that is none", create({ serviceRoleArn: "codedeploy" })],
      [
        "DeploymentConfigDoesNotExistException",
        "the name of SAM's configuration",
        create({ deploymentConfigName: "CodeDeployDefault.LambdaLinear10PercentEvery1Minutes" }),
      ],
      [
        "InvalidDeploymentConfigNameException",
        "a configuration for ECS",
        create({ deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce" }),
      ],
      ["AlarmsLimitExceededException", "11 alarms", alarms(..."abcdefghijk")],
      ["InvalidAlarmConfigException", "one alarm twice", alarms("errors", "errors")],
      ["InvalidAlarmConfigException", "an alarm without a name", alarms("")],
      ["InvalidAlarmConfigException", "no alarm where they are enabled", alarms()],
      [
        "InvalidAutoRollbackConfigException",
        "a rollback without events",
        create({ autoRollbackConfiguration: { enabled: true, events: [] } }),
      ],
      [
        "InvalidAutoRollbackConfigException",
        "an unknown event",
        create({ autoRollbackConfiguration: { enabled: true, events: ["NOPE"] } }),
      ],
      [
        "InvalidDeploymentStyleException",
        "a style without traffic control",
        create({
          deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITHOUT_TRAFFIC_CONTROL" },
        }),
      ],
    ],
  );
});
