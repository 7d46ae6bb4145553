import { readDockerfile } from "../../src/rehearsal/rollout/ecs/dockerfile";
import { matchesWildcard } from "../../src/rehearsal/wildcard";

const long = 60_000;

/** How many seconds that takes: what is quadratic takes half a minute and more. */
function secondsOf(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1000;
}

test.each([
  ["*", "", true],
  ["*", "a", true],
  ["a*c", "abc", true],
  ["a*c", "abcd", false],
  ["a*b*c", "aXbYbZc", true],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["a.c", "abc", false],
  ["*/dev/*/a", "x/dev/GET/b/a", true],
  ["", "a", false],
])("the pattern '%s' and '%s': %s", (pattern, text, isMatch) => {
  expect(matchesWildcard(pattern, text)).toBe(isMatch);
});

test.each<[string, () => unknown]>([
  ["a pattern of many stars", () => matchesWildcard(`${"a*".repeat(50)}b`, "a".repeat(long))],
  ["a line of a Dockerfile with many spaces", () => readDockerfile(`CMD a${" ".repeat(long)}b`, {})],
  ["empty lines of a Dockerfile", () => readDockerfile(`${"\n".repeat(long)}x`, {})],
  ["a long word in ENV", () => readDockerfile(`ENV a=b ${"a".repeat(long)}`, {})],
])("%s is read at once", (_what, work) => {
  expect(secondsOf(work)).toBeLessThan(5);
});
