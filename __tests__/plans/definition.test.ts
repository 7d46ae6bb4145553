import { fingerprintIn, shopOfDocument } from "../support/openapi-shop";
import { fingerprintOf, shop } from "../support/shop";
import { describePlans } from "./describe-plans";
import { reviewOf } from "./describe-reviews";
import { plan, touchedNames } from "./plan";

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

  test("another security policy is put with the definition, and no deployment is made of it", async () => {
    const secured = (api: object | undefined) => {
      const preview = { version: "v2", sources: ["203.0.113.0/24"] };
      return shop({ preview }, { "releases/dev/environment.json": { region: "eu-central-1", api } });
    };
    const strict = { securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "STRICT" };
    const deployed = [secured(undefined), secured(strict)];
    const planned = await plan(...deployed);
    expect(touchedNames(planned)).toEqual([
      "create/delete aws_api_gateway_rest_api_put.api_definition",
      "update aws_api_gateway_rest_api_policy.api_policy",
    ]);
    const put = planned.changes.find(({ type }) => type === "aws_api_gateway_rest_api_put");
    expect(JSON.parse(String(put?.after["body"]))).toMatchObject({
      "x-amazon-apigateway-security-policy": "SecurityPolicy_TLS13_1_3_2025_09",
      "x-amazon-apigateway-endpoint-access-mode": "STRICT",
    });
    const { findings, services } = await reviewOf(deployed);
    expect([findings, services[0]?.rows.map(({ step, planned }) => [step, planned.length])]).toEqual([
      [],
      [["api of the environment", 2]],
    ]);
  });

  test("a document that begins to stream and brings a policy is put so, and its policy attached", async () => {
    const document = (integration: object, policy: object) => ({
      openapi: "3.0.3",
      info: { title: "Shop", version: "1" },
      paths: {
        "/": {
          get: {
            responses: { "200": { description: "Fine" } },
            "x-amazon-apigateway-integration": integration,
          },
        },
      },
      ...policy,
    });
    const statement = {
      Effect: "Allow",
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: "execute-api:/*",
    };
    const policy = { "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: [statement] } };
    const release = (api: object) => {
      const fingerprint = fingerprintIn(api);
      return shopOfDocument(api, { versions: { v1: { fingerprint } } });
    };
    const planned = await plan(
      release(document({ type: "aws_proxy" }, {})),
      release(document({ responseTransferMode: "STREAM", timeoutInMillis: 60_000 }, policy)),
    );
    const change = (type: string) => planned.changes.find((one) => one.type === `aws_api_gateway_${type}`);
    const integration = JSON.parse(String(change("rest_api_put")?.after["body"])).paths["/"].get[
      "x-amazon-apigateway-integration"
    ];
    expect(integration).toMatchObject({
      uri: expect.stringMatching(
        /:lambda:path\/2021-11-15\/functions\/arn:[^/]+\/response-streaming-invocations$/,
      ),
      responseTransferMode: "STREAM",
      timeoutInMillis: 60_000,
    });
    const { Statement } = JSON.parse(String(change("rest_api_policy")?.after["policy"]));
    expect(Statement).toMatchObject([
      { Effect: "Allow", Resource: [expect.stringMatching(/^arn:.*\/execution_arn\/\*$/)] },
      { Effect: "Deny", Sid: expect.stringMatching(/^FromElsewhere/) },
    ]);
    expect(change("deployment")?.action).toBe("create/delete");
    expect(change("stage")?.action).toBe("update");
  });
});
