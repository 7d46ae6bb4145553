import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { environment } from "../support/bootstrap";
import { type Files, handler, shop, synthesizeFiles } from "../support/project";
import { describePlans, terraform } from "./describe-plans";
import { reviewOf } from "./describe-reviews";
import { counts, plan, touched, touchedNames } from "./plan";

/** The shop in an environment with these fields. */
const shopIn = (fields: object) => shop({}, { "releases/dev/environment.json": fields });

/** The plan of the bootstrap stack of an environment with these fields, from nothing. */
async function bootstrap(fields: object) {
  return terraform().plan(join(await synthesizeFiles(shopIn(fields)), "stacks/bootstrap-dev"));
}

describePlans("bootstrap", () => {
  test.each([
    ["aws", "eu-central-1"],
    ["aws-cn", "cn-north-1"],
    ["aws-us-gov", "us-gov-west-1"],
    ["aws-eusc", "eusc-de-east-1"],
  ])("in %s makes everything, and names nothing of another partition", async (partition, region) => {
    const planned = await bootstrap(environment({}, { region }));
    expect(counts(planned)).toEqual([15, 0, 0]);
    const partitions = JSON.stringify(planned.changes).match(/arn:[\w-]*(?=:)/g);
    expect(new Set(partitions)).toEqual(new Set([`arn:${partition}`]));
  });

  test("makes neither bucket nor provider where the account has them", async () => {
    const planned = await bootstrap(environment({ accountHas: ["oidc-provider", "state-bucket"] }));
    expect(counts(planned)).toEqual([7, 0, 0]);
  });

  test("what functions may have besides is a change of the boundary and of the deploy role's own policy", async () => {
    const functions = {
      permissions: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::shop/*"] }],
      managedPolicies: ["arn:aws:iam::aws:policy/One"],
      roleArns: ["arn:aws:iam::123456789012:role/shop"],
    };
    const folders = await Promise.all(
      [environment(), environment({ functions })].map(async (fields) =>
        join(await synthesizeFiles(shopIn(fields)), "stacks/bootstrap-dev"),
      ),
    );
    const [before = "", after = ""] = folders;
    expect(touchedNames(await terraform().plan(after, [before]))).toEqual([
      "update aws_iam_policy.function-boundary",
      "update aws_iam_role_policy.deploy_policy",
    ]);
  }, 600_000);

  describe("moves the roles of a service that is there to the path of the environment", () => {
    const moving = (release: object, files: Files) =>
      [environment({}, { github: undefined }), environment()].map((fields) =>
        shop(release, { ...files, "releases/dev/environment.json": fields }),
      ) as [Files, Files];
    const boundary = "arn:aws:iam::123456789012:policy/bootstrap/bootstrap-dev-functions";
    const code = { "lambdas/shop/shop.ts": handler("shop"), "lambdas/hooks/before.ts": handler("before") };
    const movesOfFunction = [
      "create aws_iam_role",
      "create aws_iam_role_policy",
      "forget aws_iam_role",
      "forget aws_iam_role_policy",
      "update aws_lambda_function",
    ];
    const movesOfRollout = [...movesOfFunction.slice(0, 4), "update aws_codedeploy_deployment_group"];
    const alarms = { alarms: { errors: { threshold: 1, on: ["version", "alias"] } } };

    test.each<[string, object, Files, string[]]>([
      ["canary-stage", {}, {}, [...movesOfFunction, ...movesOfFunction]],
      [
        "weighted-alias",
        { strategy: "weighted-alias", versions: [1], stable: 1, ...alarms },
        code,
        [...movesOfFunction, "update aws_cloudwatch_metric_alarm"],
      ],
      [
        "codedeploy-alias",
        { strategy: "codedeploy-alias", versions: [1], stable: 1, hooks: { beforeTraffic: "before" } },
        code,
        [...movesOfFunction, ...movesOfFunction, ...movesOfRollout, "update aws_cloudwatch_metric_alarm"],
      ],
    ])(
      "%s: each function in place, with its new role alone, and the former role stays",
      async (_, release, files, expected) => {
        const [there, moved] = moving(release, files);
        const planned = await plan(there, moved);
        expect(touched(planned)).toEqual(expected.sort());
        for (const { type, action, before, after, unknown } of planned.changes) {
          if (type === "aws_iam_role" && action === "create")
            expect(after).toMatchObject({ path: "/lambda-release/dev/", permissions_boundary: boundary });
          if (type !== "aws_lambda_function") continue;
          const known = Object.keys({ ...before, ...after }).filter((name) => !unknown.includes(name));
          expect(known.filter((name) => !isDeepStrictEqual(before[name], after[name]))).toEqual([]);
          expect(unknown).toContain("role");
        }
        expect((await reviewOf([there, moved])).findings).toEqual([]);
      },
      600_000,
    );

    test("and then nothing is left to do", async () => {
      const [there, moved] = moving({}, {});
      expect((await plan(there, moved, moved)).changes).toEqual([]);
    }, 600_000);
  });
});
