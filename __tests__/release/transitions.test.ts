import { changeOf } from "../../src/release/files/change";
import { readService } from "../../src/release/files/file";
import type { ReleaseContext } from "../../src/release/release-context";
import { hotfix, next, promote, prune, publish, rollback, shift, start } from "../../src/release/transitions";
import { filesInMemory } from "../support/files-in-memory";
import { type Files, handler } from "../support/project";
import { fingerprintOf, plainFingerprint, shop, wider } from "../support/shop";

const now = new Date("2026-11-21T10:00:00Z");
const since = "2026-11-21T10:00:00Z";
const [halfAnHourAgo, longAgo] = ["2026-11-21T09:30:00Z", "2026-11-20T09:30:00Z"];
const steps = [
  { percent: 10, bakeMinutes: 60 },
  { percent: 50, bakeMinutes: 30 },
];

/** A shop with three versions, of the strategy that is asked for. */
function project(release: object, files: Files = {}): Files {
  return shop(
    { versions: ["v1", "v2", "v3"], ...release },
    { "lambdas/shop/v3/shop.ts": handler("v3"), ...files },
  );
}

function numbered(release: object): Files {
  return {
    ...shop({}),
    "lambdas/shop/shop.ts": handler("new"),
    "releases/dev/shop.json": { strategy: "weighted-alias", versions: [1, 2, 3], stable: 1, ...release },
  };
}

const blueGreen = (release: object) => numbered({ strategy: "blue-green-stage", ...release });
const codedeploy = (release: object) => numbered({ strategy: "codedeploy-alias", ...release });

const image = (digit: string) => `registry.example.com/shop@sha256:${digit.repeat(64)}`;
const containersWith = (release: object) => ({
  versions: {
    v1: { container: { image: image("1") } },
    v2: { container: { image: image("2"), cpu: 512, memoryMb: 1024 } },
  },
  stable: "v1",
  ...release,
});
const containers = (release: object) =>
  shop({}, { "releases/dev/shop.json": { strategy: "ecs-blue-green", ...containersWith(release) } });

const native = (release: object) =>
  shop({}, { "releases/dev/shop.json": { strategy: "ecs-native", ...containersWith(release) } });

type Verb = (state: ReleaseContext) => ReturnType<typeof rollback>;

/** The fields that a verb leaves in a file. */
function after(files: Files, verb: Verb): Record<string, unknown> {
  const memory = filesInMemory(files);
  const { context } = readService(memory, "dev", "shop");
  if (context === undefined) throw new Error("not readable");
  const path = "releases/dev/shop.json";
  const read = { files: memory, project: "", path, text: memory.read(path) ?? "", context, name: "dev/shop" };
  const { strategy, ...rest } = JSON.parse(changeOf(read, verb(context)).text);
  return rest;
}

const canary = (version: string | number, percent: number, at?: string) => ({
  canary: { version, percent, ...(at === undefined ? {} : { since: at }) },
});

