import "../support/testing-cdktf";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { environment, named, privileges, stackOf } from "../support/bootstrap";
import { isAllowed, policyIn } from "../support/policy";
import { protectedBy } from "../support/protected-by";

const ids = { organization: 123456, repository: 456789 };

test("the bootstrap stack keeps its construct ids: another id replaces a live resource", async () => {
  expect(JSON.parse(await stackOf("bootstrap-dev"))).toMatchSnapshot();
});

test("an environment without the field has no such stack", async () => {
  await expect(stackOf("bootstrap-dev", environment({}, { github: undefined }))).rejects.toThrow("ENOENT");
});

test("its own state is local: the bucket is not there before it", async () => {
  expect(JSON.parse(await stackOf("bootstrap-dev")).terraform.backend).toEqual({
    local: { path: "../../../terraform-state/bootstrap-dev.tfstate" },
  });
});

describe("the bucket of the state", () => {
  test("is versioned, encrypted, closed to the public and stays", async () => {
    const stack = await stackOf("bootstrap-dev");
    expect(stack).toHaveResourceWithProperties(S3Bucket, {
      bucket: "example-state",
    });
    expect(protectedBy(stack)).toEqual(["aws_s3_bucket.state-bucket.id"]);
    expect(stack).toHaveResourceWithProperties(S3BucketVersioningA, {
      versioning_configuration: { status: "Enabled" },
    });
    expect(stack).toHaveResourceWithProperties(S3BucketServerSideEncryptionConfigurationA, {
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
    expect(stack).toHaveResourceWithProperties(S3BucketPublicAccessBlock, {
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  test("is reached by TLS alone", async () => {
    const stack = await stackOf("bootstrap-dev");
    const [bucket] = Object.keys(JSON.parse(stack).resource.aws_s3_bucket);
    expect(stack).toHaveResourceWithProperties(S3BucketPolicy, {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Deny",
            Action: ["s3:*"],
            Resource: [`\${aws_s3_bucket.${bucket}.arn}`, `\${aws_s3_bucket.${bucket}.arn}/*`],
            Principal: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
    });
  });

  test("keeps what a state was for 90 days", async () => {
    expect(await stackOf("bootstrap-dev")).toHaveResourceWithProperties(S3BucketLifecycleConfiguration, {
      rule: [
        expect.objectContaining({
          status: "Enabled",
          noncurrent_version_expiration: [{ noncurrent_days: 90 }],
        }),
      ],
    });
  });

  test("is in its own region, whichever the environment's is", async () => {
    const state = { s3: { bucket: "example-state", region: "eu-west-1" } };
    const { provider } = JSON.parse(await stackOf("bootstrap-dev", environment({}, { state })));
    expect(provider.aws[0].region).toBe("eu-west-1");
    expect(
      isAllowed(await privileges("deploy", environment({}, { state })), {
        action: "lambda:UpdateAlias",
        resource: "arn:aws:lambda:eu-central-1:111122223333:function:shop-dev",
      }),
    ).toBe(true);
  });
});

test("what the account has is not made", async () => {
  const stack = await stackOf(
    "bootstrap-dev",
    environment({ accountHas: ["oidc-provider", "state-bucket"] }),
  );
  expect(stack).not.toHaveResource(IamOpenidConnectProvider);
  expect(stack).not.toHaveResource(S3Bucket);
  const { output, resource } = JSON.parse(stack);
  expect(output.state_bucket.value).toBe("example-state");
  for (const { assume_role_policy } of Object.values<{ assume_role_policy: string }>(resource.aws_iam_role)) {
    expect(policyIn(assume_role_policy)).toMatchObject({
      Statement: [
        {
          Principal: {
            Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
          },
        },
      ],
    });
  }
});

describe("a role is taken with the token of", () => {
  const byName = "repo:example-org/shop-releases";
  const byId = "repo:example-org@123456/shop-releases@456789";

  test.each([
    ["deploy", "the GitHub environment of its name", {}, [`${byName}:environment:dev`]],
    ["deploy", "the same, with ids", { ids }, [`${byId}:environment:dev`]],
    [
      "review",
      "a pull request and the default branch",
      {},
      [`${byName}:pull_request`, `${byName}:ref:refs/heads/main`],
    ],
    [
      "review",
      "the same, with ids and another branch",
      { ids, defaultBranch: "trunk" },
      [`${byId}:pull_request`, `${byId}:ref:refs/heads/trunk`],
    ],
  ])("%s: %s", async (role, _, github, subjects) => {
    const stack = JSON.parse(await stackOf("bootstrap-dev", environment(github)));
    const trust = named(stack, "aws_iam_role")[`bootstrap-dev-${role}`]?.["assume_role_policy"] ?? "";
    expect(JSON.parse(trust).Statement).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: "${aws_iam_openid_connect_provider.oidc-provider.arn}" },
        Condition: {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": subjects,
          },
        },
      },
    ]);
  });

  test("in China the audience is that of its partition", async () => {
    const json = await stackOf("bootstrap-dev", environment({}, { region: "cn-north-1" }));
    const stack = JSON.parse(json);
    const trust = named(stack, "aws_iam_role")["bootstrap-dev-deploy"]?.["assume_role_policy"] ?? "";
    expect(JSON.parse(trust).Statement[0].Condition.StringEquals).toMatchObject({
      "token.actions.githubusercontent.com:aud": "sts.amazonaws.com.cn",
    });
    expect(Object.values(stack.resource.aws_iam_openid_connect_provider)).toMatchObject([
      { client_id_list: ["sts.amazonaws.com.cn"] },
    ]);
  });
});
