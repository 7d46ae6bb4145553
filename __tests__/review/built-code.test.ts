import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { review } from "../../src/review/review";
import { zipOf } from "../support/elsewhere";
import { type Files, shop } from "../support/project";
import { Repository } from "../support/repository";

/** A review tells what changes of code that is built elsewhere, as it does of handlers. */

const code = { runtime: "nodejs22.x", code: { path: "build" }, layers: [{ path: "layer" }] };
const base = (settings: object): Files => ({
  ".gitignore": "built\n",
  ...shop(
    { versions: ["v1", "v2"], settings },
    Object.fromEntries(
      ["v1", "v2"].flatMap((version) => [
        [`lambdas/shop/${version}/build/shop.js`, "exports.handler = async () => {}"],
        [`lambdas/shop/${version}/layer/data.txt`, "1"],
      ]),
    ),
  ),
});

async function changesOf(
  settings: object,
  change: (put: (path: string, content: string | Uint8Array) => void) => void,
) {
  const repository = new Repository(base(settings));
  const put = (path: string, content: string | Uint8Array) => {
    const file = join(repository.project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  for (const version of ["v1", "v2"]) {
    put(`lambdas/shop/${version}/shop.zip`, zipOf({ "shop.js": "1" }, 0o644));
    put(`lambdas/shop/${version}/built/shop.js`, "1");
  }
  repository.commitAll();
  change(put);
  const { services, findings } = await review({ project: repository.project, base: "main" });
  return {
    rows: services.flatMap(({ rows }) => rows.map(({ step, shownBy }) => `${step}: ${shownBy}`)),
    findings: findings.map(({ message }) => message),
  };
}

test.each<[string, object, string, string | Uint8Array, string[]]>([
  [
    "a file of the folder",
    code,
    "lambdas/shop/v2/build/shop.js",
    "2",
    ["code of v2: lambdas/shop/v2/build/shop.js"],
  ],
  [
    "a file of a layer",
    code,
    "lambdas/shop/v2/layer/data.txt",
    "2",
    ["code of v2: lambdas/shop/v2/layer/data.txt"],
  ],
  ["a file beside it", code, "lambdas/shop/v2/README.md", "2", []],
  [
    "a zip file, be it only the modes in it",
    { ...code, code: { path: "shop.zip" } },
    "lambdas/shop/v2/shop.zip",
    zipOf({ "shop.js": "1" }, 0o755),
    ["code of v2: lambdas/shop/v2/shop.zip"],
  ],
  // Nobody knows what is live of it.
  ["what git ignores", { ...code, code: { path: "built" } }, "lambdas/shop/v2/built/shop.js", "2", []],
])("%s", async (_, settings, path, content, rows) => {
  expect((await changesOf(settings, (put) => put(path, content))).rows).toEqual(rows);
});

test("another version of an object in S3 changes a version that serves users, and is refused", async () => {
  const stored = (versionId: string) => ({
    runtime: "nodejs22.x",
    code: { s3: { bucket: "acme-code", key: "shop.zip", versionId } },
  });
  const file = { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1" };
  const { rows, findings } = await changesOf(stored("one"), (put) =>
    put("releases/dev/shop.json", JSON.stringify({ ...file, settings: stored("two") })),
  );
  expect(rows).toEqual(["settings of v1: code", "settings of v2: code"]);
  expect(findings).toEqual([
    expect.stringContaining("v1 serves 100 %, and this changes its settings (`code`)"),
  ]);
});