describe("a verb writes what it says", () => {
  test.each<[string, Files, Verb, object]>([
    [
      "publish, of a container: what the one before has, and another image",
      containers({}),
      (s) => publish(s, "v3", { image: image("3") }),
      {
        versions: {
          v1: { container: { image: image("1") } },
          v2: { container: { image: image("2"), cpu: 512, memoryMb: 1024 } },
          v3: { container: { image: image("3"), cpu: 512, memoryMb: 1024 } },
        },
        stable: "v1",
      },
    ],
    [
      "start, of a container",
      containers({}),
      (s) => start(s, "v2", { now }),
      containersWith({ canary: { version: "v2", since } }),
    ],
    [
      "start, where ECS shifts to what is stable",
      native({}),
      (s) => start(s, "v2", { now }),
      containersWith({ stable: "v2", former: "v1" }),
    ],
    [
      "rollback, where ECS shifts to what is stable",
      native({ stable: "v2", former: "v1" }),
      (s) => rollback(s, { now }),
      containersWith({ stable: "v1" }),
    ],
    [
      "promote, of a container",
      containers({ canary: { version: "v2" } }),
      (s) => promote(s, { now }),
      containersWith({ stable: "v2", former: "v1" }),
    ],
    [
      "publish, to a list",
      shop({ versions: ["v1"] }),
      (s) => publish(s, "v2"),
      { versions: ["v1", "v2"], stable: "v1" },
    ],
    [
      "publish, a number",
      numbered({ versions: [1] }),
      (s) => publish(s, "2"),
      { versions: [1, 2], stable: 1 },
    ],
    [
      "publish, with another definition",
      shop({ versions: ["v1"], api: wider }),
      (s) => publish(s, "v2"),
      {
        versions: { v1: { fingerprint: plainFingerprint }, v2: { fingerprint: fingerprintOf(wider) } },
        stable: "v1",
        api: wider,
      },
    ],
    [
      "publish, beside one that records its definition",
      shop({ versions: { v1: { fingerprint: plainFingerprint } } }),
      (s) => publish(s, "v2"),
      {
        versions: { v1: { fingerprint: plainFingerprint }, v2: { fingerprint: plainFingerprint } },
        stable: "v1",
      },
    ],
    [
      "publish, to an object that records nothing",
      shop({ versions: { v1: {} } }),
      (s) => publish(s, "v2"),
      { versions: { v1: {}, v2: {} }, stable: "v1" },
    ],
    [
      "publish, with settings that all share",
      shop({ versions: ["v1"], settings: { memoryMb: 256 } }),
      (s) => publish(s, "v2"),
      {
        versions: {
          v1: { settingsFingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) },
          v2: { settingsFingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) },
        },
        stable: "v1",
        settings: { memoryMb: 256 },
      },
    ],
    [
      "publish, with settings that all share, beside a version that records its definition alone",
      shop({ versions: { v1: { fingerprint: plainFingerprint } }, settings: { memoryMb: 256 } }),
      (s) => publish(s, "v2"),
      {
        versions: {
          v1: {
            fingerprint: plainFingerprint,
            settingsFingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
          },
          v2: {
            fingerprint: plainFingerprint,
            settingsFingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
          },
        },
        stable: "v1",
        settings: { memoryMb: 256 },
      },
    ],
    [
      "start",
      project({}),
      (s) => start(s, "v2", { now, percent: 5 }),
      { stable: "v1", ...canary("v2", 5, since) },
    ],
    ["start, at 10 percent by itself", project({}), (s) => start(s, "v2", { now }), canary("v2", 10, since)],
    [
      "start, at the first step",
      project({ steps: [{ percent: 2 }] }),
      (s) => start(s, "v2", { now }),
      canary("v2", 2, since),
    ],
    [
      "start, beyond the first step",
      project({ steps }),
      (s) => start(s, "v2", { now, percent: 60, skip: true }),
      canary("v2", 60, since),
    ],
    [
      "start, in the place of another",
      project(canary("v2", 50, longAgo)),
      (s) => start(s, "v3", { now, replace: true }),
      canary("v3", 10, since),
    ],
    ["start, a number", numbered({}), (s) => start(s, "2", { now }), canary(2, 10, since)],
    [
      "start, behind blue",
      blueGreen({}),
      (s) => start(s, "2", { now, sources: ["203.0.113.0/24"] }),
      { blue: { version: 2, sources: ["203.0.113.0/24"], since } },
    ],
    [
      "start, for CodeDeploy to shift",
      codedeploy({}),
      (s) => start(s, "2", { now }),
      { canary: { version: 2, since } },
    ],
    [
      "start, for CodeDeploy, in the place of another",
      codedeploy({ canary: { version: 2 } }),
      (s) => start(s, "3", { now, replace: true }),
      { canary: { version: 3, since } },
    ],
    [
      "promote, what CodeDeploy shifted",
      codedeploy({ canary: { version: 2 } }),
      (s) => promote(s, { now }),
      { stable: 2, former: 1 },
    ],
    [
      "shift, from the default",
      numbered({ canary: { version: 2 } }),
      (s) => shift(s, 25, { now }),
      canary(2, 25, since),
    ],
    ["shift", project(canary("v2", 10)), (s) => shift(s, 25, { now }), canary("v2", 25, since)],
    [
      "shift, down during the bake time",
      project({ steps, ...canary("v2", 50, halfAnHourAgo) }),
      (s) => shift(s, 5, { now }),
      canary("v2", 5, since),
    ],
    [
      "shift, by a step",
      project({ steps, ...canary("v2", 10, longAgo) }),
      (s) => shift(s, 50, { now }),
      canary("v2", 50, since),
    ],
    [
      "shift, by less than a step",
      project({ steps, ...canary("v2", 10, longAgo) }),
      (s) => shift(s, 30, { now }),
      canary("v2", 30, since),
    ],
    [
      "shift, without waiting",
      project({ steps, ...canary("v2", 10, halfAnHourAgo) }),
      (s) => shift(s, 50, { now, skip: true }),
      canary("v2", 50, since),
    ],
    [
      "next",
      project({ steps, ...canary("v2", 10, longAgo) }),
      (s) => next(s, { now }),
      canary("v2", 50, since),
    ],
    [
      "next, from between two steps",
      project({ steps, ...canary("v2", 30, longAgo) }),
      (s) => next(s, { now }),
      canary("v2", 50, since),
    ],
    [
      "next, to the minute",
      project({ steps, ...canary("v2", 50, halfAnHourAgo) }),
      (s) => next(s, { now }),
      { stable: "v2", former: "v1" },
    ],
    ["promote", project(canary("v2", 10)), (s) => promote(s, { now }), { stable: "v2", former: "v1" }],
    [
      "promote, again",
      project({ stable: "v2", former: "v1", ...canary("v3", 10) }),
      (s) => promote(s, { now }),
      { stable: "v3", former: "v2" },
    ],
    [
      "promote, what is looked at",
      project({ ...canary("v2", 10), preview: { version: "v2", sources: ["203.0.113.0/24"] } }),
      (s) => promote(s, { now }),
      { stable: "v2", former: "v1" },
    ],
    [
      "promote, blue",
      blueGreen({ blue: { version: 2, sources: ["203.0.113.0/24"] } }),
      (s) => promote(s, { now }),
      { stable: 2, former: 1 },
    ],
    [
      "rollback, of a canary",
      project({ ...canary("v2", 10), former: "v3" }),
      (s) => rollback(s, { now }),
      { stable: "v1", former: "v3" },
    ],
    [
      "rollback, of blue",
      blueGreen({ blue: { version: 2, sources: ["203.0.113.0/24"] } }),
      (s) => rollback(s, { now }),
      { stable: 1 },
    ],
    [
      "rollback, of a promotion",
      project({ stable: "v2", former: "v1" }),
      (s) => rollback(s, { now }),
      { stable: "v1" },
    ],
    [
      "rollback, to another version than the former one",
      project({ stable: "v3", former: "v2" }),
      (s) => rollback(s, { now, to: "v1" }),
      { stable: "v1" },
    ],
    [
      "hotfix",
      project(canary("v2", 25, longAgo)),
      (s) => hotfix(s, "v3", { now }),
      { stable: "v3", former: "v1", ...canary("v2", 25, longAgo) },
    ],
    [
      "prune",
      project({ stable: "v2", former: "v1" }),
      (s) => prune(s, ["v3"]),
      { versions: ["v1", "v2"], stable: "v2", former: "v1" },
    ],
    [
      "prune, all but former",
      project({ stable: "v3", former: "v2" }),
      (s) => prune(s, []),
      { versions: ["v2", "v3"], stable: "v3", former: "v2" },
    ],
    [
      "prune, former too",
      project({ stable: "v3", former: "v2" }),
      (s) => prune(s, ["v1", "v2"]),
      { versions: ["v3"], stable: "v3" },
    ],
    [
      "prune, of an object",
      project({ versions: { v1: {}, v2: {}, v3: {} }, stable: "v3" }),
      (s) => prune(s, ["v2"]),
      { versions: { v1: {}, v3: {} }, stable: "v3" },
    ],
    [
      "prune, what was adopted",
      project({ stable: "v2", versions: ["v1", "v2"], adopt: { functions: { v1: { shop: "old" } } } }),
      (s) => prune(s, ["v1"]),
      { versions: ["v2"], stable: "v2", adopt: { functions: {} } },
    ],
  ])("%s", (_, files, verb, expected) => {
    const unchanged = JSON.parse(filesInMemory(files).read("releases/dev/shop.json") ?? "");
    const found = after(files, verb);
    const pointers = { canary: undefined, blue: undefined, preview: undefined, former: undefined };
    const kept = ["versions", "stable", "steps", "api", "settings"].map((key) => [key, unchanged[key]]);
    expect({ ...pointers, ...found }).toEqual({ ...Object.fromEntries(kept), ...pointers, ...expected });
  });
});

