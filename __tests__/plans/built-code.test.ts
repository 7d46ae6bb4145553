import { createHash } from "node:crypto";
import { zipOf } from "../support/elsewhere";
import { type Files, shop } from "../support/project";
import { describePlans } from "./describe-plans";
import { reviewOf } from "./describe-reviews";
import { plan, touched } from "./plan";

/** Code that is built elsewhere is published and changed as code of handler files is. */

const code = "exports.handler = async () => ({ statusCode: 200 });";
const zip = (version: string) => zipOf({ "shop.js": `${code} // ${version}` }, 0o644);
const node = { runtime: "nodejs22.x", layers: [{ path: "layer" }] };

describePlans("a zip file with a layer of the project", () => {
  const versions = (names: readonly string[]) =>
    shop(
      { versions: names, settings: { ...node, code: { path: "shop.zip" } } },
      Object.fromEntries(
        names.flatMap((name): [string, string | Uint8Array][] => [
          [`lambdas/shop/${name}/shop.zip`, zip(name)],
          [`lambdas/shop/${name}/layer/nodejs/data.json`, "{}"],
        ]),
      ),
    );
  const [first, published] = [versions(["v1"]), versions(["v1", "v2"])];

  test("publishing brings both, and Terraform knows the zip file's digest", async () => {
    const planned = await plan(first, published);
    expect(touched(planned)).toContain("create aws_lambda_layer_version");
    expect(touched(planned).every((one) => one.startsWith("create "))).toBe(true);
    expect(planned.changes.find(({ type }) => type === "aws_lambda_function")?.after).toMatchObject({
      filename: "packages/shop-dev-v2.zip",
      source_code_hash: createHash("sha256").update(zip("v2")).digest("base64"),
    });
    expect((await reviewOf([first, published])).findings).toEqual([]);
  });
});

describePlans("where Lambda keeps the versions", () => {
  const service = (settings: object, files: Files) =>
    shop({ strategy: "weighted-alias", versions: [1], stable: 1, settings }, files);
  const layered = (content: string) =>
    service(
      { ...node, code: { path: "build" } },
      { "lambdas/shop/build/shop.js": code, "lambdas/shop/layer/data.txt": content },
    );
  const stored = (versionId: string) =>
    service({ runtime: "nodejs22.x", code: { s3: { bucket: "acme-code", key: "shop.zip", versionId } } }, {});

  test.each<[string, Files, Files, string[]]>([
    [
      "a layer that changes",
      layered("1"),
      layered("2"),
      ["create/delete aws_lambda_layer_version", "update aws_lambda_function"],
    ],
    ["another version of an object in S3", stored("one"), stored("two"), ["update aws_lambda_function"]],
  ])(
    "%s publishes the next version and moves nothing, as the review expects",
    async (_, before, after, changes) => {
      expect(touched(await plan(before, after))).toEqual(changes);
      expect((await reviewOf([before, after])).findings).toEqual([]);
    },
  );
});
