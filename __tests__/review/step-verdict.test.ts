import { fileChecks } from "../../src/review/review";
import { between } from "./between";

const since = "2026-11-21T09:00:00Z";
const judged = [{ percent: 10, verdict: "as-good" }, { percent: 50 }];
const file = (fields: object) => ({
  strategy: "canary-stage",
  versions: ["v1", "v2"],
  stable: "v1",
  steps: judged,
  canary: { version: "v2", percent: 10, since },
  ...fields,
});
const more = { canary: { version: "v2", percent: 50, since: "2026-11-21T11:00:00Z" } };
const found = (head: object) =>
  fileChecks.flatMap((check) => check(between(file({}), head))).map(({ message }) => message);

const plain = [{ percent: 10 }, { percent: 50 }];

test("a change does not leave a step and take away the verdict that it waits for", () => {
  expect(found(file({ ...more, steps: plain }))).toEqual([
    "v2 waits for the verdict at 10 % in main, and 'steps' does not ask for it any more: make two changes",
  ]);
});

test.each<[string, object]>([
  ["leaves it with the verdict still asked for", file(more)],
  ["takes the verdict away alone", file({ steps: plain })],
  ["rolls back too", file({ steps: plain, canary: undefined })],
])("nothing is found where it %s", (_, head) => {
  expect(found(head)).toEqual([]);
});
