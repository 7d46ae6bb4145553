import { DeployedShop, minute } from "./deployed-shop";

const canary = { deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes" };
const rollsBack = { autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE" as const] } };
const configuration =
  "The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration is " +
  "missing or has an invalid configuration.";

let shop: DeployedShop;
beforeEach(async () => {
  shop = await DeployedShop.start();
});
afterEach(() => shop.close());

describe("a deployment fails", () => {
  it.each([
    [
      "where the alias serves another version than the AppSpec says",
      { from: "7", to: "8" },
      "INVALID_LAMBDA_CONFIGURATION",
      `${configuration} The Lambda function alias version does not match the current version in AppSpec file.`,
    ],
    [
      "where both versions are the same",
      { from: "1", to: "1" },
      "INVALID_LAMBDA_CONFIGURATION",
      configuration,
    ],
    [
      "where a version has no number",
      { from: "1", to: "$LATEST" },
      "INVALID_LAMBDA_CONFIGURATION",
      `${configuration} 'targetVersion' must be the number of a version, got "$LATEST".`,
    ],
    [
      "where there is no such function",
      { functionName: "nobody" },
      "INVALID_LAMBDA_FUNCTION",
      "AWS Lambda refuses: Cannot find alias arn: live (ResourceNotFoundException)",
    ],
  ])("%s", async (_, versions, code, message) => {
    const info = await shop.deployed(versions, { ...canary, ...rollsBack });
    expect(info).toMatchObject({ status: "Failed", errorInformation: { code, message } });
    // It has not begun, so there is nothing to roll back.
    expect(info.rollbackInfo).toBeUndefined();
    expect(shop.lambda.moves).toEqual([]);
  });

  it("where weights were left behind", async () => {
    shop.lambda.aliases.set("shop:live", { version: "1", weights: { "3": 0.5 } });
    const info = await shop.deployed({}, rollsBack);
    expect(info.errorInformation).toEqual({
      code: "INVALID_LAMBDA_CONFIGURATION",
      message: `${configuration} The Lambda function alias shifts traffic between two versions already.`,
    });
    expect(shop.alias).toEqual({ version: "1", weights: { "3": 0.5 } });
  });

  it.each([
    ["AccessDeniedException", "IAM_ROLE_PERMISSIONS"],
    ["TooManyRequestsException", "THROTTLED"],
    ["ResourceConflictException", "INTERNAL_ERROR"],
  ])("where Lambda answers %s", async (refusal, code) => {
    shop.lambda.refusal = refusal;
    const info = await shop.deployed({}, canary);
    expect(info).toMatchObject({ status: "Failed", errorInformation: { code } });
  });

  it("where nobody answers for Lambda", async () => {
    shop.lambda.close();
    expect((await shop.deployed()).errorInformation?.message).toContain("Lambda does not answer");
  });
});

describe("a deployment", () => {
  it("of the version that is served succeeds all at once", async () => {
    expect((await shop.deployed({ from: "1", to: "1" })).status).toBe("Succeeded");
  });

  it("is refused while another of its group is under way", async () => {
    const id = await shop.deploy({}, canary);
    await shop.clock.advance(minute);
    await expect(shop.deploy()).rejects.toMatchObject({
      name: "DeploymentLimitExceededException",
      message: `The Deployment Group 'shop-dev' already has an active Deployment '${id}'`,
    });
    await shop.clock.advance(5 * minute);
    expect((await shop.deployed({ from: "2", to: "3" })).status).toBe("Succeeded");
  });
});
