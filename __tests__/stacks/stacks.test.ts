import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { Testing } from "cdktf";
import { ApiGatewayAccountStack } from "../../stacks/api-gateway-account-stack";
import { shop, synthesizeFiles } from "../support/project";
import { dev } from "../support/synth";

async function stackOf(release: object, files = {}) {
  const outdir = await synthesizeFiles(shop(release, files));
  return readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8");
}

test("the canary stage stack keeps its construct ids: another id replaces a live resource", async () => {
  expect(JSON.parse(await stackOf({ canary: { version: "v2", percent: 10 } }))).toMatchSnapshot();
});

test("the account stack keeps its construct ids", () => {
  const stack = new ApiGatewayAccountStack(Testing.app(), dev);
  const synthesized = Testing.synth(stack, true);
  expect(synthesized).toHaveResourceWithProperties(ApiGatewayAccount, {
    cloudwatch_role_arn: expect.stringMatching(/^\$\{aws_iam_role\.role\.arn\}$/),
  });
  expect(JSON.parse(synthesized)).toMatchSnapshot();
});

test("the outputs say where the API is, which functions there are and who serves what", async () => {
  const { output } = JSON.parse(await stackOf({ canary: { version: "v2", percent: 33.333333 } }));
  expect(Object.keys(output)).toEqual(["api_endpoint", "api_id", "functions", "stage", "traffic"]);
  expect(output.stage.value).toBe("dev");
  expect(output.traffic.value).toEqual({ v1: 66.666667, v2: 33.333333 });
  expect(output.functions.value).toEqual({
    v1: { shop: expect.stringContaining("aws_lambda_function.version_v1_") },
    v2: { shop: expect.stringContaining("aws_lambda_function.version_v2_") },
  });
});

test("without a canary stable serves 100 percent", async () => {
  expect(JSON.parse(await stackOf({ stable: "v2" })).output.traffic.value).toEqual({ v2: 100 });
});

describe("the environment", () => {
  const environment = (fields: object) => ({
    "releases/dev/environment.json": { region: "eu-central-1", ...fields },
  });

  test("keeps state in a folder outside of the output, by a relative path", async () => {
    expect(JSON.parse(await stackOf({})).terraform.backend).toEqual({
      local: { path: "../../../terraform-state/shop-dev.tfstate" },
    });
  });

  test("keeps state in S3 with native locking when it is asked to", async () => {
    const files = environment({ state: { s3: { bucket: "states", prefix: "team/a" } } });
    expect(JSON.parse(await stackOf({}, files)).terraform.backend).toEqual({
      s3: {
        bucket: "states",
        key: "team/a/shop-dev.tfstate",
        region: "eu-central-1",
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  test("refuses to destroy the API and the stage where it protects them, and nowhere else", async () => {
    const lifecycles = async (fields: object) => {
      const { resource } = JSON.parse(await stackOf({}, environment(fields)));
      return ["aws_api_gateway_rest_api", "aws_api_gateway_stage"].map(
        (type) => Object.values<{ lifecycle?: object }>(resource[type])[0]?.lifecycle,
      );
    };
    expect(await lifecycles({ protect: true })).toEqual([
      { prevent_destroy: true },
      { prevent_destroy: true },
    ]);
    expect(await lifecycles({})).toEqual([undefined, undefined]);
  });

  test("gives its region, accounts and tags to the provider", async () => {
    const files = environment({ allowedAccountIds: ["123456789012"], tags: { team: "shop" } });
    expect(JSON.parse(await stackOf({}, files)).provider.aws).toEqual([
      {
        region: "eu-central-1",
        allowed_account_ids: ["123456789012"],
        default_tags: [{ tags: { team: "shop" } }],
      },
    ]);
  });
});
