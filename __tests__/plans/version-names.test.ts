import { handler, shop } from "../support/project";
import { describePlans } from "./describe-plans";
import { reviewOf } from "./describe-reviews";
import { plan, touched, touchedNames } from "./plan";

const shopOf = (release: object) =>
  shop(
    { versions: ["1.2.3", "1.3.0"], stable: "1.2.3", ...release },
    { "lambdas/shop/1.2.3/shop.ts": handler("1.2.3"), "lambdas/shop/1.3.0/shop.ts": handler("1.3.0") },
  );
const first = shopOf({ versions: ["1.2.3"] });
const published = shopOf({});
const ten = shopOf({ canary: { version: "1.3.0", percent: 10 } });
const promoted = shopOf({ stable: "1.3.0", former: "1.2.3" });

describePlans("versions whose names have dots", () => {
  test("publishing adds what the version brings, and a review names the version", async () => {
    const planned = await plan(first, published);
    expect(touched(planned).every((one) => one.startsWith("create "))).toBe(true);
    expect(planned.changes.find(({ type }) => type === "aws_lambda_function")?.after).toMatchObject({
      function_name: "shop-dev-1-3-0",
    });
    const { findings } = await reviewOf([first, published]);
    expect(findings).toEqual([]);
  });

  test.each([
    ["starting", [first, published, ten]],
    ["promoting", [first, published, ten, promoted]],
    ["rolling back", [first, published, ten, promoted, published]],
  ])("%s changes the stage in place and nothing else, as the review expects", async (_, deployed) => {
    expect(touchedNames(await plan(...deployed))).toEqual(["update aws_api_gateway_stage.canary-stage"]);
    expect((await reviewOf(deployed)).findings).toEqual([]);
  });
});
