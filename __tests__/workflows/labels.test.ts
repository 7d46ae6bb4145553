import type { EnvironmentReview } from "../../src/workflows/environment-review";
import { label } from "../../src/workflows/labels";
import { reviewed } from "../support/environment-review";
import { gitHubServer } from "../support/github-server";

const review = (environment: string, ...kinds: string[]) => reviewed({ environment, kinds });
const there = (...names: string[]) => ({
  "GET /issues/7/labels?per_page=100&page=1": names.map((name) => ({ name })),
});
const exists = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [`GET /labels/${encodeURIComponent(name)}`, { name }]));

async function labelled(
  answers: Record<string, unknown>,
  reviews: readonly EnvironmentReview[],
  missing: readonly string[] = [],
) {
  const { github, written } = await gitHubServer(answers);
  const trouble = await label(github, 7, { reviews, missing }, ["dev", "prod", "test"]);
  const calls = written.map(({ method, path, body }) => {
    const { name, labels } = (body ?? {}) as { name?: string; labels?: string[] };
    return `${method} ${decodeURIComponent(path)} ${name ?? labels?.join(", ") ?? ""}`.trim();
  });
  return { trouble, calls, written };
}

test("a pull request gets labels for its environments and steps; those that nobody has yet are made", async () => {
  const { calls, written, trouble } = await labelled({ ...there(), ...exists("env: dev") }, [
    review("dev", "shift", "tags", "shift"),
    review("prod", "roll back"),
  ]);
  expect(calls).toEqual([
    "POST /labels env: prod",
    "POST /labels release: shift",
    "POST /labels release: rollback",
    "POST /issues/7/labels env: dev, env: prod, release: shift, release: rollback",
  ]);
  expect(written[2]?.body).toEqual({
    name: "release: rollback",
    color: "d93f0b",
    description: "lambda-release: a step of a release, rollback",
  });
  expect(trouble).toBeUndefined();
});

test("labels that are no longer true go, and others' stay, be they alike", async () => {
  const present = ["env: dev", "release: shift", "release: 2026", "env: staging", "bug", "skip-steps"];
  const { calls } = await labelled({ ...there(...present, "Env: Test"), ...exists("release: promote") }, [
    review("dev", "promote"),
  ]);
  expect(calls).toEqual([
    "DELETE /issues/7/labels/release: shift",
    "DELETE /issues/7/labels/Env: Test",
    "POST /issues/7/labels release: promote",
  ]);
});

test("where nothing has changed, nothing is written; where nothing is left, all of them go", async () => {
  const present = there("env: dev", "release: publish");
  expect((await labelled(present, [review("dev", "publish")])).calls).toEqual([]);
  expect((await labelled(present, [])).calls).toEqual([
    "DELETE /issues/7/labels/env: dev",
    "DELETE /issues/7/labels/release: publish",
  ]);
});

test("an environment that could not be reviewed has its label, and a kind of step that is none has none", async () => {
  const { calls } = await labelled(
    { ...there(), ...exists("env: dev", "env: prod") },
    [review("dev", "constructor", "other")],
    ["prod"],
  );
  expect(calls).toEqual(["POST /issues/7/labels env: dev, env: prod"]);
});

test("a label that another run made, or took away, meanwhile is no trouble", async () => {
  const raced = { ...there("env: test"), "POST /labels": 422, "DELETE /issues/7/labels/env%3A%20test": 404 };
  const { calls, trouble } = await labelled(raced, [review("dev")]);
  expect([calls.at(-1), trouble]).toEqual(["POST /issues/7/labels env: dev", undefined]);
});

test("labels that GitHub does not let be made are told, and fail nothing", async () => {
  const { trouble, calls } = await labelled({ ...there(), "POST /labels": 403 }, [review("dev")]);
  expect(trouble).toBe(
    "the labels of #7 are not current: GitHub answers 403 to POST /labels: Resource not accessible by integration",
  );
  expect(calls).toEqual(["POST /labels env: dev"]);
});
