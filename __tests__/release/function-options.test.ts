import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settingsFingerprint } from "../../src/release/functions/function-settings";
import { projectFolder } from "../support/command";
import { type Files, problemsOf, shop } from "../support/project";
import { releaseOf } from "../support/synth";

const withoutPlace = (problems: readonly string[]) => problems.map((line) => line.replace(/^\S+ /, ""));
const lines = (release: object, files: Files = {}) => withoutPlace(problemsOf(shop(release, files)));

/** The problems of one function, in Python, whose versions Lambda keeps. */
function ofVersions(release: object): string[] {
  return withoutPlace(
    problemsOf({
      "releases/dev/environment.json": { region: "eu-central-1" },
      "lambdas/shop/shop.py": "def handler(event, context):\n    return {}\n",
      "releases/dev/shop.json": {
        strategy: "alias-canary-stage",
        versions: [1, 2],
        stable: 1,
        ...release,
        settings: { runtime: "python3.13", ...(release as { settings?: object }).settings },
      },
    }),
  );
}

const key = (region: string, account = "123456789012") => `arn:aws:kms:${region}:${account}:key/1a2b`;

test.each<[object, string[]]>([
  [
    { settings: { reservedConcurrency: -1 } },
    ["'settings.reservedConcurrency' must be a whole number of executions, 0 or more, got -1"],
  ],
  [
    { settings: { kmsKeyArn: "alias/own" } },
    [`'settings.kmsKeyArn' must be the ARN of a KMS key, got "alias/own"`],
  ],
  [
    { settings: { kmsKeyArn: key("us-east-1") } },
    [`'settings.kmsKeyArn' must be a key in the function's region, eu-central-1, got "${key("us-east-1")}"`],
  ],
  [{ settings: { kmsKeyArn: key("eu-central-1") } }, []],
  [
    { settings: { logging: { format: "text", applicationLevel: "debug", systemLevel: "warn" } } },
    [
      `'settings.logging.applicationLevel' must not be given with format "text": Lambda filters JSON logs only, got "debug"`,
      `'settings.logging.systemLevel' must not be given with format "text": Lambda filters JSON logs only, got "warn"`,
    ],
  ],
  [{ settings: { logging: { format: "json", applicationLevel: "debug" } } }, []],
  [
    { settings: { snapStart: true } },
    [
      "'settings.snapStart' must not be true with canary-stage: Lambda takes a snapshot of published versions only, got true",
    ],
  ],
  [
    { settings: { runtime: "nodejs26.x" } },
    [
      `'settings.runtime' must be one of "nodejs16.x", "nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x", "python3.8", "python3.9", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14", "java8.al2", "java11", "java17", "java21", "java25", "dotnet6", "dotnet8", "dotnet10", "ruby3.2", "ruby3.3", "ruby3.4", "ruby4.0", "provided.al2", "provided.al2023", got "nodejs26.x"`,
    ],
  ],
])("%j", (release, expected) => {
  expect(lines(release)).toEqual(expected);
});

test("a key of another account is refused where GitHub deploys, because the functions' boundary has the account's keys", () => {
  const environment = (github: object | undefined) => ({
    "releases/dev/environment.json": {
      region: "eu-central-1",
      allowedAccountIds: ["111122223333"],
      state: { s3: { bucket: "example-state" } },
      github,
    },
  });
  const release = { settings: { kmsKeyArn: key("eu-central-1") } };
  expect(lines(release, environment(undefined))).toEqual([]);
  expect(lines(release, environment({ organization: "example-org", repository: "shop" }))).toEqual([
    `'settings.kmsKeyArn' must be a key of this account, 111122223333, got "${key("eu-central-1")}"`,
  ]);
});

test.each<[object, string[]]>([
  [{ settings: { snapStart: true } }, []],
  [{ settings: { snapStart: true, ephemeralStorageMb: 512 } }, []],
  [
    { settings: { snapStart: true, runtime: "python3.11" } },
    [
      "runtime python3.11: Lambda takes snapshots with python3.12, python3.13, python3.14, java11, java17, java21, java25, dotnet8, dotnet10",
    ],
  ],
  [{ settings: { snapStart: true, ephemeralStorageMb: 513 } }, ["'ephemeralStorageMb' over 512"]],
  [
    { settings: { snapStart: true }, versions: { 1: { provisionedConcurrency: 5 }, 2: {} } },
    ["'provisionedConcurrency': Lambda offers one of the two"],
  ],
])("where Lambda keeps the versions, %j", (release, refused) => {
  const line = (why: string) => `'settings.snapStart' must not be true with ${why}, got true`;
  expect(ofVersions(release)).toEqual(refused.map(line));
});

test("reserved executions hold those that are kept ready", () => {
  const versions = { 1: { provisionedConcurrency: 5 }, 2: { provisionedConcurrency: 3 } };
  expect(ofVersions({ settings: { reservedConcurrency: 8 }, versions })).toEqual([]);
  expect(ofVersions({ settings: { reservedConcurrency: 7 }, versions })).toEqual([
    "'settings.reservedConcurrency' must be at least 8, the sum of 'provisionedConcurrency' of all versions, got 7",
  ]);
});

test("what is not given leaves the fingerprint of settings as it was; how many executions there are is no part of it", () => {
  const fingerprintOf = (settings: object) => settingsFingerprint(releaseOf({ settings }).stable.functions);
  expect(fingerprintOf({})).toBe("7879e80823f930a1");
  expect(fingerprintOf({ reservedConcurrency: 5, logRetentionDays: 30 })).toBe(fingerprintOf({}));
  for (const settings of [
    { ephemeralStorageMb: 512 },
    { kmsKeyArn: key("eu-central-1") },
    { logging: { format: "json" } },
  ])
    expect(fingerprintOf(settings)).not.toBe(fingerprintOf({}));
});

test("the examples of the page on settings are valid", () => {
  const page = readFileSync(join(projectFolder, "docs/function-settings.md"), "utf8");
  const examples = [...page.matchAll(/```json\n(\{[^`]*)```/g)].map(([, text = ""]) => JSON.parse(text));
  expect(examples).toHaveLength(1);
  for (const example of examples)
    expect(
      problemsOf({
        "releases/dev/environment.json": { region: "eu-central-1" },
        "lambdas/shop/shop.py": "def handler(event, context):\n    return {}\n",
        "releases/dev/shop.json": example,
      }),
    ).toEqual([]);
});
