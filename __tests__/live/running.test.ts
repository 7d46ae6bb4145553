import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expectedMethods } from "../../live/definition-differences";
import { liveStatus } from "../../live/live-release";
import { methodsOfDocument } from "../../live/methods";
import { packageHandlers } from "../../packaging/handler-files";
import { readReleases } from "../../release/file";
import { filesOnDisk } from "../../release/project-files";
import { type ApiRelease, resolveRelease } from "../../release/release";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { projectFolder } from "../support/command";
import { type Files, shop, synthesizeFiles } from "../support/project";
import { fingerprintOf, plainFingerprint, shopWithDefinition, wider } from "../support/shop";
import { AnsweringEndpoint, type Answers, accountId } from "./answering-endpoint";
import {
  digestOf,
  exported,
  exportedMethod,
  lambdaUri,
  plainExport,
  type RunningShop,
  runningShop,
  runs,
} from "./running-shop";
import { contextOf } from "./shop-context";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

type Table = Readonly<Record<string, Answers>>;

const deployment = (id: string, description: string) => ({ id, description, createdDate: 1 });

/** The shop's API, with a stage and its deployments. */
function api(stage: object, deployments: readonly object[]): Table {
  return {
    "GET /restapis": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
    "GET /restapis/abc/deployments": { body: { item: deployments } },
    "GET /restapis/abc/stages/dev": { body: { stageName: "dev", ...stage } },
  };
}

/** How AWS differs, and what was not compared. */
async function found(one: RunningShop, ...tables: readonly Table[]) {
  aws.set(Object.assign({}, ...tables));
  const { differences, unknown, troubles } = await liveStatus(one.context, one.packageTree);
  expect(aws.changes).toEqual([]);
  return { differences, unknown, troubles };
}

const same = { differences: [], unknown: [], troubles: [] };
const denied = { status: 403, error: "AccessDeniedException", body: { message: "not yours" } };

const bothVersions = [deployment("d1", "v1"), deployment("d2", "v2")];
const onV1 = { deploymentId: "d1", variables: { shopFunction: "shop-dev-v1" } };
const stable = api(onV1, bothVersions);
const split = api(
  {
    ...onV1,
    canarySettings: {
      percentTraffic: 10,
      deploymentId: "d2",
      stageVariableOverrides: { shopFunction: "shop-dev-v2" },
    },
  },
  bothVersions,
);

