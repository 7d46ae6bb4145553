import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { packageHandlers } from "../../src/synth/handler-files";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { projectFolder } from "../support/command";
import { shop } from "../support/project";
import { plainFingerprint } from "../support/shop";
import { AnsweringEndpoint, accountId, type Table } from "./answering-endpoint";
import {
  api,
  denied,
  deployment,
  digestOf,
  exported,
  exportedMethod,
  found,
  lambdaUri,
  plainExport,
  runningShop,
  runs,
  same,
  split,
  stable,
} from "./running-shop";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

describe("the code of a canary stage", () => {
  const plain = runningShop(shop({}));

  test("is the same where each function runs the package of its version, and no other version is asked for", async () => {
    expect(await found(aws, plain, stable, plainExport, await plain.running())).toEqual(same);
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
    expect((await found(aws, plain, stable, plainExport, changed)).differences).toEqual([
      `v1: shop-dev-v1 has other code in AWS than lambdas/shop/v1: ${files}`,
    ]);
  });

  test("differs for the canary's users too", async () => {
    const canary = runningShop(shop({ canary: { version: "v2", percent: 10 } }));
    const changed = await canary.running({ "shop-dev-v2": { "shop.js": "" } });
    expect((await found(aws, canary, split, plainExport, changed)).differences).toEqual([
      "v2: shop-dev-v2 has other code in AWS than lambdas/shop/v2: shop.js differs",
    ]);
  });

  test("differs also of a version that AWS alone gives users", async () => {
    const changed = await plain.running({ "shop-dev-v2": { "shop.js": "" } });
    expect((await found(aws, plain, split, plainExport, changed)).differences).toEqual([
      "the canary is none in the file, but v2 at 10 % in AWS",
      "v2: shop-dev-v2 has other code in AWS than lambdas/shop/v2: shop.js differs",
    ]);
  });

  const call = "GET /2015-03-31/functions/shop-dev-v1";
  const missing = { status: 404, error: "ResourceNotFoundException" };

  test("differs where the function is gone, or is another kind", async () => {
    const gone = await found(aws, plain, stable, plainExport, { [call]: missing });
    expect(gone.differences).toEqual(["v1: the function shop-dev-v1 is missing in AWS"]);
    const image = { body: { Configuration: {}, Code: { ImageUri: "registry/shop:latest" } } };
    expect((await found(aws, plain, stable, plainExport, { [call]: image })).differences).toEqual([
      "v1: shop-dev-v1 runs registry/shop:latest in AWS, but must run the code of lambdas/shop/v1",
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
  ])("is reported as not compared where %s", async (_, table, why) => {
    const { differences, troubles } = await found(aws, plain, stable, plainExport, await table());
    expect(differences).toEqual([]);
    expect(troubles).toEqual([`the code of shop-dev-v1: ${why}`]);
  });

  test("is not compared where the tree cannot be packaged", async () => {
    const broken = runningShop(shop({}, { "lambdas/shop/v1/shop.ts": "export const handler =" }));
    expect((await found(aws, broken, stable, plainExport)).troubles).toEqual([
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
    expect(await found(aws, weighted, stage, running, digests(other, digestIn(running)))).toEqual({
      ...same,
      unknown: [older(1)],
    });
  });

  test("differs for the users of the version that has a changed $LATEST's", async () => {
    const running = await weighted.running({ "shop-dev": { "shop.js": "" } });
    expect(
      (await found(aws, weighted, stage, running, digests(other, digestIn(running)))).differences,
    ).toEqual(["version 2: shop-dev has other code in AWS than lambdas/shop: shop.js differs"]);
  });

  test("differs though nobody is served by it: the next publication would bring it", async () => {
    const running = await weighted.running({ "shop-dev": { "shop.js": "" } });
    expect(await found(aws, weighted, stage, running, digests(other, other))).toEqual({
      differences: [
        "$LATEST, which serves no traffic: shop-dev has other code in AWS than lambdas/shop: shop.js differs",
      ],
      unknown: [older(1), older(2)],
      troubles: [],
    });
  });

  test("is missing where somebody deleted the version or the function", async () => {
    const gone = { status: 404, error: "ResourceNotFoundException" };
    const running = await weighted.running();
    const deleted = { ...digests(other, digestIn(running)), [`${call}1`]: gone };
    expect(await found(aws, weighted, stage, running, deleted)).toEqual({
      ...same,
      differences: ["version 1 of shop-dev is missing in AWS: it was deleted"],
    });
    const none = { "GET /2015-03-31/functions/shop-dev": gone };
    expect((await found(aws, weighted, stage, none)).differences).toEqual([
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
    expect(await found(aws, containers, running(image))).toEqual(same);
    const pushed = `${repository}@sha256:${"b".repeat(64)}`;
    expect((await found(aws, containers, running(pushed))).differences).toEqual([
      `version 1: shop-dev runs ${pushed} in AWS, but must run ${image}`,
    ]);
  });
});

test("a release that is packaged alone has the packages that it has among all", async () => {
  const { releases } = readReleases(filesOnDisk(projectFolder));
  const all = await packageHandlers(projectFolder, releases);
  for (const release of releases) {
    const { packages } = await packageHandlers(projectFolder, [release]);
    for (const [name, files] of packages) expect([name, files]).toEqual([name, all.packages.get(name)]);
  }
});
