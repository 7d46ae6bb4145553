import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expectedMethods } from "../../src/live/definition-differences";
import { methodsOfDocument } from "../../src/live/methods";
import type { ApiRelease } from "../../src/release/release";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { type Files, shop, synthesizeFiles } from "../support/project";
import { fingerprintOf, shopWithDefinition, wider } from "../support/shop";
import { AnsweringEndpoint, accountId, type Table } from "./answering-endpoint";
import {
  api,
  denied,
  deployment,
  exported,
  exportedMethod,
  found,
  lambdaUri,
  onV1,
  plainExport,
  runningShop,
  same,
  split,
  stable,
} from "./running-shop";
import { releaseOf } from "./shop-context";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

describe("the definition of a stage", () => {
  const uri = lambdaUri("shopFunction");
  const pool = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_abc";
  const definition = {
    routes: [
      { path: "/", method: "ANY" },
      { path: "/items/{id}", method: "GET", authorization: "AWS_IAM" },
      {
        path: "/orders",
        method: "POST",
        authorization: { cognitoUserPoolArns: [pool], scopes: ["shop/buy"] },
      },
      { path: "/account", method: "GET", authorization: { authorizer: "callers" } },
    ],
    authorizers: { callers: { type: "TOKEN" } },
    cors: { allowOrigin: "https://shop.example" },
    binaryMediaTypes: ["image/png"],
  };
  const rich = runningShop(
    shopWithDefinition(definition, { versions: { v1: { fingerprint: fingerprintOf(definition) } } }),
  );
  const onRich = api(onV1, [deployment("d1", "v1")]);
  const schemes = {
    sigv4: {
      type: "apiKey",
      name: "Authorization",
      in: "header",
      "x-amazon-apigateway-authtype": "awsSigv4",
    },
    "cognito-eu-central-1_abc": {
      type: "apiKey",
      name: "Authorization",
      in: "header",
      "x-amazon-apigateway-authtype": "cognito_user_pools",
      "x-amazon-apigateway-authorizer": { providerARNs: [pool], type: "cognito_user_pools" },
    },
    callers: {
      type: "apiKey",
      name: "Authorization",
      in: "header",
      "x-amazon-apigateway-authtype": "custom",
      "x-amazon-apigateway-authorizer": {
        authorizerUri: uri,
        authorizerResultTtlInSeconds: 300,
        type: "token",
      },
    },
    api_key: { type: "apiKey", name: "x-api-key", in: "header" },
  };
  const preflight = {
    responses: { "204": { description: "204 response", headers: {}, content: {} } },
    "x-amazon-apigateway-integration": { type: "mock", passthroughBehavior: "when_no_match" },
  };
  /** As API Gateway exports the definition. */
  const paths = {
    "/orders": {
      post: exportedMethod(uri, { security: [{ "cognito-eu-central-1_abc": ["shop/buy"] }] }),
      options: preflight,
    },
    "/items/{id}": {
      get: exportedMethod(uri, {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        security: [{ sigv4: [] }],
      }),
      options: preflight,
    },
    "/account": { get: exportedMethod(uri, { security: [{ callers: [] }] }), options: preflight },
    "/": { "x-amazon-apigateway-any-method": exportedMethod(uri) },
  };
  const foreign = uri.replace("${stageVariables.shopFunction}", "elsewhere");

  test("is the same in the form in which API Gateway exports it", async () => {
    expect(await found(aws, rich, onRich, exported(paths, schemes), await rich.running())).toEqual(same);
  });

  test.each<[string, object, string[]]>([
    [
      "a route that is only there",
      { ...paths, "/debug": { get: exportedMethod(uri) } },
      ["v1: GET /debug is served in AWS, but is not in its definition"],
    ],
    [
      "a route that is missing there",
      Object.fromEntries(Object.entries(paths).filter(([path]) => path !== "/")),
      ["v1: ANY / is not served in AWS, but is in its definition"],
    ],
    [
      "authorization that was taken away",
      { ...paths, "/items/{id}": { ...paths["/items/{id}"], get: exportedMethod(uri) } },
      ["v1: GET /items/{id} has authorization NONE in AWS, but must have AWS_IAM"],
    ],
    [
      "an API key that is asked for",
      {
        ...paths,
        "/": { "x-amazon-apigateway-any-method": exportedMethod(uri, { security: [{ api_key: [] }] }) },
      },
      ["v1: ANY / has authorization NONE and an API key in AWS, but must have NONE"],
    ],
    [
      "another function",
      { ...paths, "/": { "x-amazon-apigateway-any-method": exportedMethod(foreign) } },
      [`v1: ANY / has integration aws_proxy ${foreign} in AWS, but must have aws_proxy ${uri}`],
    ],
  ])("differs by %s", async (_, served, differences) => {
    const running = await rich.running();
    expect((await found(aws, rich, onRich, exported(served, schemes), running)).differences).toEqual(
      differences,
    );
  });

  test("differs by the function of an authorizer", async () => {
    const other = {
      ...schemes.callers,
      "x-amazon-apigateway-authorizer": { authorizerUri: foreign, type: "token" },
    };
    const served = exported(paths, { ...schemes, callers: other });
    expect((await found(aws, rich, onRich, served, await rich.running())).differences).toEqual([
      `v1: GET /account has authorizer ${foreign} in AWS, but must have ${uri}`,
    ]);
  });

  test("differs by another user pool", async () => {
    const scheme = schemes["cognito-eu-central-1_abc"];
    const other = { ...scheme, "x-amazon-apigateway-authorizer": { providerARNs: [`${pool}d`] } };
    const served = exported(paths, { ...schemes, "cognito-eu-central-1_abc": other });
    expect((await found(aws, rich, onRich, served, await rich.running())).differences).toEqual([
      `v1: POST /orders has user pools ${pool}d in AWS, but must have ${pool}`,
    ]);
  });

  test("is reported as not compared where it may not be exported", async () => {
    const call = "GET /restapis/abc/stages/dev/exports/oas30";
    const { differences, troubles } = await found(
      aws,
      rich,
      onRich,
      { [call]: denied },
      await rich.running(),
    );
    expect(differences).toEqual([]);
    expect(troubles).toEqual(["v1: the definition: access denied for apigateway:GET: not yours"]);
    const page = { [call]: { body: "<html>" } };
    expect((await found(aws, rich, onRich, page, await rich.running())).troubles).toEqual([
      "v1: the definition: the answer to apigateway:GetExport is not JSON",
    ]);
  });

  test("is not known of a version whose definition the file has no more", async () => {
    const versions = { v1: { fingerprint: "0123456789abcdef" }, v2: { fingerprint: fingerprintOf(wider) } };
    const files = shopWithDefinition(wider, { versions });
    const one = runningShop(files);
    expect(await found(aws, one, stable, await one.running())).toEqual({
      ...same,
      unknown: ["v1: its definition, 0123456789abcdef, is no longer that of the file"],
    });
  });
});

