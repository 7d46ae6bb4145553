import { DeployedShop } from "./deployed-shop";

let shop: DeployedShop;
afterEach(() => shop.close());

describe("a Lambda deployment", () => {
  it("moves the alias at once where its configuration says so", async () => {
    shop = await DeployedShop.start();
    const info = await shop.deployed();
    expect(shop.lambda.moves).toEqual([{ atMinutes: 0, version: "2", weights: {} }]);
    expect(info).toMatchObject({
      applicationName: "shop",
      deploymentGroupName: "shop-dev",
      deploymentConfigName: "CodeDeployDefault.LambdaAllAtOnce",
      status: "Succeeded",
      creator: "user",
      computePlatform: "Lambda",
      deploymentOverview: { Pending: 0, InProgress: 0, Succeeded: 1, Failed: 0, Skipped: 0, Ready: 0 },
      createTime: new Date("2026-01-01T00:00:00Z"),
      completeTime: new Date("2026-01-01T00:00:00Z"),
    });
  });
});