describe("the code of a canary stage", () => {
  const plain = runningShop(shop({}));

  test("is the same where each function runs the package of its version, and no other version is asked for", async () => {
    expect(await found(plain, stable, plainExport, await plain.running())).toEqual(same);
    expect(aws.asked.filter((name) => /functions|code/.test(name))).toEqual([
      "GET /2015-03-31/functions/shop-dev-v1",
      "GET /code/shop-dev-v1",
    ]);
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ["a file that somebody changed", { "shop.js": "exports.handler = 1" }, "shop.js differs"],
    ["a file that is only there", { "extra.js": "" }, "extra.js is only in AWS"],
    ["a file that is missing there", { "shop.js": undefined }, "shop.js is missing in AWS"],
    [
      "many of them, of which three are named",
      { "a.js": "", "b.js": "", "c.js": "", "d.js": "", "e.js": "" },
      "a.js is only in AWS, b.js is only in AWS, c.js is only in AWS and 2 more",
    ],
  ])("differs by %s", async (_, changes, files) => {
    const changed = await plain.running({ "shop-dev-v1": changes });
    expect((await found(plain, stable, plainExport, changed)).differences).toEqual([
      `v1: shop-dev-v1 has other code in AWS than lambdas/shop/v1: ${files}`,
    ]);
  });

  test("differs for the canary's users too", async () => {
    const canary = runningShop(shop({ canary: { version: "v2", percent: 10 } }));
    const changed = await canary.running({ "shop-dev-v2": { "shop.js": "" } });
    expect((await found(canary, split, plainExport, changed)).differences).toEqual([
      "v2: shop-dev-v2 has other code in AWS than lambdas/shop/v2: shop.js differs",
    ]);
  });

  const call = "GET /2015-03-31/functions/shop-dev-v1";
  const missing = { status: 404, error: "ResourceNotFoundException" };

  test("differs where the function is gone, or is another kind", async () => {
    const gone = await found(plain, stable, plainExport, { [call]: missing });
    expect(gone.differences).toEqual(["v1: the function shop-dev-v1 is missing in AWS"]);
    const image = { body: { Configuration: {}, Code: { ImageUri: "registry/shop:latest" } } };
    expect((await found(plain, stable, plainExport, { [call]: image })).differences).toEqual([
      "v1: shop-dev-v1 runs registry/shop:latest in AWS, and must run the code of lambdas/shop/v1",
    ]);
  });

  test.each<[string, () => Promise<Table>, string]>([
    [
      "the credentials may not",
      async () => ({ [call]: denied }),
      "access denied for lambda:GetFunction: not yours",
    ],
    [
      "the download is refused",
      async () => ({ ...(await plain.running()), "GET /code/shop-dev-v1": { status: 403 } }),
      "the package cannot be downloaded: status 403",
    ],
    [
      "the connection breaks",
      async () => ({ ...(await plain.running()), "GET /code/shop-dev-v1": "cut" as const }),
      "the package cannot be downloaded: other side closed",
    ],
    [
      "somebody else answers the download",
      async () => ({ ...(await plain.running()), "GET /code/shop-dev-v1": { body: "<html>" } }),
      "the downloaded package has another digest than the function",
    ],
    [
      "the package is not a zip file",
      async () => runs("shop-dev-v1", Buffer.from("<html>")),
      "the downloaded package is not a zip file: invalid zip data",
    ],
  ])("is not compared where %s, and that is told", async (_, table, why) => {
    const { differences, troubles } = await found(plain, stable, plainExport, await table());
    expect(differences).toEqual([]);
    expect(troubles).toEqual([`the code of shop-dev-v1: ${why}`]);
  });

  test("is not compared where the tree cannot be packaged", async () => {
    const broken = runningShop(shop({}, { "lambdas/shop/v1/shop.ts": "export const handler =" }));
    expect((await found(broken, stable, plainExport)).troubles).toEqual([
      expect.stringMatching(
        /^the code: it cannot be packaged here: lambdas\/shop\/v1\/shop\.ts:1:23 must be /,
      ),
    ]);
  });
});