describe("the definition of a canary", () => {
  const canary = runningShop(shopWithDefinition(wider, { canary: { version: "v2", percent: 10 } }));
  const none = { authorizationType: "NONE", apiKeyRequired: false };
  const summary = (apiSummary?: object): Table => ({
    "GET /restapis/abc/deployments/d2": { body: { ...deployment("d2", "v2"), apiSummary } },
  });
  const unexported =
    "v2: API Gateway does not export a canary's deployment: the functions of its routes are not compared";

  test("is compared by the summary of its deployment, and what that leaves out is told", async () => {
    const same = summary({ "/": { GET: none }, "/offers": { GET: none } });
    expect(await found(aws, canary, split, plainExport, same, await canary.running())).toEqual({
      differences: [],
      unknown: [unexported],
      troubles: [],
    });
  });

  test("differs where the deployment has snapshotted another one", async () => {
    const old = summary({
      "/": { GET: { ...none, authorizationType: "AWS_IAM" } },
      "/debug": { POST: none },
    });
    expect((await found(aws, canary, split, plainExport, old, await canary.running())).differences).toEqual([
      "v2: GET / has authorization AWS_IAM in AWS, but must have NONE",
      "v2: GET /offers is not served in AWS, but is in its definition",
      "v2: POST /debug is served in AWS, but is not in its definition",
    ]);
  });

  test("is not known without a summary", async () => {
    expect((await found(aws, canary, split, plainExport, summary(), await canary.running())).unknown).toEqual(
      ["v2: API Gateway gives no summary of its deployment d2"],
    );
  });
});

test.each<[string, Files]>([
  ["a canary stage", shop({ api: wider, versions: { v1: { fingerprint: fingerprintOf(wider) } } })],
  ["a service of one function", oneFunction("weighted-alias", "a", { versions: [1] })],
])("what API Gateway must serve of %s is what its stack gives it", async (_, files) => {
  const outdir = await synthesizeFiles(files);
  const { resource } = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8"));
  const [{ body }] = Object.values(resource.aws_api_gateway_rest_api_put) as [{ body: string }];
  const resolved = body
    .replace(/\$\{data\.aws_partition\.[\w-]+\.partition\}/g, "aws")
    .replace(/\$\{data\.aws_region\.[\w-]+\.\w+\}/g, "eu-central-1")
    .replace(/\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}/g, accountId)
    .replace(/\$\{aws_lambda_function\.[\w-]+\.function_name\}/g, "shop-dev")
    .replaceAll("$${", "${");
  const release = releaseOf(files) as ApiRelease;
  const account = { accountId, region: "eu-central-1" };
  expect(expectedMethods(release, release.definition, account)).toEqual(
    methodsOfDocument(JSON.parse(resolved)),
  );
});
