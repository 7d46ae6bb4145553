import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { type Files, handler, shop } from "../support/project";
import { describePlans } from "./describe-plans";
import { reviewOf } from "./describe-reviews";
import { counts, onlyChange, plan, touchedNames } from "./plan";

const bucket = (name: string) => ({ actions: ["s3:GetObject"], resources: [`arn:aws:s3:::${name}/*`] });
const managedPolicies = ["arn:aws:iam::aws:policy/One", "arn:aws:iam::aws:policy/Two"];
const roleArn = "arn:aws:iam::123456789012:role/shop";
const secrets = { STRIPE: "shop/stripe" };

/** v1 serves everybody, and v2 nobody. */
const ofVersions = (settings: object): Files => shop({ versions: { v1: {}, v2: { settings } } });
/** One function, of which Lambda keeps the versions. */
const ofLambda = (settings: object): Files =>
  shop(
    { strategy: "weighted-alias", versions: [1], stable: 1, settings },
    { "lambdas/shop/shop.ts": handler("1") },
  );

const role = "function_role";

describePlans("permissions", () => {
  test("the page's example is planned, in each partition with ARNs of its own", async () => {
    const example = readFileSync(join(projectFolder, "docs/orders.json"), "utf8");
    for (const [partition, region] of [
      ["aws", "eu-central-1"],
      ["aws-cn", "cn-north-1"],
    ] as const) {
      const there = (text: string) =>
        text.replaceAll("arn:aws:", `arn:${partition}:`).replaceAll("eu-central-1", region);
      const planned = await plan({
        "releases/dev/environment.json": { region },
        "releases/dev/orders.json": there(example),
        "lambdas/orders/v1/orders.ts": handler("v1"),
      });
      expect(counts(planned)).toEqual([21, 0, 0]);
      expect(new Set(JSON.stringify(planned.changes).match(/arn:[\w-]*(?=:)/g))).toEqual(
        new Set([`arn:${partition}`]),
      );
      const policy = planned.changes.find(({ type }) => type === "aws_iam_role_policy");
      // The log group is not there yet, and so the policy is known when it is.
      expect(policy?.unknown).toContain("policy");
    }
  }, 600_000);

  describe("where each version has functions of its own", () => {
    test("a version brings its own, and its policies attached to its role alone", async () => {
      const deployed = [
        shop({ versions: ["v1"] }),
        ofVersions({ permissions: [bucket("one")], managedPolicies, secrets }),
      ];
      expect(counts(await plan(...deployed))).toEqual([8, 0, 0]);
      expect((await reviewOf(deployed)).findings).toEqual([]);
    }, 600_000);

    test("more for a version that serves nobody is one change", async () => {
      const deployed = [ofVersions({}), ofVersions({ permissions: [bucket("one")] })];
      expect(touchedNames(await plan(...deployed))).toEqual([
        "update aws_iam_role_policy.version_v2_shop-function_role_policy",
      ]);
      expect((await reviewOf(deployed)).findings).toEqual([]);
    }, 600_000);

    test("a role of others takes the place of its own", async () => {
      const deployed = [ofVersions({ managedPolicies }), ofVersions({ roleArn })];
      const own = "version_v2_shop-function_role";
      expect(touchedNames(await plan(...deployed)).map((one) => one.replace(/-[0-9a-f]{16}$/, ""))).toEqual([
        `delete aws_iam_role.${own}`,
        `delete aws_iam_role_policy.${own}_policy`,
        `delete aws_iam_role_policy_attachment.${own}_managed-policy`,
        `delete aws_iam_role_policy_attachment.${own}_managed-policy`,
        "update aws_lambda_function.version_v2_shop-function",
      ]);
      expect((await reviewOf(deployed)).findings).toEqual([]);
      const back = [...deployed, ofVersions({ managedPolicies })];
      expect((await reviewOf(back)).findings).toEqual([]);
    }, 600_000);
  });

  describe("where Lambda keeps the versions", () => {
    test.each([
      ["more", [bucket("one")], [bucket("one"), bucket("two")], ""],
      [
        "less",
        [bucket("one"), bucket("two")],
        [bucket("two")],
        "; it takes s3:GetObject on arn:aws:s3:::one/* from them",
      ],
    ])(
      "%s is a change of the one role, publishes nothing, and the review says that it is at once",
      async (_, before, after, loss) => {
        const deployed = [ofLambda({ permissions: before }), ofLambda({ permissions: after })];
        expect(onlyChange(await plan(...deployed)).address).toMatch(
          /^aws_iam_role_policy\.function_role_policy/,
        );
        const { findings, notes } = await reviewOf(deployed);
        expect(findings).toEqual([]);
        expect(notes.map(({ message }) => message)).toEqual([
          `reaches version 1 (100 %) at once, because all versions have one role${loss}`,
        ]);
      },
      600_000,
    );

    test("managed policies come and go by themselves", async () => {
      const [one, two] = [
        ofLambda({ managedPolicies: managedPolicies.slice(0, 1) }),
        ofLambda({ managedPolicies }),
      ];
      expect(counts(await plan(one, two))).toEqual([1, 0, 0]);
      expect(counts(await plan(two, one))).toEqual([0, 0, 1]);
      expect((await reviewOf([one, two])).findings).toEqual([]);
      expect((await reviewOf([two, one])).findings).toEqual([]);
    }, 600_000);

    test("a role of others is the next version's, and the former role stays for those that run with it", async () => {
      const deployed = [ofLambda({ permissions: [bucket("one")] }), ofLambda({ roleArn })];
      expect(touchedNames(await plan(...deployed))).toEqual([
        `forget aws_iam_role.${role}`,
        `forget aws_iam_role_policy.${role}_policy`,
        "update aws_lambda_function.function",
      ]);
      const { findings, notes } = await reviewOf(deployed);
      expect(findings).toEqual([]);
      expect(notes.map(({ message }) => message)).toEqual([
        expect.stringContaining("versions with different roles"),
      ]);
    }, 600_000);
  });
});
