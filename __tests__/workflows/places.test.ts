import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Places } from "../../src/workflows/places";
import { temporaryFolder, writeFiles } from "../support/project";

const repository = temporaryFolder();
const project = join(repository, "infra");
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd: repository,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
const commit = (files: Record<string, string>) => {
  writeFiles(project, files);
  git("add", ".");
  git("commit", "--quiet", "--message", "a commit");
  return git("rev-parse", "HEAD");
};

/** A pull request as a run has it: merged with a base that has gone on. */
test("a finding is in the pull request's head, or in the merge where the base has changed the file too", () => {
  mkdirSync(project);
  git("init", "--quiet", "--initial-branch", "main");
  commit({ "own.json": "1\n", "both.json": "1\n2\n3\n4\n5\n6\n7\n" });
  git("checkout", "--quiet", "-b", "change");
  const head = commit({ "own.json": "2\n", "both.json": "1\n2\n3\n4\n5\n6\nchanged\n" });
  expect(new Places(project).of("own.json:1")?.commit).toBe(head);
  git("checkout", "--quiet", "main");
  commit({ "both.json": "new\n1\n2\n3\n4\n5\n6\n7\n" });
  git("merge", "--quiet", "--no-edit", "change");
  const merge = git("rev-parse", "HEAD");
  const places = new Places(project);
  expect([places.head, places.of("own.json:1"), places.of("both.json:8"), places.of("own.json")]).toEqual([
    head,
    { commit: head, path: "infra/own.json", line: 1 },
    { commit: merge, path: "infra/both.json", line: 8 },
    { commit: head, path: "infra/own.json" },
  ]);
  expect([places.of("aws_api_gateway_stage.stage"), places.of("gone.json:1"), places.of("")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  writeFiles(project, { "own.json": "not committed\n" });
  expect(new Places(project).of("own.json:1")).toBeUndefined();
});
