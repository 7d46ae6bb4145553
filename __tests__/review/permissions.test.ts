import { checkOneKind } from "../../src/review/checks/one-kind";
import { checkPermissions } from "../../src/review/checks/permissions";
import { checkPublishedVersions } from "../../src/review/checks/published-version";
import { checkStrategy } from "../../src/review/checks/strategy";
import { between, lines } from "./between";

const bucket = (name: string) => ({ actions: ["s3:GetObject"], resources: [`arn:aws:s3:::${name}/*`] });
const own = { strategy: "weighted-alias", versions: [1, 2], stable: 1 };
const split = { canary: { version: 2, percent: 20 } };
const roleArn = "arn:aws:iam::111122223333:role/shop";

const steps = (base: object, head: object) =>
  between(base, head).steps.map(({ kind, text, shownBy }) => [kind, text, shownBy]);
const told = (base: object, head: object, beside = {}) =>
  checkPermissions(between(base, head, beside)).map(({ message, isNote = false }) => [isNote, message]);

describe("where Lambda keeps the versions", () => {
  const one = { ...own, settings: { permissions: [bucket("one")] } };
  const two = { ...own, settings: { permissions: [bucket("one"), bucket("two")] } };

  test("a permission is a step of all versions, and a secret one of the next version too", () => {
    expect(steps(one, two)).toEqual([["permissions", "permissions of all versions", "permissions"]]);
    const secret = { ...own, settings: { ...one.settings, secrets: { KEY: "stripe" }, memoryMb: 256 } };
    expect(steps(one, secret)).toEqual([
      ["settings", "settings of the next version", "memoryMb, secrets"],
      ["permissions", "permissions of all versions", "secrets"],
    ]);
    expect(steps(own, { ...own, settings: { roleArn } })).toEqual([
      ["settings", "settings of the next version", "roleArn"],
    ]);
  });

  test("who serves has it at once, which is a note", () => {
    expect(told({ ...one, ...split }, { ...two, ...split })).toEqual([
      [true, "reaches version 1 (80 %) and version 2 (20 %) at once, because all versions have one role"],
    ]);
    expect(told(two, one)).toEqual([
      [
        true,
        "reaches version 1 (100 %) at once, because all versions have one role; it takes s3:GetObject on arn:aws:s3:::two/* from them",
      ],
    ]);
    expect(told(one, one)).toEqual([]);
  });

  const wayOut =
    "from version 1 (100 %) at once, because all versions have one role, and brings the next version: keep it in 'permissions' until no user has a version that needs it";

  test("what goes together with other code or settings is found", () => {
    expect(told(two, { ...one, settings: { ...one.settings, memoryMb: 256 } })).toEqual([
      [false, `takes s3:GetObject on arn:aws:s3:::two/* ${wayOut}`],
    ]);
    const code = new Map([["shop-dev", ["lambdas/shop/shop.ts"]]]);
    expect(told(two, one, { code })).toEqual([[false, `takes s3:GetObject on arn:aws:s3:::two/* ${wayOut}`]]);
    expect(told(one, two, { code }).map(([isNote]) => isNote)).toEqual([true]);
    const policy = { ...own, settings: { managedPolicies: ["arn:aws:iam::aws:policy/One"] } };
    expect(told(policy, own, { code })).toEqual([[false, `takes arn:aws:iam::aws:policy/One ${wayOut}`]]);
    const secret = { ...own, settings: { secrets: { KEY: "stripe" } } };
    expect(told(secret, own)).toEqual([
      [
        false,
        `takes secretsmanager:GetSecretValue on arn:<partition>:secretsmanager:<region>:<account-id>:secret:stripe-?????? ${wayOut}`,
      ],
    ]);
  });

  test("a move of traffic goes alone", () => {
    expect(lines(checkOneKind(between(one, { ...two, ...split })))).toEqual([
      expect.stringContaining("permissions of all versions (`permissions`): make two changes"),
    ]);
  });

  test("another role is a step, and a finding while the traffic is split: Lambda splits between versions of one role", () => {
    const other = { settings: { roleArn } };
    const notes = checkStrategy(between(own, { ...own, ...other }));
    const findings = checkStrategy(between({ ...own, ...split }, { ...own, ...split, ...other }));
    expect([...notes, ...findings].map(({ check, isNote }) => [check, isNote])).toEqual([
      ["permissions", true],
      ["permissions", false],
    ]);
  });
});

test("where a version has functions of its own, its permissions are its settings: one that serves is not changed", () => {
  const of = (settings: object) => ({ versions: { v1: { settings }, v2: {} }, stable: "v1" });
  const change = between(of({}), of({ permissions: [bucket("one")] }));
  expect(change.steps.map(({ kind, text, shownBy }) => [kind, text, shownBy])).toEqual([
    ["settings", "settings of v1", "permissions"],
  ]);
  expect(checkPermissions(change)).toEqual([]);
  expect(lines(checkPublishedVersions(change))).toEqual([
    expect.stringContaining("v1 serves 100 %, and this changes its settings (`permissions`)"),
  ]);
  const withReason = (reason?: string) =>
    of({ permissions: [{ ...bucket("one"), resources: ["*"], reason: reason ?? "it reads every bucket" }] });
  const reasoned = between(withReason(), withReason("it reads all buckets"));
  expect(reasoned.steps.map(({ kind }) => kind)).toEqual(["other"]);
  expect(checkPublishedVersions(reasoned)).toEqual([]);
});
