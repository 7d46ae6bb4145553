import { readFileSync } from "node:fs";
import { join } from "node:path";
import { copyOfProject, type Finished, projectFolder, run } from "./support/command";
import { pages, readPage, shownBlocks, shownCommands } from "./support/readme";
import { releaseSteps } from "./support/release-steps";
import { shape } from "./support/shape";
import { shownTable, told } from "./support/steps-table";

jest.setTimeout(60_000);

/** Those that this test cannot run within itself, or that need an AWS account. */
const notRun = [
  "npm ci",
  "npx cdktf deploy api-gateway-account-dev",
  "npx cdktf diff greeting-dev",
  "npx cdktf deploy greeting-dev",
  "npx lambda-release rollback dev/greeting --now",
  "npx lambda-release status dev/greeting --live",
  "npx lambda-release rollout dev/checkout",
  "npx lambda-release prune dev/search --live --dry-run",
  "npx lambda-release lock",
  "npx lambda-release check-requests dev/catalog --url <temporary_endpoint>",
  "terraform -chdir=cdktf.out/stacks/greeting-dev init",
  "terraform -chdir=cdktf.out/stacks/greeting-dev plan -out=plan.bin",
  "terraform -chdir=cdktf.out/stacks/greeting-dev show -json plan.bin > greeting-dev.json",
  "npx lambda-release review --base origin/main --plan greeting-dev.json",
  "npx cdktf deploy bootstrap-prod",
  "npx cdktf deploy api-gateway-account-prod",
  "aws s3 cp terraform-state/bootstrap-prod.tfstate s3://example-terraform-state/lambda-release/",
  "npx cdktf deploy image-repositories-dev",
  "docker build --platform linux/amd64 --tag <repository url>:<commit> lambdas/catalog",
  "docker push <repository url>:<commit>",
  "docker inspect --format '{{index .RepoDigests 0}}' <repository url>:<commit>",
  `git log --reverse --format=%h -S'"v2"' -- releases/prod/greeting.json`,
  "git checkout <commit>",
  "npx cdktf deploy greeting-prod",
  "npx lambda-release traffic dev/greeting",
];

const project = copyOfProject();
beforeAll(async () => {
  const git = (...args: string[]) =>
    run(project, "git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "example");
});

const finished = new Map<string, Promise<Finished>>();

/** Runs a command of the pages, once: some stand on several, and some of those with their output. */
function finish(command: string): Promise<Finished> {
  // npx would link this project beside its cache before each start, and npm tells what it runs.
  const started = command.replace(/^npx lambda-release/, "node bin.js").replace(/^npm/, "npm --silent");
  const end = finished.get(started) ?? run(project, "sh", ["-c", started]);
  finished.set(started, end);
  return end;
}

test.each(shownCommands().filter((command) => !notRun.includes(command)))("%s works", async (command) => {
  const { exitCode, stdout, stderr } = await finish(command);
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
});

test("what is not run is still there", () => {
  expect(shownCommands()).toEqual(expect.arrayContaining(notRun));
});

const outputs = shownBlocks().flatMap(({ note = "", text }) => {
  const [, command] = /^output (.*)$/.exec(note) ?? [];
  return command === undefined ? [] : [[command, text] as const];
});

test.each(outputs)("'%s' prints what the README shows", async (command, shown) => {
  const { stdout } = await finish(command);
  expect(shape(stdout)).toBe(shape(shown));
});

test("the pictures that those commands draw are the ones that are shown", async () => {
  const { stdout } = await run(project, "git", ["status", "--porcelain", "--", "docs"]);
  expect(stdout).toBe("");
});

test("files that the README shows are shown as they are", () => {
  const shown = shownBlocks().filter(({ note }) => note?.startsWith("file "));
  expect(shown.map(({ note }) => note)).toEqual([
    "file releases/dev/greeting.json",
    "file releases/prod/greeting.json",
    "file docs/extend-a-stack.ts",
    "file docs/extend-with-a-table.ts",
    "file docs/constructs-alone.ts",
    "file releases/dev/quote.json",
    "file releases/dev/search.json",
    "file releases/dev/catalog.json",
    "file lambdas/hooks/after-traffic.ts",
    "file releases/dev/checkout.json",
    "file releases/dev/storefront.json",
    "file docs/orders.json",
  ]);
  for (const { note, text } of shown) {
    expect(text).toBe(readFileSync(join(projectFolder, note?.replace("file ", "") ?? ""), "utf8"));
  }
});

test.each(Object.entries(releaseSteps))(
  "the table of %s tells the steps that the plan tests plan",
  (stack, steps) => {
    const [, , ...rows] = shownTable(stack).trim().split("\n");
    expect(rows.map((row) => row.split(" | ").slice(0, 2).join(" | "))).toEqual(
      steps.map((step) => `| ${told(step).join(" | ")}`),
    );
  },
);

test("'help' lists every script of package.json, and no other", async () => {
  const { stdout } = await run(projectFolder, "./help", []);
  const { scripts } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8"));
  const listed = [...stdout.matchAll(/npm (?:run )?([a-z0-9:-]+)/g)].map(([, name]) => name);
  expect([...new Set(listed)].sort()).toEqual(Object.keys(scripts).sort());
});

test("the fingerprints in the README's messages are the example's", () => {
  const weather = readFileSync(join(projectFolder, "releases/dev/weather.json"), "utf8");
  for (const [fingerprint] of pages
    .map(readPage)
    .join("")
    // The example of several functions is synthesized by a test of its own.
    .replace(/```json[^`]*lambdaVersions[^`]*```/g, "")
    .matchAll(/\b[0-9a-f]{16}\b/g)) {
    expect(weather).toContain(fingerprint);
  }
});
