import {
  CreateApplicationCommand,
  DeleteApplicationCommand,
  GetApplicationCommand,
  GetDeploymentGroupCommand,
  ListApplicationsCommand,
  ListDeploymentGroupsCommand,
  UpdateApplicationCommand,
} from "@aws-sdk/client-codedeploy";
import { DeployedShop } from "./deployed-shop";
import { expectRefusals } from "./expect-refusals";

const application = { applicationName: "shop" };
const group = { ...application, deploymentGroupName: "shop-dev" };
const long = "x".repeat(101);

let shop: DeployedShop;
beforeEach(async () => {
  shop = await DeployedShop.start();
});
afterEach(() => shop.close());

describe("applications", () => {
  it("are made, told, renamed and deleted with their groups", async () => {
    const { client } = shop;
    const { applicationId } = await client.send(
      new CreateApplicationCommand({ applicationName: "blog", computePlatform: "ECS" }),
    );
    expect(await client.send(new GetApplicationCommand({ applicationName: "blog" }))).toMatchObject({
      application: {
        applicationId,
        applicationName: "blog",
        computePlatform: "ECS",
        linkedToGitHub: false,
        createTime: new Date("2026-01-01T00:00:00Z"),
      },
    });
    await client.send(new UpdateApplicationCommand({ ...application, newApplicationName: "store" }));
    expect(await client.send(new ListApplicationsCommand({}))).toMatchObject({
      applications: ["blog", "store"],
    });
    const renamed = { ...group, applicationName: "store" };
    expect((await client.send(new GetDeploymentGroupCommand(renamed))).deploymentGroupInfo).toMatchObject(
      renamed,
    );
    await client.send(new DeleteApplicationCommand({ applicationName: "store" }));
    await client.send(new DeleteApplicationCommand({ applicationName: "store" }));
    await client.send(new CreateApplicationCommand({ applicationName: "store", computePlatform: "Lambda" }));
    expect(await client.send(new ListDeploymentGroupsCommand({ applicationName: "store" }))).toMatchObject({
      deploymentGroups: [],
    });
  });

  expectRefusals(
    () => shop.client,
    [
      ["ApplicationNameRequiredException", "no name", new CreateApplicationCommand({ applicationName: "" })],
      [
        "InvalidApplicationNameException",
        "a long name",
        new CreateApplicationCommand({ applicationName: long }),
      ],
      [
        "ApplicationAlreadyExistsException",
        "a name that is taken",
        new CreateApplicationCommand({ ...application, computePlatform: "Lambda" }),
      ],
      [
        "InvalidComputePlatformException",
        "servers, which is the default",
        new CreateApplicationCommand({ applicationName: "servers" }),
      ],
      [
        "ApplicationDoesNotExistException",
        "one that is not there",
        new GetApplicationCommand({ applicationName: "nobody" }),
      ],
    ],
  );
});