describe("a verb is refused", () => {
  test.each<[Files, Verb, string]>([
    [project({}), (s) => publish(s, "v2"), "v2 is published already"],
    [project({}), (s) => publish(s, "v4"), "lambdas/shop/v4/"],
    [
      project({}),
      (s) => start(s, "v4", { now }),
      "v4 is not published: publish it first, in a pull request of its own",
    ],
    [project({}), (s) => start(s, "v1", { now }), "v1 is the stable version already"],
    [
      project(canary("v2", 10)),
      (s) => start(s, "v2", { now }),
      "v2 is on trial already, as the canary with 10 %",
    ],
    [
      project(canary("v2", 10)),
      (s) => start(s, "v3", { now }),
      "v2 is on trial, as the canary with 10 %: roll it back, or use --replace to put v3 in its place",
    ],
    [
      project({ steps }),
      (s) => start(s, "v2", { now, percent: 25 }),
      "the first step is 10 %; use --skip to start at 25 %",
    ],
    [
      containers({}),
      (s) => publish(s, "v3"),
      "v3 needs its container image, by its digest: --image <repository>@sha256:<digest>",
    ],
    [
      project({}),
      (s) => publish(s, "v4", { image: image("4") }),
      "--image is only for ecs-blue-green, ecs-native, where each version has its own image",
    ],
    [
      containers({ canary: { version: "v2" } }),
      (s) => shift(s, 50, { now }),
      "CodeDeploy shifts this release, as 'rollout' in the file configures",
    ],
    [
      native({}),
      (s) => shift(s, 50, { now }),
      "ECS shifts this release, as 'deployment' in the file configures",
    ],
    [native({}), (s) => next(s, { now }), "ECS shifts this release, as 'deployment' in the file configures"],
    [
      native({}),
      (s) => promote(s, { now }),
      "nothing is left to promote: 'start' makes a version stable, and ECS shifts users to it after the deploy",
    ],
    [
      native({}),
      (s) => start(s, "v2", { now, percent: 5 }),
      "ECS sets the new version's share, as 'deployment' in the file configures: start without --percent",
    ],
    [native({}), (s) => hotfix(s, "v2", { now }), "ECS shifts to one version at a time: start v2"],
    [
      blueGreen({}),
      (s) => start(s, "2", { now }),
      "blue needs the addresses that may call it: --source 203.0.113.0/24",
    ],
    [
      codedeploy({ stable: 2, former: 1 }),
      (s) => rollback(s, { now }),
      "CodeDeploy moved users to 2, and a change of the file does not move them back: start 1, then run 'rollout'",
    ],
    [
      codedeploy({}),
      (s) => start(s, "2", { now, percent: 10 }),
      "CodeDeploy sets the canary's share, as 'rollout' in the file configures: start without --percent",
    ],
    [
      codedeploy({ canary: { version: 2 } }),
      (s) => start(s, "3", { now }),
      "2 is on trial, as the canary: roll it back, or use --replace to put 3 in its place",
    ],
    [
      codedeploy({ canary: { version: 2 } }),
      (s) => shift(s, 25, { now }),
      "CodeDeploy shifts this release, as 'rollout' in the file configures",
    ],
    [
      codedeploy({ canary: { version: 2 } }),
      (s) => next(s, { now }),
      "CodeDeploy shifts this release, as 'rollout' in the file configures",
    ],
    [
      codedeploy({ canary: { version: 2 } }),
      (s) => hotfix(s, "3", { now }),
      "CodeDeploy shifts to one version at a time: stop its shift, then start 3",
    ],
    [numbered({ canary: { version: 2 } }), (s) => shift(s, 10, { now }), "2 has 10 % already"],
    [project({}), (s) => shift(s, 10, { now }), "there is no canary to shift"],
    [project(canary("v2", 10)), (s) => shift(s, 10, { now }), "v2 has 10 % already"],
    [
      project({ steps, ...canary("v2", 10, longAgo) }),
      (s) => shift(s, 75, { now }),
      "the next step is 50 %; use --skip to go straight to 75 %",
    ],
    [
      project({ steps, ...canary("v2", 50, longAgo) }),
      (s) => shift(s, 75, { now }),
      "v2 has completed every step: promote it, or use --skip to shift it again",
    ],
    [
      project({ steps, ...canary("v2", 10, halfAnHourAgo) }),
      (s) => shift(s, 50, { now }),
      "v2 must stay at 10 % until 10:30 UTC (30 min left); use --skip to go on now",
    ],
    [
      project({ steps, ...canary("v2", 10, halfAnHourAgo) }),
      (s) => next(s, { now }),
      "v2 must stay at 10 % until 10:30 UTC (30 min left); use --skip to go on now",
    ],
    [
      project({ steps: [{ percent: 10, bakeMinutes: 1440 }], ...canary("v2", 10, halfAnHourAgo) }),
      (s) => promote(s, { now }),
      "v2 must stay at 10 % until 2026-11-22 09:30 UTC (1410 min left); use --skip to go on now",
    ],
    [
      project({ steps, ...canary("v2", 10) }),
      (s) => next(s, { now }),
      "'canary.since' is missing, so the end of the bake time is unknown: write it, or use --skip to go on now",
    ],
    [project({ steps }), (s) => next(s, { now }), "there is no canary to advance"],
    [
      project(canary("v2", 10)),
      (s) => next(s, { now }),
      "the file has no 'steps': use shift to set the percent",
    ],
    [project({}), (s) => promote(s, { now }), "there is no canary to promote"],
    [blueGreen({}), (s) => promote(s, { now }), "there is no blue version to promote"],
    [
      project({ steps, ...canary("v2", 10, longAgo) }),
      (s) => promote(s, { now }),
      "the next step is 50 %; use --skip to promote now",
    ],
    [
      project({}),
      (s) => rollback(s, { now }),
      "there is nothing to roll back: neither a canary nor a 'former' version",
    ],
    [project({}), (s) => rollback(s, { now, to: "v9" }), "v9 is not published (v1, v2, v3)"],
    [project({}), (s) => rollback(s, { now, to: "v1" }), "v1 serves everybody already"],
    [
      project({ stable: "v2", ...canary("v3", 10) }),
      (s) => rollback(s, { now, to: "v1" }),
      "v3 is on trial, as the canary with 10 %: 'rollback' without --to drops it, and then users can return to v1",
    ],
    [project({}), (s) => rollback(s, { now, to: "v2" }), "v2 was published after v1: start it"],
    [
      codedeploy({ stable: 3, former: 2 }),
      (s) => rollback(s, { now, to: "1" }),
      "a change of the file does not move them back: start 1, then run 'rollout'",
    ],
    [
      project({}),
      (s) => hotfix(s, "v2", { now }),
      "a hotfix replaces stable while a canary runs, but there is no canary: start it as a canary",
    ],
    [
      project(canary("v2", 10)),
      (s) => hotfix(s, "v2", { now }),
      "v2 is on trial, as the canary with 10 %: promote it",
    ],
    [
      project(canary("v2", 10)),
      (s) => hotfix(s, "v4", { now }),
      "v4 is not published: publish it first (no traffic moves)",
    ],
    [
      project({
        ...canary("v2", 10),
        api: wider,
        versions: {
          v1: { fingerprint: plainFingerprint },
          v2: { fingerprint: fingerprintOf(wider) },
          v3: { fingerprint: fingerprintOf(wider) },
        },
      }),
      (s) => hotfix(s, "v3", { now }),
      "v3 has another API definition than v1 and would bring it to all users at once",
    ],
    [
      project(canary("v2", 10)),
      (s) => prune(s, ["v2"]),
      "v2 is canary: prune removes only versions that no pointer names",
    ],
    [project({}), (s) => prune(s, ["v1"]), "v1 is stable: prune removes only versions that no pointer names"],
    [project({}), (s) => prune(s, ["v9"]), "v9 is not published (v1, v2, v3)"],
    [
      shop({ versions: ["v1"] }),
      (s) => prune(s, []),
      "there is no version to prune: pointers name all of them",
    ],
    [
      shop({ versions: ["v1", "v2"], stable: "v2", former: "v1" }),
      (s) => prune(s, []),
      "there is no version to prune: v1 is the former version, which prune removes only by name",
    ],
    [
      project({ settings: { memoryMb: 256 } }),
      (s) => start(s, "v2", { now }),
      "the file would not be valid:\n  releases/dev/shop.json",
    ],
  ])("%#", (files, verb, message) => expect(() => after(files, verb)).toThrow(message));
});
