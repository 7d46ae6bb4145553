import { execFileSync } from "node:child_process";
import { stringify } from "yaml";
import { get, minimal, path } from "../../support/openapi";
import { fingerprintIn } from "../../support/openapi-shop";
import { handler, shop } from "../../support/project";
import { release } from "../../support/release-command";
import { Repository } from "../../support/repository";
import { fingerprintOf, plainFingerprint } from "../../support/shop";

jest.setTimeout(60_000);

const diff = async ({ project }: Repository, ...args: string[]) => {
  const { exitCode, stdout, stderr } = await release(project, ["diff", "dev/shop", ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout;
};

const lock = (packages: Record<string, string>) => ({
  lockfileVersion: 3,
  packages: Object.fromEntries([
    ["", {}],
    ...Object.entries(packages).map(([name, version]) => [`node_modules/${name}`, { version }]),
  ]),
});

describe("diff", () => {
  test("tells files, settings and packages that differ between the folders of two versions", async () => {
    const files = shop(
      { versions: { v1: {}, v2: { settings: { memoryMb: 256, environment: { TABLE: "orders" } } } } },
      {
        "lambdas/shop/v1/old.ts": "export {};\n",
        "lambdas/shop/v1/same.txt": "same",
        "lambdas/shop/v2/same.txt": "same",
        "lambdas/shop/v2/new.ts": "export {};\nexport const a = 1;\n",
        "lambdas/shop/v2/logo.bin": "\u0000\u0001",
        "lambdas/shop/v1/package-lock.json": lock({ "left-pad": "1.2.0", gone: "1.0.0" }),
        "lambdas/shop/v2/package-lock.json": lock({ "left-pad": "1.3.0", "@new/one": "2.0.0" }),
        "lambdas/shop/v1/requirements.txt": "Requests==2.31.0 \\\n    --hash=sha256:00\nboto3[crt]==1.0\n",
        "lambdas/shop/v2/requirements.txt": "requests==2.32.0 ; python_version > '3.8'\nboto3==1.0\n",
        ".gitignore": "node_modules\n",
        "lambdas/shop/v2/node_modules/left-pad/index.js": "ignored",
      },
    );
    const made = new Repository(files);
    const lines = (await diff(made, "v1", "v2")).split("\n");
    expect(lines).toEqual([
      "dev/shop   v1 -> v2",
      "",
      "code       6 of 7 files, between lambdas/shop/v1 and lambdas/shop/v2",
      "           added logo.bin (binary)",
      "           added new.ts (+2 -0)",
      "           removed old.ts (+0 -1)",
      expect.stringMatching(/^ {11}changed package-lock\.json \(\+\d+ -\d+\)$/),
      "           changed requirements.txt (+2 -3)",
      "           changed shop.ts (+1 -1)",
      'settings   shop: environment.TABLE is new: "orders"',
      "           shop: memoryMb 128 -> 256",
      "packages   @new/one 2.0.0 is new in package-lock.json",
      "           gone 1.0.0 is gone from package-lock.json",
      "           left-pad 1.2.0 -> 1.3.0 in package-lock.json",
      "           requests 2.31.0 -> 2.32.0 in requirements.txt",
      "",
      "'git diff --no-index lambdas/shop/v1 lambdas/shop/v2' shows the lines.",
      "",
    ]);
  });

  test("tells what a client meets that comes from one API definition to the other, which git remembers", async () => {
    const [one, two] = [
      { routes: [{ path: "/" }, { path: "/offers" }, { path: "/users/{id}" }] },
      {
        routes: [
          { path: "/", authorization: "AWS_IAM" },
          { path: "/orders", method: "POST" },
          { path: "/users/{proxy+}", method: "ANY" },
        ],
        cors: { allowOrigin: "https://example.com" },
      },
    ];
    const recorded = { v1: { fingerprint: fingerprintOf(one) } };
    const made = new Repository(shop({ api: one, versions: recorded }));
    made.write(shop({ api: two, versions: { ...recorded, v2: { fingerprint: fingerprintOf(two) } } }));
    const { definition } = JSON.parse(await diff(made, "v1", "v2", "--json"));
    expect(definition).toEqual([
      { what: "GET /", change: "needs AWS_IAM, and needed nothing", couldBreak: true },
      { what: "GET /offers", change: "goes", couldBreak: true },
      { what: "POST /orders", change: "comes", couldBreak: false },
      { what: "GET /users/{id}", change: "goes, and ANY /users/{proxy+} answers", couldBreak: false },
      { what: "ANY /users/{proxy+}", change: "comes", couldBreak: false },
      { what: "API", change: "answers browsers of other origins (cors)", couldBreak: false },
    ]);
    expect(await diff(made, "v1", "v2")).toContain(
      "API        GET / needs AWS_IAM, and needed nothing: a client could break\n",
    );
  });

  test("reads what operations of an OpenAPI document require, also of one that has changed since", async () => {
    const document = (operation: object) => ({
      ...minimal,
      paths: { "/orders": { post: { ...get, ...operation } }, "/stock": { get } },
    });
    const page = { name: "page", in: "query", required: true, schema: { type: "string" } };
    const [one, two] = [document({}), document({ parameters: [page] })];
    const versions = { v1: { fingerprint: fingerprintIn(one) } };
    const made = new Repository(shop({ api: { openapi: path }, versions }, { [path]: stringify(one) }));
    made.commit(
      shop(
        { api: { openapi: path }, versions: { ...versions, v2: { fingerprint: fingerprintIn(two) } } },
        { [path]: stringify(two) },
      ),
    );
    expect(JSON.parse(await diff(made, "v1", "v2", "--json")).definition).toEqual([
      { what: "POST /orders", change: "requires the query parameter page", couldBreak: true },
    ]);
  });

  test("says that a definition is in no commit", async () => {
    const versions = { v1: { fingerprint: plainFingerprint }, v2: { fingerprint: "0123456789abcdef" } };
    const made = new Repository(shop({ versions: { v1: {}, v2: {} } }));
    made.write(
      shop({ versions: { ...versions, v2: { fingerprint: fingerprintOf({ routes: [{ path: "/x" }] }) } } }),
    );
    expect(await diff(made, "v1", "v2")).toContain(
      "API        one of the definitions is in no commit of this clone, so they are not compared\n",
    );
  });

  test("names the commits to compare where Lambda keeps the code", async () => {
    const release = (versions: number[]) => ({
      "lambdas/shop/shop.ts": handler("new"),
      "releases/dev/environment.json": { region: "eu-central-1" },
      "releases/dev/shop.json": { strategy: "weighted-alias", versions, stable: 1 },
    });
    const made = new Repository(release([1]));
    made.commit(release([1, 2]));
    const ids = execFileSync("git", ["log", "--reverse", "--format=%h", "--abbrev=7"], {
      cwd: made.project,
      encoding: "utf8",
    });
    expect(await diff(made, "1", "2")).toContain(
      `'git diff ${ids.trim().split("\n").join(" ")} -- lambdas/shop' compares the commits that listed them`,
    );
  });

  test("compares the containers of versions", async () => {
    const image = (digit: string) => `registry.example.com/shop@sha256:${digit.repeat(64)}`;
    const versions = {
      v1: { container: { image: image("1") } },
      v2: { container: { image: image("2"), cpu: 512, memoryMb: 1024 } },
    };
    const made = new Repository({
      "releases/dev/environment.json": { region: "eu-central-1" },
      "releases/dev/shop.json": { strategy: "ecs-blue-green", versions, stable: "v1" },
    });
    expect((await diff(made, "v1", "v2")).split("\n").slice(2, 5)).toEqual([
      expect.stringMatching(/^settings {3}cpu \d+ -> 512$/),
      `           image "${image("1")}" -> "${image("2")}"`,
      expect.stringMatching(/^ {11}memoryMb \d+ -> 1024$/),
    ]);
  });

  test("refuses a version that is not published in one line", async () => {
    const made = new Repository(shop({}));
    expect(await release(made.project, ["diff", "dev/shop", "v1", "v9"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "error: 'v9' is not a published version of dev/shop: there are v1, v2\n",
    });
  });
});

describe("a review of a version that is published", () => {
  test("tells what it has otherwise than the stable one", async () => {
    const made = new Repository(shop({ versions: ["v1"] }));
    made.write(shop({ versions: { v1: {}, v2: { settings: { memoryMb: 256 } } } }));
    const { exitCode, stdout } = await release(made.project, ["review", "--base", "main"]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining(
        [
          "**v2 beside v1**, which is stable",
          "",
          "- code: `1 of 1 files, between lambdas/shop/v1 and lambdas/shop/v2`",
          "- code: `changed shop.ts (+1 -1)`",
          "- settings: `shop: memoryMb 128 -> 256`",
          "",
        ].join("\n"),
      ),
    });
  });
});
