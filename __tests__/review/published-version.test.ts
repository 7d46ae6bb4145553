import { settingsFingerprint } from "../../src/release/functions/function-settings";
import { checkPublishedVersions } from "../../src/review/checks/published-version";
import { checkReplaced } from "../../src/review/checks/replaced";
import { checkStopped } from "../../src/review/checks/stopped";
import { checkStrategy } from "../../src/review/checks/strategy";
import { fileChecks } from "../../src/review/review";
import type { Side } from "../../src/review/side";
import { fingerprintOf, other, plainFingerprint, wider } from "../support/shop";
import { between, lines } from "./between";

const check = (...args: Parameters<typeof between>) => lines(checkPublishedVersions(between(...args)));
const canary = { canary: { version: "v2", percent: 10 } };
const two = { versions: ["v1", "v2"], stable: "v1" };

describe("what a version records", () => {
  const [plain, wide, another] = [plainFingerprint, fingerprintOf(wider), fingerprintOf(other)];
  const recorded = (v1: string, v2: string) => ({
    versions: { v1: { fingerprint: v1 }, v2: { fingerprint: v2 } },
    stable: "v1",
  });

  test("stays what it is", () => {
    expect(
      check({ ...recorded(plain, wide), api: wider }, { ...recorded(plain, another), api: other }),
    ).toEqual([
      `releases/dev/shop.json:8 'versions.v2.fingerprint' is ${another}, but main has ${wide}: a published version never changes`,
    ]);
  });

  test("may be written down later", () => {
    expect(check(two, recorded(plain, plain))).toEqual([]);
  });

  test("may be the settings that it has already, recorded while another one is published", () => {
    const settings = { memoryMb: 256 };
    const base = { versions: ["v1"], stable: "v1", settings };
    const { functions } = between(base, base).base as Side;
    const recordedSettings = { settingsFingerprint: settingsFingerprint(functions.get("v1") ?? []) };
    const head = { ...base, versions: { v1: recordedSettings, v2: recordedSettings } };
    const change = between(base, head);
    expect(change.steps.map(({ kind }) => kind)).toEqual(["publish"]);
    expect(fileChecks.flatMap((one) => one(change))).toEqual([]);
  });

  test("does not go", () => {
    const { functions } = between(two, two).base as Side;
    const settings = settingsFingerprint(functions.get("v1") ?? []);
    const base = { versions: { v1: { settingsFingerprint: settings } }, stable: "v1" };
    expect(check(base, { ...base, versions: { v1: {} } })).toEqual([
      `releases/dev/shop.json:4 'versions.v1.settingsFingerprint' is missing, but main has ${settings}: a published version never changes`,
    ]);
  });

  test("is the definition that its deployment will be a snapshot of", () => {
    const before = { versions: { v1: { fingerprint: wide } }, stable: "v1", api: wider };
    const after = {
      versions: { v1: { fingerprint: wide }, v2: { fingerprint: plain } },
      stable: "v1",
      api: wider,
    };
    expect(check(before, after)).toEqual([
      `releases/dev/shop.json:7 v2 records the definition ${plain}, but its deployment would be a snapshot of 'api', ${wide}`,
    ]);
  });

  test("may be the definition of another one whose deployment it shares", () => {
    const own = { strategy: "weighted-alias", stable: 1, api: wider };
    const [first, second] = [{ fingerprint: wide }, { fingerprint: plain }];
    expect(
      check(
        { ...own, versions: { 1: first, 2: second } },
        { ...own, versions: { 1: first, 2: second, 3: second } },
      ),
    ).toEqual([]);
  });
});

describe("a version with functions of its own that serves users", () => {
  const code = new Map([["shop-dev-v2", ["lambdas/shop/v2/shop.ts"]]]);

  test("keeps its code", () => {
    expect(check({ ...two, ...canary }, { ...two, ...canary }, { code })).toEqual([
      "releases/dev/shop.json:5 v2 serves 10 %, and this changes its code (`lambdas/shop/v2/shop.ts`): publish that as a new version",
    ]);
  });

  test("keeps the packages of its bundle, which no new version can bring", () => {
    const bumped = new Map([["shop-dev-v2", ["pad 1.0.0 -> 1.1.0 in package-lock.json"]]]);
    expect(check({ ...two, ...canary }, { ...two, ...canary }, { code: bumped })).toEqual([
      expect.stringMatching(
        /: keep the locked packages while users have this version, or lock and install its packages in lambdas\/shop\/v2$/,
      ),
    ]);
  });

  test("keeps its settings, but for how long its logs are kept", () => {
    const memory = (v1: object) => ({ versions: { v1: { settings: v1 } }, stable: "v1" });
    expect(check(memory({}), memory({ memoryMb: 256 }))).toEqual([
      "releases/dev/shop.json:4 v1 serves 100 %, and this changes its settings (`memoryMb`): publish that as a new version",
    ]);
    expect(check(memory({}), memory({ logRetentionDays: 7 }))).toEqual([]);
  });

  test("may have other code as long as it serves nobody", () => {
    expect(check(two, two, { code })).toEqual([]);
  });

  test("is another thing than a Lambda version, which keeps its code itself", () => {
    const own = { strategy: "weighted-alias", versions: [1], stable: 1 };
    expect(check(own, own, { code: new Map([["shop-dev", ["lambdas/shop/shop.ts"]]]) })).toEqual([]);
  });
});

