import { chmodSync } from "node:fs";
import { join } from "node:path";
import { copyOfProject } from "../support/command";
import { elfOf, elsewhere, here, zipOf } from "../support/elsewhere";
import { createProject, type Files, handler, shop, writeFiles } from "../support/project";
import { RehearsedShop } from "../support/rehearse";
import { release } from "../support/release-command";
import { withServedApp } from "../support/served-app";

/** What this machine cannot run is refused with the reason, and never counts as served. */

const s3 = { bucket: "acme-code", key: "shop.zip", versionId: "3HL4kqtJlcpXroDTDmJ" };
const arn = "arn:aws:lambda:eu-central-1:123456789012:layer:tools:1";
const os = { runtime: "provided.al2023", architecture: here };

const cases: readonly (readonly [string, object, string])[] = [
  ["code in S3", { runtime: "nodejs22.x", code: { s3 } }, "its code is in S3 and not here"],
  ["a layer by its ARN", { layers: [arn] }, `its layer ${arn} is not part of the project`],
  [
    "Java",
    { runtime: "java21", handler: "Shop::handle", code: { path: "java.zip" } },
    "runtime java21 is not rehearsed",
  ],
  [
    "a wrapper",
    { environment: { AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap" } },
    "it is started by AWS_LAMBDA_EXEC_WRAPPER, /opt/bootstrap",
  ],
  [
    "a handler in a layer",
    {
      runtime: "nodejs22.x",
      handler: "/opt/wrapper.handler",
      code: { path: "node" },
      layers: [{ path: "layer" }],
    },
    "its handler /opt/wrapper.handler is in a layer",
  ],
  [
    "an extension",
    { layers: [{ path: "extended" }] },
    "a layer brings an extension, which is not started here",
  ],
  [
    "another processor",
    { ...os, architecture: elsewhere, code: { path: "other" } },
    `its bootstrap is built for Linux on ${elsewhere}, and this machine is ${process.platform} on ${here}`,
  ],
];

/** What version v2 may need of its folder. */
const ofV2: Readonly<Record<string, string | Uint8Array>> = {
  "java.zip": zipOf({ "Shop.class": "" }),
  "node/app.js": "",
  "layer/wrapper.js": "",
  "extended/extensions/adapter": "",
  "other/bootstrap": elfOf(elsewhere),
};

function withV2(project: string): string {
  const files = Object.entries(ofV2).map(([path, content]) => [`lambdas/shop/v2/${path}`, content]);
  writeFiles(project, Object.fromEntries(files));
  return project;
}

/** Version v1 runs, v2 has these settings. */
const shopOf = (settings: object, fields: object) =>
  shop({ versions: { v1: {}, v2: { settings } }, stable: "v1", ...fields });

/** The command, in a project that it can synthesize. */
async function rehearse(files: Files, options: readonly string[] = ["--requests", "40"]) {
  const project = withServedApp(copyOfProject());
  writeFiles(project, files);
  return release(withV2(project), ["rehearse", "dev/shop", ...options]);
}

test.each(cases)("%s: the version is refused, and the others are served", async (_, settings, reason) => {
  const canary = { version: "v2", percent: 50 };
  const rehearsed = await RehearsedShop.ofProject(withV2(createProject(shopOf(settings, { canary }))));
  const { v1 = 0, ...others } = await rehearsed.count("/dev/", 20);
  expect(v1).toBeGreaterThan(0);
  expect(others).toEqual({ "500": 20 - v1 });
  const refused = rehearsed.records.find(({ status }) => status === 500);
  expect(refused?.reason).toBe(`function shop-dev-v2 cannot be run here, though it can in AWS: ${reason}`);
});

test("a rehearsal names what it does not run, and fails where that gets requests", async () => {
  const [, settings, reason] = cases[0] as (typeof cases)[number];
  const line = `not run      shop-dev-v2 cannot be run here, though it can in AWS: ${reason}`;
  const canary = await rehearse(shopOf(settings, { canary: { version: "v2", percent: 50 } }));
  expect(canary.exitCode).toBe(1);
  expect(canary.stdout).toContain(line);
  const published = await rehearse(shopOf(settings, {}));
  expect([published.exitCode, published.stdout]).toEqual([0, expect.stringContaining(line)]);
}, 120_000);

test("a service that cannot be run at all is not rehearsed", async () => {
  const [, settings, reason] = cases[0] as (typeof cases)[number];
  const { exitCode, stderr } = await rehearse(shop({ settings }));
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`shop-dev-v1 cannot be run here, though it can in AWS: ${reason}`);
});

test("a shift is not rehearsed where the function that it moves cannot be run, though its hook can", async () => {
  const { exitCode, stderr } = await rehearse(
    shop(
      {
        strategy: "codedeploy-alias",
        versions: [1],
        stable: 1,
        settings: { layers: [arn] },
        hooks: { beforeTraffic: "check" },
      },
      {
        "lambdas/shop/shop.ts": handler("1"),
        "lambdas/hooks/check.ts": "export const handler = async () => {};",
      },
    ),
    [],
  );
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`cannot be run here, though it can in AWS: its layer ${arn} is not part of`);
}, 60_000);