describe("the code of versions that Lambda keeps", () => {
  const weighted = runningShop(
    oneFunction("weighted-alias", "code", {
      versions: [1, 2],
      stable: 1,
      canary: { version: 2, percent: 10 },
    }),
  );
  const alias = {
    "GET /2015-03-31/functions/shop-dev/aliases": {
      body: {
        Aliases: [
          {
            Name: "live",
            FunctionVersion: "1",
            RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } },
          },
        ],
      },
    },
  };
  const stage = {
    ...api({ deploymentId: "d1", variables: { alias: "live" } }, [
      deployment("d1", `definition ${plainFingerprint}`),
    ]),
    ...exported({ "/": { get: exportedMethod(lambdaUri("alias", "shop-dev")) } }),
    ...alias,
  };
  const call = "GET /2015-03-31/functions/shop-dev/configuration?Qualifier=";
  const other = digestOf(Buffer.from("other"));
  const digests = (one: string, two: string): Table => ({
    [`${call}1`]: { body: { CodeSha256: one } },
    [`${call}2`]: { body: { CodeSha256: two } },
  });
  const digestIn = (table: Table) =>
    (table["GET /2015-03-31/functions/shop-dev"] as { body: { Configuration: { CodeSha256: string } } }).body
      .Configuration.CodeSha256;
  const older = (version: number) =>
    `version ${version}: it has other code than $LATEST of shop-dev, and its source is not in this tree`;

  test("is known of the version that has $LATEST's, and is said not to be known of the other", async () => {
    const running = await weighted.running();
    expect(await found(weighted, stage, running, digests(other, digestIn(running)))).toEqual({
      ...same,
      unknown: [older(1)],
    });
  });

  test("differs for the users of the version that has a changed $LATEST's", async () => {
    const running = await weighted.running({ "shop-dev": { "shop.js": "" } });
    expect((await found(weighted, stage, running, digests(other, digestIn(running)))).differences).toEqual([
      "version 2: shop-dev has other code in AWS than lambdas/shop: shop.js differs",
    ]);
  });

  test("differs though nobody is served by it: the next publication would bring it", async () => {
    const running = await weighted.running({ "shop-dev": { "shop.js": "" } });
    expect(await found(weighted, stage, running, digests(other, other))).toEqual({
      differences: [
        "$LATEST, which serves nobody: shop-dev has other code in AWS than lambdas/shop: shop.js differs",
      ],
      unknown: [older(1), older(2)],
      troubles: [],
    });
  });

  test("is missing where somebody deleted the version or the function", async () => {
    const gone = { status: 404, error: "ResourceNotFoundException" };
    const running = await weighted.running();
    const deleted = { ...digests(other, digestIn(running)), [`${call}1`]: gone };
    expect(await found(weighted, stage, running, deleted)).toEqual({
      ...same,
      differences: ["version 1 of shop-dev is missing in AWS: it was deleted"],
    });
    const none = { "GET /2015-03-31/functions/shop-dev": gone };
    expect((await found(weighted, stage, none)).differences).toEqual([
      "the function shop-dev is missing in AWS",
    ]);
  });

  test("of an image is told by its digest", async () => {
    const repository = `${accountId}.dkr.ecr.eu-central-1.amazonaws.com/shop-dev`;
    const image = `${repository}@sha256:${"a".repeat(64)}`;
    const release = { versions: [1], stable: 1, image };
    const containers = runningShop(oneFunction("weighted-alias", "code", release));
    const running = (ResolvedImageUri: string): Table => ({
      ...stage,
      "GET /2015-03-31/functions/shop-dev/aliases": {
        body: { Aliases: [{ Name: "live", FunctionVersion: "1" }] },
      },
      "GET /2015-03-31/functions/shop-dev": {
        body: {
          Configuration: { CodeSha256: "a" },
          Code: { ImageUri: `${repository}:latest`, ResolvedImageUri },
        },
      },
      [`${call}1`]: { body: { CodeSha256: "a" } },
    });
    expect(await found(containers, running(image))).toEqual(same);
    const pushed = `${repository}@sha256:${"b".repeat(64)}`;
    expect((await found(containers, running(pushed))).differences).toEqual([
      `version 1: shop-dev runs ${pushed} in AWS, and must run ${image}`,
    ]);
  });
});

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
    ],
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
    "/": { "x-amazon-apigateway-any-method": exportedMethod(uri) },
  };
  const foreign = uri.replace("${stageVariables.shopFunction}", "elsewhere");

  test("is the same in the form in which API Gateway exports it", async () => {
    expect(await found(rich, onRich, exported(paths, schemes), await rich.running())).toEqual(same);
  });

  test.each<[string, object, string[]]>([
    [
      "a route that is only there",
      { ...paths, "/debug": { get: exportedMethod(uri) } },
      ["v1: GET /debug is served in AWS, and is not in its definition"],
    ],
    [
      "a route that is missing there",
      { "/items/{id}": paths["/items/{id}"], "/orders": paths["/orders"] },
      ["v1: ANY / is not served in AWS, and is in its definition"],
    ],
    [
      "authorization that was taken away",
      { ...paths, "/items/{id}": { ...paths["/items/{id}"], get: exportedMethod(uri) } },
      ["v1: GET /items/{id} has authorization NONE in AWS, and must have AWS_IAM"],
    ],
    [
      "an API key that is asked for",
      {
        ...paths,
        "/": { "x-amazon-apigateway-any-method": exportedMethod(uri, { security: [{ api_key: [] }] }) },
      },
      ["v1: ANY / has authorization NONE and an API key in AWS, and must have NONE"],
    ],
    [
      "another function",
      { ...paths, "/": { "x-amazon-apigateway-any-method": exportedMethod(foreign) } },
      [`v1: ANY / has integration aws_proxy ${foreign} in AWS, and must have aws_proxy ${uri}`],
    ],
  ])("differs by %s", async (_, served, differences) => {
    const running = await rich.running();
    expect((await found(rich, onRich, exported(served, schemes), running)).differences).toEqual(differences);
  });

  test("differs by another user pool", async () => {
    const scheme = schemes["cognito-eu-central-1_abc"];
    const other = { ...scheme, "x-amazon-apigateway-authorizer": { providerARNs: [`${pool}d`] } };
    const served = exported(paths, { ...schemes, "cognito-eu-central-1_abc": other });
    expect((await found(rich, onRich, served, await rich.running())).differences).toEqual([
      `v1: POST /orders has user pools ${pool}d in AWS, and must have ${pool}`,
    ]);
  });

  test("is not compared where it may not be exported, and that is told", async () => {
    const call = "GET /restapis/abc/stages/dev/exports/oas30";
    const { differences, troubles } = await found(rich, onRich, { [call]: denied }, await rich.running());
    expect(differences).toEqual([]);
    expect(troubles).toEqual(["v1: the definition: access denied for apigateway:GET: not yours"]);
    const page = { [call]: { body: "<html>" } };
    expect((await found(rich, onRich, page, await rich.running())).troubles).toEqual([
      "v1: the definition: the answer to apigateway:GetExport is not JSON",
    ]);
  });

  test("is not known of a version whose definition the file has no more", async () => {
    const versions = { v1: { fingerprint: "0123456789abcdef" }, v2: { fingerprint: fingerprintOf(wider) } };
    const files = shopWithDefinition(wider, { versions });
    const one = runningShop(files);
    expect(await found(one, stable, await one.running())).toEqual({
      ...same,
      unknown: ["v1: its definition, 0123456789abcdef, is not that of the file now"],
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
    "v2: API Gateway exports no deployment of a canary: what answers its routes is not compared";

  test("is compared by the summary of its deployment, and what that leaves out is told", async () => {
    const same = summary({ "/": { GET: none }, "/offers": { GET: none } });
    expect(await found(canary, split, plainExport, same, await canary.running())).toEqual({
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
    expect((await found(canary, split, plainExport, old, await canary.running())).differences).toEqual([
      "v2: GET / has authorization AWS_IAM in AWS, and must have NONE",
      "v2: GET /offers is not served in AWS, and is in its definition",
      "v2: POST /debug is served in AWS, and is not in its definition",
    ]);
  });

  test("is not known without a summary", async () => {
    expect((await found(canary, split, plainExport, summary(), await canary.running())).unknown).toEqual([
      "v2: API Gateway gives no summary of its deployment d2",
    ]);
  });
});

test.each<[string, Files]>([
  ["a canary stage", shop({ api: wider, versions: { v1: { fingerprint: fingerprintOf(wider) } } })],
  ["a service of one function", oneFunction("weighted-alias", "a", { versions: [1] })],
])("what API Gateway must serve of %s is what its stack gives it", async (_, files) => {
  const outdir = await synthesizeFiles(files);
  const { resource } = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8"));
  const [{ body }] = Object.values(resource.aws_api_gateway_rest_api) as [{ body: string }];
  const resolved = body
    .replace(/\$\{data\.aws_partition\.[\w-]+\.partition\}/g, "aws")
    .replace(/\$\{data\.aws_region\.[\w-]+\.\w+\}/g, "eu-central-1")
    .replace(/\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}/g, accountId)
    .replace(/\$\{aws_lambda_function\.[\w-]+\.function_name\}/g, "shop-dev")
    .replaceAll("$${", "${");
  const release = resolveRelease(contextOf(files)) as ApiRelease;
  const account = { accountId, region: "eu-central-1" };
  expect(expectedMethods(release, release.definition, account)).toEqual(
    methodsOfDocument(JSON.parse(resolved)),
  );
});

test("a release that is packaged alone has the packages that it has among all", async () => {
  const { releases } = readReleases(filesOnDisk(projectFolder));
  const all = await packageHandlers(projectFolder, releases);
  for (const release of releases) {
    const { packages } = await packageHandlers(projectFolder, [release]);
    for (const [name, files] of packages) expect([name, files]).toEqual([name, all.packages.get(name)]);
  }
});
