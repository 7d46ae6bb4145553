import { type Decision, decisionOf, decisionText, readDecision } from "../../../src/release/steps/decision";

const nine = "2026-11-27T09:00:00Z";
const times = [undefined, nine, "2026-11-27T10:00:00.123+00:00"];
const names = ["v1", "1.2.3", "since", "7"];

const decisions: Decision[] = names.flatMap((version) =>
  times.flatMap((since) =>
    [undefined, "v0", "former"].flatMap((former) =>
      [undefined, ...times.map((since) => ({ version: "canary", since }))].map((canary) => ({
        stable: { version, since },
        former,
        canary,
      })),
    ),
  ),
);

test("a decision is read back as it was written, whichever parts it has", () => {
  expect(decisions).toHaveLength(4 * 3 * 3 * 4);
  expect(decisions.map((one) => readDecision(decisionText(one)))).toEqual(decisions);
});

test("no two decisions are one text", () => {
  expect(new Set(decisions.map(decisionText)).size).toBe(decisions.length);
});

test("says who serves users, since when, and who did before", () => {
  const canary = { version: "v2", percent: 10, since: nine };
  expect(decisionText(decisionOf({ stable: "v1", stableSince: nine, former: "v0", canary }))).toBe(
    `stable v1 since ${nine}, former v0, canary v2 since ${nine}`,
  );
});

test.each([
  "",
  "managed by Terraform",
  "stable",
  "stable ",
  "Stable v1",
  "the stable v1",
  "stable v1 since",
  "stable v1 since yesterday evening",
  "stable v1, canary v2, former v0",
  "stable v1, former v0, ",
  `stable v1 since ${nine}\nformer v0`,
  "canary v2",
])("a text that is no decision is none: '%s'", (text) => {
  expect(readDecision(text)).toBeUndefined();
});
