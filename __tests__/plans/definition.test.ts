import { fingerprintOf, shop } from "../support/shop";
import { describePlans } from "./describe-plans";
import { plan } from "./plan";

const types = (...binaryMediaTypes: string[]) => ({ routes: [{ path: "/" }], binaryMediaTypes });

/** The shop of one version whose API has this definition. */
const defined = (api: object) => shop({ api, versions: { v1: { fingerprint: fingerprintOf(api) } } });

describePlans("definition", () => {
  test.each([
    ["others", types("image/jpeg"), ["image/jpeg"]],
    ["none", types(), []],
  ])("binary media types become %s, also in what the provider knows of the API", async (_, after, known) => {
    const planned = await plan(defined(types("image/png")), defined(after));
    const api = planned.changes.find(({ type }) => type === "aws_api_gateway_rest_api");
    expect(api?.before["binary_media_types"]).toEqual(["image/png"]);
    expect(api?.after["binary_media_types"]).toEqual(known);
  });
});
