import { prune, publish } from "../../src/release/verbs/publish";
import { hotfix, next, promote, rollback, shift, start } from "../../src/release/verbs/transitions";
import type { Files } from "../support/project";
import { fingerprintOf, plainFingerprint, shop, wider } from "../support/shop";
import {
  after,
  blueGreen,
  canary,
  codedeploy,
  containers,
  halfAnHourAgo,
  image,
  longAgo,
  native,
  now,
  numbered,
  project,
  steps,
  type Verb,
} from "./verb-files";

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
