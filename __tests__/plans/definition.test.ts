import { fingerprintOf, shop } from "../support/shop";
import { describePlans } from "./describe-plans";
import { plan } from "./plan";

const types = (...binaryMediaTypes: string[]) => ({ routes: [{ path: "/" }], binaryMediaTypes });

/** The shop of one version whose API has this definition. */
const defined = (api: object) => shop({ api, versions: { v1: { fingerprint: fingerprintOf(api) } } });

describePlans("definition", () => {
  test.each([
    ["others", types("image/jpeg"), ["image/jpeg"]],
    ["none", types(), undefined],
  ])(
    "binary media types become %s with the definition that is put, and by nothing else",
    async (_, after, put) => {
      const planned = await plan(defined(types("image/png")), defined(after));
      const [change] = planned.changes.filter(({ type }) => type.startsWith("aws_api_gateway_rest_api"));
      const typesIn = (body: unknown) => JSON.parse(String(body))["x-amazon-apigateway-binary-media-types"];
      expect(change?.type).toBe("aws_api_gateway_rest_api_put");
      expect(typesIn(change?.before["body"])).toEqual(["image/png"]);
      expect(typesIn(change?.after["body"])).toEqual(put);
    },
  );
});
