import type { Stop } from "../../src/release/steps/stops";
import { checkDecidedAgain } from "../../src/review/checks/decided-again";
import { checkLiveState } from "../../src/review/checks/live-state";
import { checkOneKind } from "../../src/review/checks/one-kind";
import { checkPlannedChanges } from "../../src/review/checks/planned-changes";
import { fileChecks } from "../../src/review/review";
import { type Beside, between, changed, lines, planOf, resource } from "./between";

const [nine, ten] = ["2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z"] as const;
const plain = { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1" };
const guarded = { ...plain, guard: {}, stableSince: nine };
const trial = { ...guarded, canary: { version: "v2", percent: 10, since: nine } };
const environment = (guard?: object) => ({
  "releases/dev/environment.json": { region: "eu-central-1", guard },
});

const steps = (base: object, head: object, beside?: Beside) =>
  between(base, head, beside).steps.map(({ kind, text, shownBy }) => `${kind}: ${text} (${shownBy})`);

const stage = (...names: string[]) =>
  resource("aws_api_gateway_stage.canary-stage_EA838A75", { changed: changed(...names) });
const code = resource("aws_lambda_function.guard_function_B86A1164", {
  changed: changed("source_code_hash"),
});
const part = (address: string, action: "create" | "delete") => resource(address, { action });

describe("a guard", () => {
  test("comes with the alarms that it looks at, as steps of their own", () => {
    expect(steps(plain, { ...plain, guard: {} })).toEqual([
      "alarms: alarms (alarms)",
      "guard: add the guard (guard)",
    ]);
    expect(steps({ ...plain, alarms: {} }, { ...plain, alarms: {}, guard: {} })).toEqual([
      "guard: add the guard (guard)",
    ]);
  });

  test("may come from the environment, and is told only where that changes the service", () => {
    const comes = { baseFiles: environment(), files: environment({}) };
    expect(steps(plain, plain, comes)).toEqual([
      "alarms: alarms (alarms)",
      "guard: add the guard (guard in releases/dev/environment.json)",
    ]);
    const without = { ...plain, guard: false };
    expect(steps(without, without, comes)).toEqual([]);
  });

  test("goes, and changes its settings", () => {
    const of = (settings: object) => ({ ...plain, alarms: {}, ...settings });
    expect(steps(of({ guard: {} }), of({}))).toEqual(["guard: remove the guard (guard)"]);
    expect(steps(of({ guard: {} }), of({ guard: { afterPromotionMinutes: 30 } }))).toEqual([
      "guard: settings of the guard (guard)",
    ]);
  });

  test("is no change beside a move of traffic", () => {
    const found = checkOneKind(between({ ...plain, alarms: {} }, { ...trial, alarms: {} }));
    expect(lines(found)).toEqual([
      expect.stringContaining("does more in one change, add the guard (`guard`)"),
    ]);
  });

  test("has another code with another version of this package", () => {
    const other = new Map([["shop-dev-guard", ["lambda-release 1.0.0 -> 1.1.0 in package-lock.json"]]]);
    expect(steps(guarded, guarded, { code: other })).toEqual([
      "guard: code of the guard (lambda-release 1.0.0 -> 1.1.0 in package-lock.json)",
    ]);
  });
});

describe("a plan", () => {
  const unexplained = (base: object, head: object, ...resources: ReturnType<typeof resource>[]) =>
    lines(checkPlannedChanges(between(base, head, { plan: planOf(...resources) }))).filter((one) =>
      one.includes("nothing in this change explains it"),
    );
  const parts = [
    "aws_ssm_parameter.stops_E374974E",
    "aws_sqs_queue.guard_failed_2F5019BA",
    "aws_iam_role.guard_function_role_C7204B43",
    "aws_cloudwatch_event_rule.guard_alarms_rule_AF3B6B92",
  ];

  test("makes and destroys the guard where the file adds or removes it", () => {
    const [made, gone] = [
      parts.map((one) => part(one, "create")),
      parts.map((one) => part(one, "delete")),
    ] as const;
    const withAlarms = { ...plain, alarms: {} };
    const withGuard = { ...withAlarms, guard: {} };
    expect(unexplained(withAlarms, withGuard, ...made, stage("description"))).toEqual([]);
    expect(unexplained(withGuard, withAlarms, ...gone, stage("description"))).toEqual([]);
    expect(unexplained(guarded, trial, ...made)).toHaveLength(made.length);
    expect(unexplained(guarded, trial, ...gone)).toHaveLength(gone.length);
  });

  test.each([
    ["the plan lacks the guard", { ...plain, alarms: {} }, { ...plain, alarms: {}, guard: {} }],
    ["the plan lacks another time", { ...plain, guard: {} }, guarded],
  ])("%s: it is of another commit", (_, base, head) => {
    const found = lines(checkPlannedChanges(between(base, head, { plan: planOf(stage()) })));
    expect(found).toContainEqual(expect.stringContaining("the plan lacks this step"));
  });

  test.each([
    ["a start", guarded, trial],
    ["a promotion", trial, { ...guarded, stable: "v2", stableSince: ten, former: "v1" }],
    ["another time", guarded, { ...guarded, stableSince: ten }],
    ["another former version", { ...guarded, former: "v2" }, guarded],
    [
      "a pruned former version",
      { ...guarded, versions: ["v1", "v2", "v3"], former: "v3" },
      { ...guarded, versions: ["v1", "v2"] },
    ],
  ])("records the decision of %s on the pointer", (_, base, head) => {
    expect(unexplained(base, head, stage("description"))).toEqual([]);
    const alias = resource("aws_lambda_alias.live_BCEC2B85", { changed: changed("description") });
    expect(unexplained(base, head, alias)).toEqual([]);
  });

  test("another description that no decision explains is found", () => {
    expect(
      unexplained({ ...plain, alarms: {} }, { ...plain, dashboard: false }, stage("description")),
    ).toEqual([expect.stringContaining("(description)")]);
  });

  test.each([
    ["publishing", guarded, { ...guarded, versions: ["v1", "v2", "v3"] }],
    ["pruning", { ...guarded, versions: ["v1", "v2", "v3"] }, guarded],
    ["other alarms", guarded, { ...guarded, alarms: { errors: { threshold: 5 } } }],
    ["a dashboard", guarded, { ...guarded, dashboard: false }],
  ])("gives the guard other code with %s", (_, base, head) => {
    expect(unexplained(base, head, code)).toEqual([]);
  });

  test("gives the guard no other code with a move", () => {
    expect(unexplained(guarded, trial, code)).toEqual([expect.stringContaining("guard_function")]);
  });
});

describe("what a guard stopped", () => {
  const stop: Stop = {
    version: "v2",
    at: ten,
    by: "guard",
    reason: "alarm shop-dev-v2-errors",
    from: { v1: 90, v2: 10 },
    to: { v1: 100 },
  };
  const on = (version: string) => ({
    variables: { shopFunction: `shop-dev-${version}` },
    canary_settings: [],
  });
  const live = (before: object, stops: readonly Stop[], head: object) => {
    const pointer = resource("aws_api_gateway_stage.canary-stage_EA838A75", { before: before as never });
    const found = checkLiveState(between(trial, head, { plan: { ...planOf(pointer), stops } }));
    return found.map(({ message }) => message.replace(/^.* of main says v1 90 %, v2 10 %: /, ""));
  };
  const more = { ...trial, canary: { version: "v2", percent: 25, since: "2026-11-21T11:00:00Z" } };

  test("is named where the file has not taken it in, with what takes it in", () => {
    expect(live(on("v1"), [stop], more)).toEqual([
      `v2 was stopped at ${ten} by guard (alarm shop-dev-v2-errors); run 'lambda-release sync dev/shop' and merge that first`,
    ]);
  });

  test("is live already with the change that takes it in", () => {
    expect(live(on("v1"), [stop], guarded)).toEqual(["this change is live already"]);
  });

  test.each<[string, object, readonly Stop[]]>([
    ["a promotion by hand", on("v2"), [stop]],
    ["a canary that was dropped by hand, without a stop", on("v1"), []],
    ["a stop before the decision", on("v1"), [{ ...stop, at: "2026-11-21T08:00:00Z" }]],
    ["a stop of another version", on("v1"), [{ ...stop, version: "v3" }]],
  ])("is no reason for %s", (_, before, stops) => {
    expect(live(before, stops, more)).toEqual([
      "the traffic was moved by hand, which an apply would undo, or main is not deployed yet",
    ]);
  });
});

describe("another time of the same decision", () => {
  const found = (base: object, head: object) =>
    checkDecidedAgain(between(base, head)).map(
      ({ message, isNote }) => `${isNote ? "note: " : ""}${message}`,
    );

  test("is found, because it can lift a stop", () => {
    expect(found(guarded, { ...guarded, stableSince: ten })).toEqual([
      `'stableSince' changes from ${nine} to ${ten}, but the stable version is the same: a later time lifts a stop of it`,
    ]);
    expect(found(guarded, { ...guarded, stableSince: undefined })).toEqual([
      expect.stringContaining(`from ${nine} to none`),
    ]);
  });

  test("is a note where there was none", () => {
    expect(found({ ...guarded, stableSince: undefined }, guarded)).toEqual([
      `note: 'stableSince' is ${nine} and was not given before: a stop before that time does not hold`,
    ]);
  });

  test("is no finding where the stable version changes", () => {
    expect(found(trial, { ...guarded, stable: "v2", stableSince: ten, former: "v1" })).toEqual([]);
  });

  test("of a canary is none that skipping a bake time lets through", () => {
    const later = { ...trial, canary: { ...trial.canary, since: ten } };
    const checksOf = (base: object, head: object) =>
      fileChecks.flatMap((check) => check(between(base, head))).map(({ check }) => check);
    expect(checksOf(trial, later)).toEqual(["decided again"]);
    const [before, after] = [trial, later].map((one) => ({ ...one, guard: undefined }));
    expect(checksOf(before as object, after as object)).toEqual(["bake time"]);
  });

  test("is found where it is yet to come, because no stop holds until then", () => {
    const ahead = "2026-11-21T12:11:00Z";
    const why = "which is yet to come: until then a stop of that version does not hold";
    const started = { ...trial, canary: { ...trial.canary, since: ahead } };
    expect(found(guarded, started)).toEqual([`'canary.since' is ${ahead}, ${why}`]);
    const promoted = { ...guarded, stable: "v2", stableSince: ahead, former: "v1" };
    expect(found(trial, promoted)).toEqual([`'stableSince' is ${ahead}, ${why}`]);
    expect(found(promoted, promoted)).toHaveLength(1);
    // Two clocks differ by minutes.
    expect(found(trial, { ...promoted, stableSince: "2026-11-21T12:09:00Z" })).toEqual([]);
    expect(found({ ...trial, guard: undefined }, { ...started, guard: undefined })).toHaveLength(0);
  });

  test("a move tells its own time", () => {
    expect(steps(trial, { ...guarded, stable: "v2", stableSince: ten, former: "v1" })).toHaveLength(1);
  });
});
