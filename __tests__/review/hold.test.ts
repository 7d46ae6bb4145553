import { checkHeld } from "../../src/review/checks/held";
import { between, lines } from "./between";

const since = "2026-11-21T09:00:00Z";
const hold = { why: "support | looks", since };
const plain = { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1" };
const at = (percent: number, more: object = {}) => ({
  ...plain,
  canary: { version: "v2", percent, since, ...more },
});
const steps = (base: object, head: object) =>
  between(base, head).steps.map(({ kind, text, shownBy }) => `${kind}: ${text} (${shownBy})`);

describe("a hold", () => {
  test("is a step of its own, with its reason, and so is its end", () => {
    expect(steps(at(10), at(10, { hold }))).toEqual([
      `hold: hold v2 at 10 % (canary.hold none -> ${since} support | looks)`,
    ]);
    expect(steps(at(10, { hold }), at(10))).toEqual([
      `hold: release v2 (canary.hold ${since} support | looks -> none)`,
    ]);
  });

  test("hides no other change of the canary", () => {
    const later = { hold, since: "2026-11-21T10:00:00Z" };
    expect(steps(at(10), at(10, later))).toContain("other: other canary (canary)");
  });

  test("goes without a word with the canary that is rolled back", () => {
    expect(steps(at(10, { hold }), plain)).toEqual(["roll back: roll back v2 (canary v2 at 10 % -> none)"]);
    expect(checkHeld(between(at(10, { hold }), plain))).toEqual([]);
  });

  const found = [
    `releases/dev/shop.json:1 v2 is held since ${since}: support | looks; run 'release' before it gets more users`,
  ];
  test.each<[string, object, object]>([
    ["a larger share", at(10, { hold }), at(50, { hold })],
    ["a promotion", at(10, { hold }), { ...plain, stable: "v2", former: "v1" }],
  ])("lets a review find %s", (_, base, head) => {
    expect(lines(checkHeld(between(base, head))).map((line) => line.replace(/json:\d+/, "json:1"))).toEqual(
      found,
    );
  });

  test.each<[string, object, object]>([
    ["a smaller share", at(10, { hold }), at(5, { hold })],
    ["a larger share of a version that is released too", at(10, { hold }), at(50)],
    ["a larger share of a version that nobody holds", at(10), at(50)],
  ])("lets %s pass", (_, base, head) => {
    expect(checkHeld(between(base, head))).toEqual([]);
  });
});
