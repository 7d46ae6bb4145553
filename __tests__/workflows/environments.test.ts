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
