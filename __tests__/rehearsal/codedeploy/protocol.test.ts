import { DeployedShop } from "./deployed-shop";

let shop: DeployedShop;
beforeEach(async () => {
  shop = await DeployedShop.start();
});
afterEach(() => shop.close());

describe("the endpoint", () => {
  it.each([
    ["what is no JSON", "CodeDeploy_20141006.GetApplication", "{", "SerializationException"],
    ["a list", "CodeDeploy_20141006.GetApplication", "[]", "SerializationException"],
    ["another service", "CodeBuild_20161006.ListBuilds", "{}", "UnknownOperationException"],
    ["what every object has", "CodeDeploy_20141006.toString", "{}", "UnknownOperationException"],
    [
      "a number as a name",
      "CodeDeploy_20141006.GetApplication",
      '{"applicationName":5}',
      "InvalidApplicationNameException",
    ],
  ])("refuses %s", async (_, target, body, code) => {
    const response = await fetch(shop.url, { method: "POST", body, headers: { "x-amz-target": target } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: code });
  });
});