test("a path that is chosen leads to a function that is run", async () => {
  const functions = {
    web: {},
    old: { runtime: "java21", handler: "Shop::handle", code: { path: "java.zip" } },
  };
  const routes = [
    { path: "/old", function: "old" },
    { path: "/web", function: "web" },
  ];
  const { exitCode, stdout, stderr } = await rehearse({
    ...shop({
      versions: { v2: { fingerprint: "fa19275de4b084bf" } },
      stable: "v2",
      functions,
      api: { routes },
    }),
    "lambdas/shop/v2/web.ts": handler("v2"),
  });
  expect([exitCode, stderr, stdout]).toEqual([0, "", expect.stringContaining("GET /web")]);
}, 60_000);

describe("layers of the project", () => {
  const files = {
    "lambdas/shop/v1/shop.ts":
      'exports.handler = async () => ({ statusCode: 200, body: require("tool") + process.env.AWS_EXECUTION_ENV });',
    "lambdas/shop/v1/layer/nodejs/node_modules/tool/index.js": 'module.exports = "tool";',
  };

  test("are found by Node, and in a program's path", async () => {
    const bundle = { external: ["tool"] };
    const layers = [{ path: "layer" }];
    const rehearsed = await RehearsedShop.of({
      ...shop({ versions: ["v1"], settings: { bundle, layers } }, files),
    });
    expect(await rehearsed.count("/dev/", 1)).toEqual({ "toolAWS_Lambda_nodejs22.x": 1 });
  });

  test("are found by Python, the last one first", async () => {
    const layers = [{ path: "one" }, { path: "two" }];
    const code =
      "import tool\ndef handler(event, context):\n  return {'statusCode': 200, 'body': tool.name}\n";
    const {
      "lambdas/shop/v1/shop.ts": _,
      "lambdas/shop/v2/shop.ts": __,
      ...rest
    } = shop({
      versions: ["v1"],
      settings: { layers, runtime: "python3.12", code: { path: "src" }, handler: "shop.handler" },
    });
    const rehearsed = await RehearsedShop.of({
      ...rest,
      "lambdas/shop/v1/src/shop.py": code,
      "lambdas/shop/v1/one/python/tool.py": 'name = "one"',
      "lambdas/shop/v1/two/python/tool.py": 'name = "two"',
    });
    expect(await rehearsed.count("/dev/", 1)).toEqual({ two: 1 });
  });

  test("bring commands, and a bootstrap where the package has none", async () => {
    const layers = [{ path: "runtime" }];
    const script = [
      "#!/bin/sh",
      'api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"',
      "while true; do",
      '  id=$(curl -sD - -o /dev/null "$api/next" | tr -d "\\r" | grep -i "^lambda-runtime-aws-request-id:" | cut -d" " -f2)',
      '  curl -s -X POST -d "{\\"statusCode\\": 200, \\"body\\": \\"$(shopname)\\"}" "$api/$id/response" > /dev/null',
      "done",
      "",
    ].join("\n");
    const project = createProject({
      "releases/dev/environment.json": { region: "eu-central-1" },
      "releases/dev/shop.json": {
        strategy: "canary-stage",
        versions: ["v1"],
        stable: "v1",
        settings: { ...os, code: { path: "build" }, layers },
      },
      "lambdas/shop/v1/build/data.txt": "1",
      "lambdas/shop/v1/runtime/bootstrap": script,
      "lambdas/shop/v1/runtime/bin/shopname": "#!/bin/sh\necho shop\n",
    });
    chmodSync(join(project, "lambdas/shop/v1/runtime/bootstrap"), 0o644);
    const rehearsed = await RehearsedShop.ofProject(project);
    expect(await rehearsed.count("/dev/", 2)).toEqual({ shop: 2 });
  });
});
