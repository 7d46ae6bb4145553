import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { shop, temporaryFolder, writeFiles } from "../support/project";
import { release } from "../support/release-command";
import { Repository } from "../support/repository";

jest.setTimeout(60_000);

const file = "releases/dev/shop.json";
const at = (hour: number) => `2026-11-27T${String(hour).padStart(2, "0")}:00:00Z`;

/** A repository whose commits give the shop's file one state after the other, an hour after each other. */
function repository(...states: readonly (readonly [message: string, release: object | string])[]) {
  const made = new Repository({});
  for (const [index, [message, state]] of states.entries()) {
    made.write(typeof state === "string" ? { ...shop({}), [file]: state } : shop(state));
    made.commitAll(message, at(index + 1));
  }
  return made;
}

const canary = (percent: number) => ({ canary: { version: "v2", percent } });
const promoted = { stable: "v2", former: "v1" };

const historyOf = async ({ project }: Repository, ...args: string[]) => {
  const { exitCode, stdout, stderr } = await release(project, ["history", "dev/shop", ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout;
};

const entriesOf = async (made: Repository) => JSON.parse(await historyOf(made, "--json")).entries;

describe("history", () => {
  test("tells each change of who serves, the newest first, and leaves out what moves nobody", async () => {
    const made = repository(
      ["The shop", {}],
      ["dev/shop: start v2 at 10 %", canary(10)],
      ["Longer memory", { ...canary(10), functions: { shop: { memoryMb: 512 } } }],
      ["dev/shop: shift v2 to 50 %: errors are at 0.1 %", canary(50)],
      ["dev/shop: promote v2", promoted],
    );
    const rows = (await historyOf(made)).split("\n").slice(2);
    expect(rows.map((row) => row.replace(/ {2}[0-9a-f]{7} /, "  <id> ").replace(/ +$/, ""))).toEqual([
      "when                   change                     serves then        by     commit    why",
      "2026-11-27T05:00:00Z   promote v2                 v2 100 %           test   <id>   dev/shop: promote v2",
      "2026-11-27T04:00:00Z   shift v2 to 50 %           v1 50 %, v2 50 %   test   <id>   dev/shop: shift v2 to 50 %: errors are at 0.1 %",
      "2026-11-27T02:00:00Z   start v2 at 10 %           v1 90 %, v2 10 %   test   <id>   dev/shop: start v2 at 10 %",
      "2026-11-27T01:00:00Z   deploy with v1 as stable   v1 100 %           test   <id>   The shop",
      "",
    ]);
  });

  test("keeps the commit on a terminal of 80 columns: who and why stand below each change", async () => {
    const made = repository(["The shop", {}], [`dev/shop: start v2 at 10 %: ${"x".repeat(90)}`, canary(10)]);
    process.env["COLUMNS"] = "80";
    const printed = await historyOf(made).finally(() => delete process.env["COLUMNS"]);
    const lines = printed.split("\n").map((line) => line.replace(/ {2}[0-9a-f]{7}$/, "  <id>"));
    expect(lines.slice(2)).toEqual([
      "when                  change                    serves then       commit",
      "2026-11-27T02:00:00Z  start v2 at 10 %          v1 90 %, v2 10 %  <id>",
      `  test: dev/shop: start v2 at 10 %: ${"x".repeat(43)}…`,
      "2026-11-27T01:00:00Z  deploy with v1 as stable  v1 100 %          <id>",
      "  test: The shop",
      "",
    ]);
  });

  test("gives scripts the shares before and then, and the whole id", async () => {
    const made = repository(["The shop", {}], ["A canary", canary(10)]);
    const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: made.project, encoding: "utf8" }).trim();
    expect((await entriesOf(made))[0]).toEqual({
      at: at(2),
      source: "file",
      move: "start v2 at 10 %",
      by: "test",
      from: { v1: 100, v2: 0 },
      to: { v1: 90, v2: 10 },
      commit,
      why: "A canary",
    });
  });

  test("knows the pull request by which GitHub merged or squashed", async () => {
    const made = repository(["The shop (#7)", {}]);
    made.git(["switch", "--quiet", "--create", "canary"]);
    made.write(shop(canary(10)));
    made.commitAll("ten", at(2));
    made.write(shop(canary(25)));
    made.commitAll("more", at(3));
    made.git(["switch", "--quiet", "main"]);
    const message = "Merge pull request #12 from team/canary\n\nTry v2 at 25 %";
    made.git(["merge", "--quiet", "--no-ff", "--message", message, "canary"], {
      GIT_AUTHOR_DATE: at(4),
      GIT_COMMITTER_DATE: at(4),
    });
    // Main never had 10 percent.
    expect(await entriesOf(made)).toMatchObject([
      { at: at(4), move: "start v2 at 25 %", pullRequest: 12, why: "Try v2 at 25 %" },
      { at: at(1), pullRequest: 7, why: "The shop" },
    ]);
    expect(await historyOf(made)).toMatch(/[0-9a-f]{7} #12 +Try v2 at 25 %\n/);
  });

  test("tells what is not committed yet as the newest", async () => {
    const made = repository(["The shop", {}]);
    made.write(shop(canary(10)));
    const [newest] = await entriesOf(made);
    expect(newest).toEqual({
      source: "file",
      move: "start v2 at 10 %",
      from: { v1: 100, v2: 0 },
      to: { v1: 90, v2: 10 },
      why: "not committed",
    });
  });

  test("goes on over a text that is no release file, and over a service that was away", async () => {
    const made = repository(["The shop", {}], ["Oops", "{"], ["Mended", canary(10)]);
    made.git(["rm", "--quiet", file]);
    made.commitAll("Gone", at(4));
    made.write(shop({}));
    made.commitAll("Back", at(5));
    expect(
      (await entriesOf(made)).map(({ move, why }: { move: string; why: string }) => [why, move]),
    ).toEqual([
      ["Back", "deploy with v1 as stable"],
      ["Gone", "remove dev/shop"],
      ["Mended", "a file that is valid again"],
      ["Oops", "a file that is not valid"],
      ["The shop", "deploy with v1 as stable"],
    ]);
  });

  test("finds the file of a project that is a folder of its repository", async () => {
    const made = new Repository(shop({}), "services/shop");
    expect(await entriesOf(made)).toMatchObject([{ move: "deploy with v1 as stable", why: "a step" }]);
  });

  test("says that a shallow clone lacks commits", async () => {
    const made = repository(["The shop", {}], ["A canary", canary(10)]);
    const clone = join(temporaryFolder(), "clone");
    made.git(["clone", "--quiet", "--depth=1", `file://${made.project}`, clone]);
    const { stdout } = await release(clone, ["history", "dev/shop"]);
    expect(stdout).toContain(
      "\nThis clone is shallow: 'git fetch --unshallow' brings the commits before these.\n",
    );
    expect(JSON.parse((await release(clone, ["history", "dev/shop", "--json"])).stdout)).toMatchObject({
      isComplete: false,
    });
  });

  test("is told in one line where there is no repository", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, shop({}));
    const { exitCode, stderr } = await release(folder, ["history", "dev/shop"], {
      variables: { GIT_CEILING_DIRECTORIES: folder },
    });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/^error: git rev-parse fails: not a git repository[^\n]*\n$/),
    });
  });
});
