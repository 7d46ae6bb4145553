import { settingsFingerprint } from "../../src/release/functions/function-settings";
import { handler, problemsOf, shop } from "../support/project";
import { plainFingerprint } from "../support/shop";
import { releaseOf } from "../support/synth";

const settingsOf = (release: object, version = "v1") =>
  releaseOf(release).versions.find(({ name }) => name === version)?.functions[0]?.settings;

test("the smallest file has the defaults", () => {
  const release = releaseOf({});
  expect(release.versions.map(({ name }) => name)).toEqual(["v1", "v2"]);
  expect(release.stable.name).toBe("v1");
  expect(release.canary).toBeUndefined();
  expect(release.versions[0]?.functions).toEqual([
    {
      name: "shop",
      awsName: "shop-dev-v1",
      ownName: "shop-dev-v1",
      role: { name: "shop-dev-v1" },
      adopted: false,
      stageVariable: "shopFunction",
      aliasVariable: "alias",
      settings: {
        runtime: "nodejs22.x",
        architecture: "x86_64",
        memoryMb: 128,
        timeoutSeconds: 5,
        environment: {},
        layers: [],
        vpc: undefined,
        deadLetterArn: undefined,
        tracing: false,
        logRetentionDays: 14,
        snapStart: false,
      },
      source: { folder: "lambdas/shop/v1", file: "shop.ts", handler: "shop.handler", language: "node" },
    },
  ]);
  expect(release.stage).toMatchObject({ name: "dev", throttling: { rateLimit: 10000, burstLimit: 5000 } });
});

test("a canary has 10 percent unless it says otherwise", () => {
  expect(releaseOf({ canary: { version: "v2" } }).canary?.percent.value).toBe(10);
});

test("a Python handler has a Python runtime", () => {
  const release = releaseOf({ versions: ["v3"], stable: "v3" }, { "lambdas/shop/v3/shop.py": "" });
  expect(release.stable.functions[0]?.settings.runtime).toBe("python3.12");
});

test("each level of settings goes over the one before, and environment variables are merged", () => {
  const release = {
    settings: { memoryMb: 256, timeoutSeconds: 10, environment: { LEVEL: "service", REGION: "here" } },
    functions: { shop: { timeoutSeconds: 20 } },
    versions: {
      v1: {},
      v2: {
        settings: { memoryMb: 512, environment: { LEVEL: "version" } },
        functions: { shop: { tracing: true } },
      },
    },
  };
  expect(settingsOf(release)).toMatchObject({ memoryMb: 256, timeoutSeconds: 20, tracing: false });
  expect(settingsOf(release, "v2")).toMatchObject({
    memoryMb: 512,
    timeoutSeconds: 20,
    tracing: true,
    environment: { LEVEL: "version", REGION: "here" },
  });
});

test("a handler may have another name than its function", () => {
  const release = releaseOf(
    { versions: ["v3"], stable: "v3", settings: { handler: "app.main" } },
    { "lambdas/shop/v3/app.ts": handler("v3") },
  );
  expect(release.stable.functions[0]?.source).toMatchObject({ file: "app.ts", handler: "app.main" });
});

test("a service of several functions has one stage variable each, and a version those it has handlers of", () => {
  const api = { routes: [{ path: "/", function: "shop" }] };
  const release = releaseOf(
    {
      functions: ["shop", "say-hello"],
      api,
      versions: { v1: { fingerprint: "0123456789abcdef" }, v2: { fingerprint: plainFingerprint } },
    },
    { "lambdas/shop/v2/say-hello.ts": handler("v2") },
  );
  const names = release.versions.map(({ functions }) =>
    functions.map(({ awsName, stageVariable }) => [awsName, stageVariable]),
  );
  expect(names).toEqual([
    [["shop-dev-v1", "shopFunction"]],
    [
      ["shop-dev-v2", "shopFunction"],
      ["shop-dev-say-hello-v2", "sayHelloFunction"],
    ],
  ]);
});

test("the environment's throttling is that of every stage without its own", () => {
  const environment = { region: "eu-central-1", throttling: { rateLimit: 7, burstLimit: 9 } };
  const files = { "releases/dev/environment.json": environment };
  expect(releaseOf({}, files).stage.throttling).toEqual({ rateLimit: 7, burstLimit: 9 });
  const own = { stage: { throttling: { rateLimit: 1, burstLimit: 2 } } };
  expect(releaseOf(own, files).stage.throttling).toEqual({ rateLimit: 1, burstLimit: 2 });
});

describe("a shared setting while a canary runs", () => {
  const problems = (release: object) => problemsOf(shop(release)).map((line) => line.replace(/^\S+ /, ""));
  const canary = { version: "v2" };
  const current = settingsFingerprint(releaseOf({ settings: { memoryMb: 256 } }).stable.functions);

  test("is refused where it would change the serving version, with the ways out and the value to write", () => {
    expect(problems({ canary, settings: { memoryMb: 256 } })).toEqual([
      "'settings' must not change v1, which serves users while a canary runs: give the settings to v2 alone, in " +
        "versions.v2.settings, or, if v1 was published with them, record that in versions.v1: " +
        `"settingsFingerprint": "${current}"`,
    ]);
  });

  test.each([
    ["it is the canary's alone", { versions: { v1: {}, v2: { settings: { memoryMb: 256 } } } }],
    [
      "the serving version records it",
      { settings: { memoryMb: 256 }, versions: { v1: { settingsFingerprint: current }, v2: {} } },
    ],
    ["it is only about logs", { settings: { logRetentionDays: 30 } }],
    ["it is the serving version's own", { versions: { v1: { settings: { memoryMb: 256 } }, v2: {} } }],
  ])("is accepted where %s", (_, release) => {
    expect(problems({ canary, ...release })).toEqual([]);
  });

  test("counts the name of the handler", () => {
    const settings = { handler: "shop.main" };
    expect(problems({ canary, settings })).toEqual([expect.stringMatching(/^'settings' must not change v1/)]);
  });

  test("is accepted where no canary runs", () => {
    expect(problems({ settings: { memoryMb: 256 } })).toEqual([]);
  });

  test("that differs from what a version records is refused also without a canary", () => {
    const versions = { v1: { settingsFingerprint: current }, v2: {} };
    expect(problems({ settings: { memoryMb: 512 }, versions })).toEqual([
      expect.stringMatching(
        /^'versions.v1.settingsFingerprint' must be the fingerprint of the settings, [0-9a-f]{16}: v1 is published/,
      ),
    ]);
  });
});
