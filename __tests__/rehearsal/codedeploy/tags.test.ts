import {
  CreateApplicationCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-codedeploy";
import { DeployedShop } from "./deployed-shop";
import { expectRefusals } from "./expect-refusals";

const arn = "arn:aws:codedeploy:eu-central-1:123456789012";

let shop: DeployedShop;
beforeEach(async () => {
  shop = await DeployedShop.start();
});
afterEach(() => shop.close());

describe("tags", () => {
  it.each([
    ["an application", `${arn}:application:shop`],
    ["a deployment group", `${arn}:deploymentgroup:shop/shop-dev`],
  ])("of %s are added, replaced and taken away", async (_, ResourceArn) => {
    const { client } = shop;
    const tags = async () => (await client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;
    const Tags = [
      { Key: "team", Value: "shop" },
      { Key: "stage", Value: "dev" },
    ];
    await client.send(new TagResourceCommand({ ResourceArn, Tags }));
    await client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "team", Value: "web" }] }));
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["stage", "nothing"] }));
    expect(await tags()).toEqual([{ Key: "team", Value: "web" }]);
  });

  it("may be given when something is made", async () => {
    await shop.client.send(
      new CreateApplicationCommand({
        applicationName: "blog",
        computePlatform: "Lambda",
        tags: [{ Key: "team", Value: "blog" }],
      }),
    );
    const listed = new ListTagsForResourceCommand({ ResourceArn: `${arn}:application:blog` });
    expect((await shop.client.send(listed)).Tags).toEqual([{ Key: "team", Value: "blog" }]);
  });

  const tag = (ResourceArn: string, Tags = [{ Key: "a", Value: "b" }]) =>
    new TagResourceCommand({ ResourceArn, Tags });
  expectRefusals(
    () => shop.client,
    [
      ["ResourceArnRequiredException", "no ARN", tag("")],
      ["InvalidArnException", "what is no ARN", tag("shop")],
      ["ArnNotSupportedException", "a configuration's", tag(`${arn}:deploymentconfig:slow`)],
      ["ApplicationDoesNotExistException", "an unknown application's", tag(`${arn}:application:nobody`)],
      [
        "DeploymentGroupDoesNotExistException",
        "an unknown group's",
        tag(`${arn}:deploymentgroup:shop/nobody`),
      ],
      ["InvalidTagsToAddException", "an empty key", tag(`${arn}:application:shop`, [{ Key: "", Value: "" }])],
    ],
  );
});
