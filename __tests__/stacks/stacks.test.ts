import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { EcrRepositoryPolicy } from "@cdktf/provider-aws/lib/ecr-repository-policy";
import { Testing } from "cdktf";
import { decide, parseResourcePolicy } from "../../src/rehearsal/api-gateway/resource-policy";
import { ApiGatewayAccountStack } from "../../stacks/api-gateway-account-stack";
import { ImageRepositoriesStack } from "../../stacks/image-repositories-stack";
import { shop, synthesizeFiles } from "../support/project";
import { protectedBy } from "../support/protected-by";
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

test("stable is the version that the file names, wherever it stands among them", async () => {
  const { resource } = JSON.parse(await stackOf({ stable: "v2" }));
  expect(Object.values(resource.aws_api_gateway_stage)).toEqual([
    expect.objectContaining({
      deployment_id: expect.stringContaining("aws_api_gateway_deployment.version_v2_"),
      variables: { shopFunction: expect.stringContaining("aws_lambda_function.version_v2_") },
    }),
  ]);
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
    const protectedIds = async (fields: object) => protectedBy(await stackOf({}, environment(fields)));
    expect(await protectedIds({ protect: true })).toEqual([
      "aws_api_gateway_rest_api.api.id",
      "aws_api_gateway_stage.canary-stage.id",
    ]);
    expect(await protectedIds({})).toEqual([]);
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

test("image repositories take no moved tag, and let the one function pull", () => {
  const stack = new ImageRepositoriesStack(Testing.app(), { ...dev, imageRepositories: ["shop"] });
  const synthesized = Testing.synth(stack, true);
  expect(synthesized).toHaveResourceWithProperties(EcrRepository, {
    name: "shop-dev",
    image_tag_mutability: "IMMUTABLE",
  });
  expect(synthesized).toHaveResourceWithProperties(EcrRepositoryPolicy, {
    policy: expect.stringMatching(
      /"aws:SourceArn":\["arn:.*:function:shop-dev","arn:.*:function:shop-dev:\*"\]/,
    ),
  });
});

describe.each(["alias-canary-stage", "weighted-alias", "blue-green-stage", "codedeploy-alias"])(
  "the %s stack",
  (strategy) => {
    const empty = "export const handler = async () => ({});\n";
    const files = {
      "lambdas/shop/shop.ts": empty,
      "lambdas/hooks/ask.ts": empty,
      "lambdas/hooks/look.ts": empty,
    };
    const both = { strategy, versions: [1, 2], stable: 1 };
    const temporary = { version: 2, sources: ["203.0.113.0/24"] };
    const trials: Record<string, object> = {
      "blue-green-stage": { blue: temporary, greenAlias: true },
      "codedeploy-alias": {
        canary: { version: 2 },
        preview: temporary,
        rollout: { linear: { percent: 20, minutes: 15 } },
        alarms: { latency: { p95Ms: 800 }, own: ["shop-declined"] },
        hooks: { beforeTraffic: "ask", afterTraffic: "look" },
      },
    };
    const release = {
      ...both,
      ...(trials[strategy] ?? { canary: { version: 2, percent: 10 }, preview: temporary }),
    };

    test("keeps its construct ids: another id replaces a live resource", async () => {
      expect(JSON.parse(await stackOf(release, files))).toMatchSnapshot();
    });

    test("points at the version that the file calls stable, wherever it stands among them", async () => {
      const { resource } = JSON.parse(await stackOf({ ...both, stable: 2 }, files));
      const [{ variables }] = Object.values<{ variables: { alias: string } }>(
        resource.aws_api_gateway_stage,
      ) as [{ variables: { alias: string } }];
      const id = /^\$\{aws_lambda_alias\.(.*)\.name\}$/.exec(variables.alias)?.[1] ?? "";
      expect(resource.aws_lambda_alias[id]).toMatchObject({ function_version: "2" });
    });

    test("refuses to destroy the API and the stage of users where it protects them", async () => {
      const environment = { region: "eu-central-1", protect: true };
      const stack = await stackOf(release, { ...files, "releases/dev/environment.json": environment });
      expect(protectedBy(stack)).toEqual([
        "aws_api_gateway_rest_api.api.id",
        expect.stringMatching(/^aws_api_gateway_stage\.(canary|live|green)-stage\.id$/),
      ]);
    });

    test("has a permission for each alias, which the stage waits for", async () => {
      const { resource } = JSON.parse(await stackOf(release, files));
      const permissions = Object.entries<{ qualifier: string }>(resource.aws_lambda_permission);
      const aliases = Object.keys(resource.aws_lambda_alias).map((id) => `\${aws_lambda_alias.${id}.name}`);
      expect(permissions.map(([, { qualifier }]) => qualifier).sort()).toEqual(aliases.sort());
      for (const stage of Object.values<{ variables: { alias: string }; depends_on: string[] }>(
        resource.aws_api_gateway_stage,
      )) {
        const [id] = permissions.find(([, { qualifier }]) => qualifier === stage.variables.alias) ?? [];
        expect(stage.depends_on).toContain(`aws_lambda_permission.${id}`);
      }
    });

    test("runs a container image by its digest, without handler and runtime", async () => {
      const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${"0".repeat(64)}`;
      const { resource, data } = JSON.parse(await stackOf({ ...release, image, hooks: undefined }));
      const [lambda] = Object.values<object>(resource.aws_lambda_function);
      expect(lambda).toMatchObject({ package_type: "Image", image_uri: image, publish: true });
      expect(Object.keys(lambda ?? {})).not.toEqual(expect.arrayContaining(["handler"]));
      expect(data).not.toHaveProperty("archive_file");
    });
  },
);

test.each(["alias-canary-stage", "blue-green-stage"])(
  "the stage of %s waits for the executions that its version keeps ready, and outlives none of them",
  async (strategy) => {
    const versions = { "1": { provisionedConcurrency: 5 }, "2": { provisionedConcurrency: 3 } };
    const files = { "lambdas/shop/shop.ts": "export const handler = async () => ({});\n" };
    const { resource } = JSON.parse(await stackOf({ strategy, versions, stable: 2 }, files));
    const configs = Object.entries<object>(resource.aws_lambda_provisioned_concurrency_config);
    expect(configs.map(([, config]) => config)).toEqual(
      [5, 3].map((provisioned_concurrent_executions) =>
        expect.objectContaining({
          provisioned_concurrent_executions,
          lifecycle: { create_before_destroy: true },
        }),
      ),
    );
    const [[, stage]] = Object.entries<{ depends_on: string[] }>(resource.aws_api_gateway_stage) as [
      [string, { depends_on: string[] }],
    ];
    expect(stage.depends_on.filter((one) => one.includes("concurrency"))).toEqual([
      expect.stringContaining("version_2_alias"),
    ]);
  },
);

test.each([
  ["canary-stage", "preview", ["v1", "v2"]],
  ["alias-canary-stage", "preview", [1, 2]],
  ["weighted-alias", "preview", [1, 2]],
  ["codedeploy-alias", "preview", [1, 2]],
  ["blue-green-stage", "blue", [1, 2]],
])(
  "%s: only its sources may call the stage %s, and everybody the stage of users",
  async (strategy, name, versions) => {
    const [stable, version] = versions;
    const sources = ["203.0.113.0/24"];
    const text = await stackOf(
      { strategy, versions, stable, [name]: { version, sources } },
      { "lambdas/shop/shop.ts": "export const handler = async () => ({});\n" },
    );
    const arn = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3";
    const { resource } = JSON.parse(
      text.replace(/\$\{aws_api_gateway_rest_api\.api_\w+\.execution_arn\}/g, arn),
    );
    const [attached] = Object.values<{ policy: string }>(resource.aws_api_gateway_rest_api_policy ?? {});
    const policy = parseResourcePolicy(attached?.policy ?? "{}", arn);
    const decided = (stage: string, address: string) => decide(policy, `${arn}/${stage}/GET/`, address);
    expect(decided(name, "203.0.113.7")).toBe("allowed");
    expect(decided(name, "198.51.100.7")).toBe("denied");
    const stages = Object.values<{ stage_name: string }>(resource.aws_api_gateway_stage);
    const [users] = stages.map(({ stage_name }) => stage_name).filter((one) => one !== name);
    expect(decided(users ?? "", "198.51.100.7")).toBe("allowed");
  },
);