test("a version that was pruned does not come back", () => {
  const one = { versions: ["v1"], stable: "v1" };
  expect(check(one, two, { pastVersions: ["v1", "v2"] })).toEqual([
    "releases/dev/shop.json:5 v2 was published and pruned before: under its name would be another version, so use a new name",
  ]);
  const own = { strategy: "weighted-alias", stable: 1 };
  expect(
    check({ ...own, versions: [1] }, { ...own, versions: [1, 2] }, { pastVersions: ["1", "2"] }),
  ).toEqual([]);
});

describe("how many executions a function may have", () => {
  const reserved = (reservedConcurrency: number) => ({ ...two, settings: { reservedConcurrency } });

  test("may change while a version serves users", () => {
    expect(check(two, reserved(5))).toEqual([]);
  });

  test("is noted where it is 0, which stops the function", () => {
    const { steps } = between(two, reserved(0));
    const notes = checkStopped(between(two, reserved(0)));
    expect(steps.map(({ text }) => text)).toEqual([
      "reserve 0 executions for shop-dev-v1",
      "reserve 0 executions for shop-dev-v2",
    ]);
    expect(notes.map(({ message, isNote }) => [message, isNote])).toEqual(
      ["v1", "v2"].map((version) => [
        `shop-dev-${version} may have 0 executions ('reservedConcurrency'): Lambda throttles every invocation of it`,
        true,
      ]),
    );
    expect(checkStopped(between(reserved(0), { ...reserved(0), stage: { tracing: true } }))).toEqual([]);
  });
});

describe("what is not a step", () => {
  const own = { strategy: "weighted-alias", versions: [1, 2], stable: 1 };
  const queue = { settings: { deadLetterArn: "arn:aws:sqs:eu-central-1:123456789012:failed" } };

  test("another strategy", () => {
    const [finding] = checkStrategy(between(two, own));
    expect(finding?.message).toMatch(
      /^'strategy' changes from canary-stage to weighted-alias: that replaces what serves/,
    );
  });

  test("a file that is gone", () => {
    expect(lines(checkStrategy(between(two, undefined)))).toEqual([
      "releases/dev/shop.json the release file is removed, but its stack remains: run 'npx cdktf destroy shop-dev' before you remove the file",
    ]);
  });

  test("another dead letter queue is told, and found while the traffic is split", () => {
    const split = { canary: { version: 2 } };
    const notes = checkStrategy(between(own, { ...own, ...queue }));
    const findings = checkStrategy(between({ ...own, ...split }, { ...own, ...split, ...queue }));
    expect([...notes, ...findings].map(({ check, isNote }) => [check, isNote])).toEqual([
      ["dead letter queue", true],
      ["dead letter queue", false],
    ]);
    expect(checkStrategy(between({ ...own, ...queue }, { ...own, ...queue }))).toEqual([]);
  });

  const image = {
    image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${"1".repeat(64)}`,
  };
  const place = (environment: object) => ({ "releases/dev/environment.json": environment });
  const replaced = (...args: Parameters<typeof between>) => lines(checkReplaced(between(...args)));

  test("a function that goes from zip to image, or back: AWS refuses it halfway", () => {
    for (const strategy of ["weighted-alias", "alias-canary-stage", "blue-green-stage", "codedeploy-alias"]) {
      const zip = { ...own, strategy };
      expect(replaced(zip, { ...zip, ...image })).toEqual([
        expect.stringContaining("'image' is added: Lambda cannot change a function from zip to image"),
      ]);
      expect(replaced({ ...zip, ...image }, zip)).toEqual([expect.stringContaining("from image to zip")]);
    }
    const next = { image: image.image.replace(/1$/, "2") };
    expect(replaced({ ...own, ...image }, { ...own, ...next })).toEqual([]);
  });

  test("another name of the stage, which is part of its address", () => {
    expect(replaced(two, { ...two, stage: { name: "live" } })).toEqual([
      expect.stringContaining("'stage.name' changes from dev to live: that replaces the stage"),
    ]);
    expect(replaced(two, { ...two, stage: { name: "dev" } })).toEqual([]);
  });

  test("another address on the domain, which users call; not one that comes, nor a domain beside it", () => {
    const at = (basePath: string) => ({ ...two, stage: { basePath } });
    const on = (name: string) => place({ region: "eu-central-1", domain: { name, existing: true } });
    const files = on("api.example.com");
    const way = "its callers are no longer answered; create a second service and move its callers";
    expect(replaced(at("shop"), at("store"), { baseFiles: files, files })).toEqual([
      expect.stringContaining(`shop becomes https://api.example.com/store: ${way}`),
    ]);
    expect(replaced(at("shop"), two, { baseFiles: files, files })).toEqual([
      `releases/dev/shop.json:1 https://api.example.com/shop leads to no stage any more: ${way}`,
    ]);
    expect(replaced(at("shop"), at("shop"), { baseFiles: files, files: on("api.example.org") })).toHaveLength(
      1,
    );
    expect(replaced(two, at("shop"), { baseFiles: files, files })).toEqual([]);
    expect(replaced(two, two, { baseFiles: files, files: on("api.example.org") })).toEqual([]);
  });

  test("another region, or place of the state", () => {
    const [base, head] = [
      { region: "eu-central-1" },
      { region: "eu-west-1", state: { s3: { bucket: "state" } } },
    ];
    expect(replaced(two, two, { baseFiles: place(base), files: place(head) })).toEqual([
      expect.stringContaining("environment.json 'region' changes from eu-central-1 to eu-west-1"),
      expect.stringContaining("environment.json 'state' names another place"),
    ]);
  });
});
