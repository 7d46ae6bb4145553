import {
  noStops,
  readStops,
  type Stop,
  stopOf,
  stopsParameter,
  withStop,
} from "../../../src/release/steps/stops";

const ten = "2026-11-27T10:00:00Z";
const stop = (version: string, given: Partial<Stop> = {}): Stop => ({
  version,
  at: ten,
  by: "guard",
  reason: `alarm shop-dev-${version}-errors`,
  from: { v1: 90, [version]: 10 },
  to: { v1: 100 },
  ...given,
});
const mostBytes = 4096;
const versionsOf = (value: string) => readStops(value).map(({ version }) => version);

test("the parameter is the release's own", () => {
  expect(stopsParameter("shop-dev")).toBe("/lambda-release/shop-dev/stops");
});

describe("what is written", () => {
  test("is read back as it was, the latest stop first", () => {
    const value = withStop(withStop(noStops, stop("v2")), stop("v3"));
    expect(readStops(value)).toEqual([stop("v3"), stop("v2")]);
  });

  test("has a version's latest stop alone", () => {
    const again = stop("v2", { at: "2026-11-27T11:00:00Z", by: "rollback --now" });
    const value = [stop("v2"), stop("v3"), again].reduce(withStop, noStops);
    expect(readStops(value)).toEqual([again, stop("v3")]);
  });

  test("keeps as many of the latest stops as SSM takes", () => {
    const names = Array.from({ length: 60 }, (_, index) => `v${index + 2}`);
    const value = names.map((name) => stop(name)).reduce(withStop, noStops);
    const kept = versionsOf(value);
    expect(kept).toEqual(names.reverse().slice(0, kept.length));
    expect(Buffer.byteLength(value)).toBeLessThanOrEqual(mostBytes);
    const oneMore = [...readStops(value), stop(names[kept.length] ?? "")];
    expect(Buffer.byteLength(JSON.stringify({ stops: oneMore }))).toBeGreaterThan(mostBytes);
  });

  test.each([
    ["is longer than SSM takes", "x".repeat(5_000)],
    ["is so in bytes and not in characters", "ü".repeat(3_000)],
    ["is so where it is written, with its quotes escaped", '"'.repeat(3_000)],
    ["has signs of two halves", "🙂".repeat(1_500)],
  ])("has a reason that %s cut off, and fits", (_, reason) => {
    const value = withStop(withStop(noStops, stop("v2")), stop("v3", { reason }));
    expect(Buffer.byteLength(value)).toBeLessThanOrEqual(mostBytes);
    const [latest] = readStops(value);
    expect(latest).toMatchObject({ version: "v3", at: ten, by: "guard", to: { v1: 100 } });
    const cut = latest?.reason.replace(/…$/, "") ?? "";
    expect(cut.length).toBeGreaterThan(500);
    expect(reason.startsWith(cut)).toBe(true);
    // Half a sign does not survive UTF-8.
    expect(Buffer.from(cut).toString()).toBe(cut);
  });

  test("has room for older stops beside a long reason", () => {
    const older = ["v2", "v3", "v4"].map((name) => stop(name)).reduce(withStop, noStops);
    expect(versionsOf(withStop(older, stop("v5", { reason: "x".repeat(5_000) })))).toEqual([
      "v5",
      "v4",
      "v3",
      "v2",
    ]);
  });
});

test.each([
  "",
  "none",
  "null",
  "5",
  "[]",
  '{"stops":null}',
  '{"stops":{"v2":true}}',
  '{"stops":[null,5,"v2",[],{},{"version":"v2"},{"version":2,"at":"2026-11-27T10:00:00Z"}]}',
  '{"stops":[{"version":"v2","at":"yesterday"},{"version":"v2","at":5}]}',
])("a value that somebody wrote by hand holds nothing up: %s", (value) => {
  expect(readStops(value)).toEqual([]);
  expect(readStops(withStop(value, stop("v2")))).toEqual([stop("v2")]);
});

test("a stop beside garbage is kept", () => {
  const value = JSON.stringify({ stops: [null, stop("v2"), { version: "v3" }] });
  expect(versionsOf(value)).toEqual(["v2"]);
});

describe("a stop", () => {
  test.each<[string, string | undefined, boolean]>([
    ["no time", undefined, false],
    ["an earlier one", "2026-11-27T09:59:59Z", false],
    ["the same one", ten, false],
    ["the same one with another offset", "2026-11-27T10:00:00+00:00", false],
    ["an earlier one that is greater as text", "2026-11-27T11:30:00+02:00", false],
    ["a later one", "2026-11-27T10:00:01Z", true],
    ["a later one that is smaller as text", "2026-11-27T09:30:00-01:00", true],
    ["a fraction of a second more", "2026-11-27T10:00:00.500Z", true],
  ])("is lifted by a decision that is later alone, not before: %s", (_, since, isLifted) => {
    expect(stopOf([stop("v3"), stop("v2")], { version: "v2", since })).toEqual(
      isLifted ? undefined : stop("v2"),
    );
  });

  test("is its version's alone", () => {
    expect(stopOf([stop("v2")], { version: "v1" })).toBeUndefined();
  });
});
