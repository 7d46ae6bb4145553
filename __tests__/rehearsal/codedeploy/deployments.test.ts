import {
  BatchGetDeploymentsCommand,
  BatchGetDeploymentTargetsCommand,
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  GetApplicationRevisionCommand,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  ListDeploymentsCommand,
  type ListDeploymentsCommandInput,
  ListDeploymentTargetsCommand,
  RegisterOnPremisesInstanceCommand,
  StopDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { appSpecOf, DeployedShop, minute, revisionOf } from "./deployed-shop";
import { expectRefusals } from "./expect-refusals";

const application = { applicationName: "shop" };
const group = { applicationName: "shop", deploymentGroupName: "shop-dev" };
const unknown = "d-ABCDEFGHI";

let shop: DeployedShop;
beforeEach(async () => {
  shop = await DeployedShop.start();
});
afterEach(() => shop.close());

describe("deployments", () => {
  it("are listed, the newest first, by group, status and time", async () => {
    const { client } = shop;
    const first = await shop.deployed();
    const second = await shop.deployed({ from: "9", to: "3" });
    const list = async (input: ListDeploymentsCommandInput) =>
      (await client.send(new ListDeploymentsCommand(input))).deployments;
    const both = [second.deploymentId, first.deploymentId];
    expect(await list({})).toEqual(both);
    expect(await list(group)).toEqual(both);
    expect(await list({ ...group, includeOnlyStatuses: ["Succeeded"] })).toEqual([first.deploymentId]);
    expect(await list({ createTimeRange: { start: second.createTime } })).toEqual([second.deploymentId]);
    expect(await list({ createTimeRange: { end: first.createTime } })).toEqual([first.deploymentId]);
    const infos = await client.send(
      new BatchGetDeploymentsCommand({ deploymentIds: [...both, unknown] as string[] }),
    );
    expect(infos.deploymentsInfo?.map(({ status }) => status)).toEqual(["Failed", "Succeeded"]);
  });

  it("tell their targets and the text of their revisions", async () => {
    const { client } = shop;
    const { deploymentId, revision } = await shop.deployed();
    const { targetIds } = await client.send(new ListDeploymentTargetsCommand({ deploymentId }));
    expect(targetIds).toEqual(["shop:live"]);
    const { deploymentTargets } = await client.send(
      new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds }),
    );
    expect(deploymentTargets).toMatchObject([
      { deploymentTargetType: "LambdaTarget", lambdaTarget: { status: "Succeeded" } },
    ]);
    const found = await client.send(new GetApplicationRevisionCommand({ ...application, revision }));
    expect(JSON.parse(found.revision?.appSpecContent?.content ?? "")).toEqual(appSpecOf({}));
  });

  it("may give their AppSpec as a string, with AWS's other spelling", async () => {
    const content = JSON.stringify(appSpecOf({})).replace('"Resources"', '"resources"').replace("0", '"0.0"');
    const revision = { revisionType: "String" as const, string: { content } };
    const { deploymentId } = await shop.client.send(new CreateDeploymentCommand({ ...group, revision }));
    await shop.clock.advance(minute);
    expect((await shop.info(deploymentId)).status).toBe("Succeeded");
  });

  it("of Lambda are not continued", async () => {
    const deploymentId = await shop.deploy(
      {},
      { deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes" },
    );
    const next = (deploymentWaitType: string) =>
      shop.client.send(
        new ContinueDeploymentCommand({
          deploymentId,
          deploymentWaitType: deploymentWaitType as "READY_WAIT",
        }),
      );
    await expect(next("READY_WAIT")).rejects.toMatchObject({
      name: "UnsupportedActionForDeploymentTypeException",
    });
    await expect(next("NO_WAIT")).rejects.toMatchObject({ name: "InvalidDeploymentWaitTypeException" });
    await shop.clock.advance(6 * minute);
    await expect(next("TERMINATION_WAIT")).rejects.toMatchObject({
      name: "DeploymentAlreadyCompletedException",
    });
  });

  const create = (input: object) =>
    new CreateDeploymentCommand({ ...group, revision: revisionOf(appSpecOf({})), ...input });
  const text = (content: string, sha256?: string) =>
    create({ revision: { revisionType: "AppSpecContent", appSpecContent: { content, sha256 } } });
  const changed = (change: object) => text(JSON.stringify({ ...appSpecOf({}), ...change }));
  expectRefusals(
    () => shop.client,
    [
      ["ApplicationNameRequiredException", "no application", create({ applicationName: "" })],
      ["ApplicationDoesNotExistException", "an unknown application", create({ applicationName: "nobody" })],
      ["DeploymentGroupNameRequiredException", "no group", create({ deploymentGroupName: undefined })],
      ["DeploymentGroupDoesNotExistException", "an unknown group", create({ deploymentGroupName: "nobody" })],
      [
        "DeploymentConfigDoesNotExistException",
        "an unknown config",
        create({ deploymentConfigName: "nope" }),
      ],
      ["RevisionRequiredException", "no revision", create({ revision: undefined })],
      [
        "InvalidRevisionException",
        "a revision in S3",
        create({ revision: { revisionType: "S3", s3Location: { bucket: "b", key: "k" } } }),
      ],
      ["InvalidRevisionException", "no text", text("")],
      ["InvalidRevisionException", "YAML", text("version: 0.0")],
      [
        "InvalidRevisionException",
        "another text's hash",
        text(JSON.stringify(appSpecOf({})), "0".repeat(64)),
      ],
      ["InvalidRevisionException", "another version of AppSpecs", changed({ version: 1 })],
      ["InvalidRevisionException", "no resource", changed({ Resources: [] })],
      [
        "InvalidRevisionException",
        "a resource of ECS",
        changed({ Resources: [{ web: { Type: "AWS::ECS::Service", Properties: {} } }] }),
      ],
      [
        "InvalidRevisionException",
        "no alias",
        changed({ Resources: [{ shop: { Type: "AWS::Lambda::Function", Properties: { Name: "shop" } } }] }),
      ],
      ["InvalidRevisionException", "a hook of ECS", changed({ Hooks: [{ AfterInstall: "check" }] })],
      [
        "InvalidAutoRollbackConfigException",
        "a rollback without events",
        create({ autoRollbackConfiguration: { enabled: true } }),
      ],
      [
        "InvalidAlarmConfigException",
        "alarms without names",
        create({ overrideAlarmConfiguration: { enabled: true, alarms: [{}] } }),
      ],
      [
        "InvalidUpdateOutdatedInstancesOnlyValueException",
        "outdated instances",
        create({ updateOutdatedInstancesOnly: true }),
      ],
      [
        "InvalidIgnoreApplicationStopFailuresValueException",
        "failures to stop",
        create({ ignoreApplicationStopFailures: true }),
      ],
      ["DeploymentIdRequiredException", "no id", new GetDeploymentCommand({ deploymentId: "" })],
      ["InvalidDeploymentIdException", "what is no id", new GetDeploymentCommand({ deploymentId: "latest" })],
      [
        "DeploymentDoesNotExistException",
        "an unknown id",
        new GetDeploymentCommand({ deploymentId: unknown }),
      ],
      ["DeploymentDoesNotExistException", "to stop it", new StopDeploymentCommand({ deploymentId: unknown })],
      [
        "DeploymentDoesNotExistException",
        "to tell its target",
        new GetDeploymentTargetCommand({ deploymentId: unknown, targetId: "shop:live" }),
      ],
      ["DeploymentGroupNameRequiredException", "half a group", new ListDeploymentsCommand(application)],
      [
        "BatchLimitExceededException",
        "26 ids",
        new BatchGetDeploymentsCommand({ deploymentIds: Array(26).fill(unknown) }),
      ],
      [
        "UnknownOperationException",
        "an operation for servers",
        new RegisterOnPremisesInstanceCommand({ instanceName: "host" }),
      ],
    ],
  );

  it("have one target", async () => {
    const { deploymentId } = await shop.deployed();
    await expect(
      shop.client.send(new GetDeploymentTargetCommand({ deploymentId, targetId: "shop:other" })),
    ).rejects.toMatchObject({ name: "DeploymentTargetDoesNotExistException" });
  });
});
