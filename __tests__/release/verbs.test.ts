import { prune, publish } from "../../src/release/verbs/publish";
import { hotfix, next, promote, rollback, shift, start } from "../../src/release/verbs/transitions";
import { filesInMemory } from "../support/files-in-memory";
import type { Files } from "../support/project";
import { fingerprintOf, plainFingerprint, shop, wider } from "../support/shop";
import {
  after,
  blueGreen,
  canary,
  codedeploy,
  containers,
  containersWith,
  halfAnHourAgo,
  image,
  longAgo,
  native,
  now,
  numbered,
  project,
  since,
  steps,
  type Verb,
} from "./verb-files";

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
