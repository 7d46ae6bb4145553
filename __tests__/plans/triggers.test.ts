import { type Files, handler } from "../support/project";
import { oneOfEach, ownedBucket, shopWithTriggers, source } from "../support/triggers";
import { describePlans } from "./describe-plans";
import { reviewOf } from "./describe-reviews";
import { onlyChange, plan, planAfterShift, touchedNames } from "./plan";

const canary = (percent: number) => ({ canary: { version: 2, percent } });
const next: Files = { "lambdas/shop/shop.ts": handler("2") };
const { nightly: _, ...fewer } = oneOfEach;

describePlans("triggers", () => {
  describe("of an alias that Terraform moves", () => {
    const first = shopWithTriggers({ versions: [1] });
    const published = shopWithTriggers({ versions: [1] }, next);
    const ten = shopWithTriggers(canary(10), next);
    const twentyFive = shopWithTriggers(canary(25), next);
    const promoted = shopWithTriggers({ stable: 2 }, next);
    const reserved = shopWithTriggers({ stable: 2, settings: { reservedConcurrency: 5 } }, next);

    test("stay as they are when a version is published", async () => {
      expect(touchedNames(await plan(first, published))).toEqual(["update aws_lambda_function.function"]);
    });

    test.each([
      ["starting", [first, published, ten]],
      ["shifting", [first, published, ten, twentyFive]],
      ["promoting", [first, published, ten, twentyFive, promoted]],
      ["rolling back", [first, published, ten, twentyFive, published]],
    ])("stay as they are: %s changes the alias in place and nothing else", async (_, deployed) => {
      const { action, address } = onlyChange(await plan(...deployed));
      expect(`${action} ${address}`).toMatch(/^update aws_lambda_alias\.live/);
    });

    test("the same synth twice changes nothing", async () => {
      expect(touchedNames(await plan(first, published, ten, ten))).toEqual([]);
    });

    test("come with what they need, and move nobody", async () => {
      const bare = shopWithTriggers({ versions: [1], triggers: {} });
      const added = touchedNames(await plan(bare, first));
      expect(added).toEqual([
        "create aws_cloudwatch_event_rule.triggers_audit_rule",
        "create aws_cloudwatch_event_rule.triggers_nightly_rule",
        "create aws_cloudwatch_event_target.triggers_audit_target",
        "create aws_cloudwatch_event_target.triggers_nightly_target",
        "create aws_lambda_event_source_mapping.triggers_changes_mapping",
        "create aws_lambda_event_source_mapping.triggers_orders_mapping",
        "create aws_lambda_permission.triggers_audit_permission",
        "create aws_lambda_permission.triggers_news_permission",
        "create aws_lambda_permission.triggers_nightly_permission",
        "create aws_lambda_permission.triggers_uploads_permission",
        "create aws_sns_topic_subscription.triggers_news_subscription",
        "update aws_iam_role_policy.function_role_policy",
      ]);
    });

    test("a bucket's notifications are one resource, which a step does not touch and a new name changes in place", async () => {
      const bare = shopWithTriggers({ versions: [1], triggers: {} });
      const owning = (name: string, more: object = {}) => ({
        triggers: { [name]: ownedBucket({ prefix: "a/" }), removed: ownedBucket({ prefix: "b/" }) },
        ...more,
      });
      const set = shopWithTriggers(owning("made", { versions: [1] }));
      const setAndPublished = shopWithTriggers(owning("made", { versions: [1] }), next);
      const setAtTen = shopWithTriggers(owning("made", canary(10)), next);
      expect(touchedNames(await plan(bare, set))).toEqual([
        "create aws_lambda_permission.triggers_made_permission",
        "create aws_lambda_permission.triggers_removed_permission",
        "create aws_s3_bucket_notification.triggers_notifications_shop-in",
      ]);
      expect(onlyChange(await plan(set, setAndPublished, setAtTen)).address).toMatch(
        /^aws_lambda_alias\.live/,
      );
      const renamed = shopWithTriggers(owning("created", { versions: [1] }));
      expect(touchedNames(await plan(set, renamed))).toContain(
        "update aws_s3_bucket_notification.triggers_notifications_shop-in",
      );
    });

    test("go alone", async () => {
      expect(touchedNames(await plan(first, shopWithTriggers({ versions: [1], triggers: fewer })))).toEqual([
        "delete aws_cloudwatch_event_rule.triggers_nightly_rule",
        "delete aws_cloudwatch_event_target.triggers_nightly_target",
        "delete aws_lambda_permission.triggers_nightly_permission",
      ]);
    });

    test("another topic has its permission before the former one's goes", async () => {
      const topic = (name: string) => ({
        versions: [1],
        triggers: { one: { topic: { arn: source("sns", name) } } },
      });
      const changes = touchedNames(
        await plan(shopWithTriggers(topic("one")), shopWithTriggers(topic("two"))),
      );
      expect(changes).toEqual([
        "create/delete aws_lambda_permission.triggers_one_permission",
        "delete/create aws_sns_topic_subscription.triggers_one_subscription",
      ]);
    });

    test("reserved executions change the function in place, and publish no version", async () => {
      const { action, address, before, after } = onlyChange(
        await plan(first, published, ten, promoted, reserved),
      );
      expect(`${action} ${address}`).toMatch(/^update aws_lambda_function\.function/);
      expect(after).toEqual({ ...before, reserved_concurrent_executions: 5 });
    });
  });

  describe("of a service without an API", () => {
    const of = (release: object, files?: Files) => shopWithTriggers({ api: false, ...release }, files);
    const first = of({ versions: [1] });
    const published = of({ versions: [1] }, next);
    const ten = of(canary(10), next);
    const promoted = of({ stable: 2 }, next);

    test("nothing of API Gateway is made, and publishing moves nobody", async () => {
      expect(touchedNames(await plan(first)).filter((one) => one.includes("api_gateway"))).toEqual([]);
      expect(touchedNames(await plan(first, published))).toEqual(["update aws_lambda_function.function"]);
    });

    test.each([
      ["starting", [first, published, ten]],
      ["promoting", [first, published, ten, promoted]],
      ["rolling back", [first, published, ten, published]],
    ])("%s changes the alias in place and nothing else", async (_, deployed) => {
      const { action, address } = onlyChange(await plan(...deployed));
      expect(`${action} ${address}`).toMatch(/^update aws_lambda_alias\.live/);
    });

    test("pruning the former version changes nothing", async () => {
      const pruned = of({ versions: [2], stable: 2 }, next);
      expect(touchedNames(await plan(first, published, ten, promoted, pruned))).toEqual([]);
    });

    test("a review knows its plan by its function, and finds nothing", async () => {
      const { findings, services } = await reviewOf([first, published, ten]);
      expect([findings, services.map(({ stack }) => stack)]).toEqual([[], ["shop-dev"]]);
      expect(services[0]?.headline).toMatch(/^version 1 \(100 -> 90 %\), version 2 \(0 -> 10 %\); 1 change/);
    });
  });

  describe("of an alias that CodeDeploy moves", () => {
    const of = (release: object, files?: Files) =>
      shopWithTriggers({ strategy: "codedeploy-alias", ...release }, files);
    const first = of({ versions: [1] });
    const published = of({ versions: [1] }, next);
    const named = of({ canary: { version: 2 } }, next);

    test("stay as they are when a version is published and named", async () => {
      expect(touchedNames(await plan(first, published))).not.toEqual(
        expect.arrayContaining([expect.stringContaining("triggers_")]),
      );
      expect(touchedNames(await plan(first, published, named))).toEqual([]);
    });

    test("are not touched while CodeDeploy shifts", async () => {
      const shift = { version: "1", weights: { "2": 0.1 } };
      expect(touchedNames(await planAfterShift(shift, first, published, named, named))).toEqual([]);
    });
  });
});
