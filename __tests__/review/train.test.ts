import { review } from "../../src/review/review";
import type { Files } from "../support/project";
import { Repository } from "../support/repository";
import { onTrial, service, train } from "../support/train";

jest.setTimeout(60_000);

const now = new Date("2026-11-28T09:00:00Z");
const promoted = { stable: "v2", former: "v1" };
const shifted = { canary: { ...onTrial.canary, percent: 25 } };

/** The review of files on a commit where orders and billing are on trial at 10 percent. */
async function reviewOf(head: Files, base: Files = {}) {
  const repository = new Repository(train(base));
  repository.write(train({ ...base, ...head }));
  return review({ project: repository.project, base: "main", now });
}

test("a train that moves as one has one line, and its services below it in its order", async () => {
  const { markdown, findings, notes, trains } = await reviewOf({
    ...service("billing", promoted),
    ...service("orders", promoted),
  });
  expect([findings, notes]).toEqual([[], []]);
  expect(trains).toMatchObject([
    { name: "dev/checkout", isAsOne: true, stacks: ["orders-dev", "billing-dev"] },
  ]);
  const titles = markdown.split("\n").filter((line) => line.startsWith("**"));
  expect(titles).toEqual([
    "**Train dev/checkout** moves as one: promote v2 (orders, billing); deployed in this order: orders, billing; if one fails, the deploy stops",
    expect.stringMatching(/^\*\*orders-dev\*\*: v1 90 -> 0 %, v2 10 -> 100 %/),
    expect.stringMatching(/^\*\*billing-dev\*\*: v1 90 -> 0 %, v2 10 -> 100 %/),
  ]);
});

test("the line says what a failure does, and a way back is deployed from the last to the first", async () => {
  const trains = { checkout: { services: ["orders", "billing"], onFailure: "take-back" } };
  const environment = { "releases/dev/environment.json": { region: "eu-central-1", trains } };
  const forward = await reviewOf(
    { ...service("billing", promoted), ...service("orders", shifted) },
    environment,
  );
  expect(forward.trains[0]?.headline).toBe(
    "shift v2 to 25 % (orders), promote v2 (billing); deployed in this order: orders, billing; if one fails, the deploy takes back those before it",
  );
  const back = await reviewOf({ ...service("billing", {}), ...service("orders", {}) }, environment);
  expect(back.trains[0]?.headline).toBe(
    "roll back v2 (orders, billing); deployed in this order: billing, orders; if one fails, the deploy stops",
  );
});

test("a part of a train is warned of, which fails nothing", async () => {
  const { markdown, findings, notes } = await reviewOf(service("orders", promoted));
  expect(findings).toEqual([]);
  expect(notes).toEqual([
    {
      check: "train",
      place: expect.stringMatching(/^releases\/dev\/billing\.json:\d+$/),
      message: "billing does not move, but orders of its train dev/checkout does",
      isNote: true,
    },
  ]);
  expect(markdown).toContain(
    "**Train dev/checkout** **does not move as one**: promote v2 (orders); without billing\n",
  );
});

test("so are two directions", async () => {
  const { notes } = await reviewOf({ ...service("orders", shifted), ...service("billing", {}) });
  expect(notes.map(({ message }) => message)).toEqual([
    "billing goes back, but orders of its train dev/checkout goes forward",
  ]);
});

test("a train is not told of where no service of it moves", async () => {
  const search = await reviewOf(service("search", onTrial));
  expect([search.trains, search.notes]).toEqual([[], []]);
  expect(search.markdown).not.toContain("Train");
});
