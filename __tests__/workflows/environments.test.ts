import { environmentsOf, matrixOf } from "../../src/workflows/environments";
import { createProject, shop } from "../support/project";

test("a workflow is told that only an environment with its state in S3 can be planned on a runner", () => {
  const state = { s3: { bucket: "states" } };
  const project = createProject(
    shop(
      {},
      {
        "releases/eu-prod/environment.json": { region: "eu-west-1", state },
        "releases/eu-prod/shop.json": { strategy: "canary-stage", versions: ["v1"], stable: "v1" },
      },
    ),
  );
  expect(matrixOf(environmentsOf(project))).toEqual([
    {
      name: "dev",
      region: "eu-central-1",
      audience: "sts.amazonaws.com",
      planned: false,
      reviewRole: "REVIEW_ROLE_ARN_DEV",
    },
    {
      name: "eu-prod",
      region: "eu-west-1",
      audience: "sts.amazonaws.com",
      planned: true,
      reviewRole: "REVIEW_ROLE_ARN_EU_PROD",
    },
  ]);
});

test.each([
  ["one that it makes", {}, ["domain-dev", "shop-dev"]],
  ["not one that is there already", { existing: true }, ["shop-dev"]],
])("a workflow deploys the domain of an environment: %s", (_, existing, stacks) => {
  const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1a";
  const domain = { name: "api.example.com", ...("existing" in existing ? existing : { certificateArn }) };
  const project = createProject(
    shop({}, { "releases/dev/environment.json": { region: "eu-central-1", domain } }),
  );
  const [dev] = environmentsOf(project);
  expect(dev?.stacks.map(({ name }) => name)).toEqual(stacks);
});

test("what needs more than a deploy may do is not deployed by a workflow", () => {
  const environment = { region: "eu-central-1", apiGatewayAccount: true, imageRepositories: ["shop"] };
  const project = createProject(shop({}, { "releases/dev/environment.json": environment }));
  const [dev] = environmentsOf(project);
  expect(dev?.stacks.map(({ name, isDeployed }) => [name, isDeployed])).toEqual([
    [expect.stringMatching(/^api-gateway-account-/), false],
    [expect.stringMatching(/^image-repositories-/), true],
    ["shop-dev", true],
  ]);
});
