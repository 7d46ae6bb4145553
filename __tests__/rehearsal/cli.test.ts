import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { bin, copyOfProject, run } from "../support/command";
import { writeFiles } from "../support/project";
import { describePython } from "../support/python";
import { release } from "../support/release-command";
import { withServedApp } from "../support/served-app";
import { fingerprintOf } from "../support/shop";

jest.setTimeout(60_000);

const project = withServedApp(copyOfProject(["dev/greeting", "dev/storefront"]));
const rehearseIn = (folder: string, ...args: string[]) => release(folder, ["rehearse", ...args]);
const start = (...args: string[]) => rehearseIn(project, "dev/greeting", ...args);

const greeting = (fields: object) => ({
  "releases/dev/greeting.json": { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1", ...fields },
});

/** The number of requests that each version had, from the table. */
function requestsOf(stdout: string): Record<string, number> {
  const rows = [...stdout.matchAll(/^(v\d+) +([\d,]+) /gm)];
  return Object.fromEntries(
    rows.map(([, version = "", count = ""]) => [version, Number(count.replace(",", ""))]),
  );
}

test("rehearses the example and tells the split", async () => {
  const { exitCode, stdout } = await start("--seed", "1");
  expect(stdout).toContain("synthesized  cdktf.out/stacks/greeting-dev/cdk.tf.json");
  expect(stdout).toMatch(/^serving +http:\/\/127\.0\.0\.1:\d+\/dev\/ \(v1 90 %, v2 10 %\)$/m);
  const { v1 = 0, v2 = 0 } = requestsOf(stdout);
  expect(v1 + v2).toBe(1000);
  expect(stdout).toContain("The split is as expected: ");
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(exitCode).toBe(0);
});

test("a seed draws the same requests in each run", async () => {
  const runs = [
    await start("--seed", "7", "--requests", "300"),
    await start("--seed", "7", "--requests", "300"),
  ];
  const [one, other] = runs.map(({ stdout }) => requestsOf(stdout));
  expect(one).toEqual(other);
});

test("a request that fails ends it with exit code 1, and says why once", async () => {
  const { exitCode, stdout, stderr } = await start("--path", "/nowhere", "--requests", "5", "--seed", "4");
  expect([exitCode, stderr]).toEqual([1, "GET /nowhere -> 403: no route for GET /nowhere\n"]);
  expect(stdout).toContain("5 requests failed.");
});

test.each([
  [["--draws", "5"], "error: '--draws' must not be given: it is of a shift by CodeDeploy, and this"],
  [["--operator-after", "5"], "error: '--operator-after' must not be given: it is of a shift by CodeDeploy"],
  [
    ["--path", "nowhere"],
    "error: option '--path <path>' argument 'nowhere' is invalid. It must be a path that starts with a slash and has no spaces.",
  ],
  [["--seed", ""], "It must be a whole number between 0 and 4294967295."],
  [["--from", "nope"], "error: git cannot check out 'nope': "],
  [
    ["--requests", "0"],
    "error: option '--requests <count>' argument '0' is invalid. It must be a whole number between 1 and 1000000.",
  ],
  [["--sede", "1"], "error: unknown option '--sede'\n(Did you mean --seed?)"],
])("%j ends it with a line", async (args, line) => {
  const { exitCode, stderr } = await start(...args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(line);
  expect(stderr).not.toContain("    at ");
});

test("traffic of what has no API is refused, with what can be rehearsed", async () => {
  const { exitCode, stderr } = await rehearseIn(project, "dev/storefront", "--requests", "1");
  expect([exitCode, stderr]).toEqual([
    2,
    "error: storefront-dev has no API to serve: run 'npx lambda-release rehearse dev/storefront' to play a shift of its service\n",
  ]);
});

test("a bad release file ends it with the lines of the synth", async () => {
  writeFiles(project, greeting({ canary: { version: "v2", percent: -1 } }));
  const { exitCode, stderr } = await start();
  writeFiles(project, greeting({}));
  expect([exitCode, stderr]).toEqual([
    2,
    "error: releases/dev/greeting.json:10:16 'canary.percent' must be a number between 0 and 100 with at most 6 decimals, got -1\n",
  ]);
});

test("--rate spreads the requests over time", async () => {
  const startedAt = Date.now();
  await start("--requests", "60", "--rate", "30");
  expect(Date.now() - startedAt).toBeGreaterThan(1900);
});

/** Puts a project under git. */
async function underGit(project: string) {
  const git = (...args: string[]) =>
    run(project, "git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args]);
  await git("init", "--quiet");
  return {
    git,
    commit: async () => {
      await git("add", ".");
      await git("commit", "--quiet", "-m", "v1");
    },
  };
}

/** In place of a link to this project's packages, a folder with a link to each. */
function ownPackages(project: string): void {
  const folder = join(project, "node_modules");
  const installed = realpathSync(folder);
  rmSync(folder);
  mkdirSync(folder);
  for (const name of readdirSync(installed)) symlinkSync(join(installed, name), join(folder, name));
}

test("--from sees no change in a handler that imports a package and is as it was", async () => {
  const copy = copyOfProject(["dev/greeting"]);
  ownPackages(copy);
  const code = 'import { word } from "polite";\nexport const handler = async () => ({ body: word() });\n';
  writeFiles(copy, {
    ...greeting({ versions: ["v1"] }),
    "lambdas/greeting/v1/greeting.ts": code,
    "node_modules/polite/index.js": "exports.word = () => 'please';\n",
  });
  const { commit } = await underGit(copy);
  await commit();
  const { stdout } = await rehearseIn(copy, "dev/greeting", "--from", "HEAD", "--requests", "5");
  expect(stdout).toMatch(/^applied +greeting-dev of HEAD: 21 added/m);
  expect(stdout).toMatch(/^applied +0 added, 0 changed, 0 destroyed$/m);
});

test("--from says that the problems are those of the commit, which lacks what git ignores", async () => {
  const copy = copyOfProject(["dev/greeting"]);
  writeFiles(copy, {
    ...greeting({ versions: ["v1"] }),
    ".gitignore": "build/\n",
    "lambdas/tool/v1/build/tool.js": 'exports.handler = async () => ({ body: "built" });\n',
    "releases/dev/tool.json": {
      strategy: "canary-stage",
      versions: ["v1"],
      stable: "v1",
      settings: { runtime: "nodejs22.x", code: { path: "build" } },
    },
  });
  const { commit } = await underGit(copy);
  await commit();
  const { exitCode, stderr } = await rehearseIn(copy, "dev/greeting", "--from", "HEAD", "--requests", "5");
  expect([exitCode, stderr]).toEqual([
    2,
    "lambdas/tool/v1/build must be a folder or a zip file: the function's 'code' names it\n" +
      "the commit 'HEAD' cannot be synthesized; it has no files that git ignores\n",
  ]);
});

test("--from finds the packages of a workspace above the project, and sees no change", async () => {
  const workspace = copyOfProject(["dev/greeting"]);
  const folder = join(workspace, "infra");
  mkdirSync(folder);
  for (const name of readdirSync(workspace))
    if (!["infra", "node_modules", "package.json"].includes(name))
      renameSync(join(workspace, name), join(folder, name));
  renameSync(join(workspace, "node_modules"), join(folder, "node_modules"));
  ownPackages(folder);
  renameSync(join(folder, "node_modules"), join(workspace, "node_modules"));
  cpSync(join(workspace, "package.json"), join(folder, "package.json"));
  const code = 'import { word } from "polite";\nexport const handler = async () => ({ body: word() });\n';
  writeFiles(workspace, {
    "infra/lambdas/greeting/v1/greeting.ts": code,
    "node_modules/polite/index.js": "exports.word = () => 'please';\n",
  });
  writeFiles(folder, greeting({ versions: ["v1"] }));
  const { commit } = await underGit(workspace);
  await commit();
  const { stdout, stderr } = await rehearseIn(folder, "dev/greeting", "--from", "HEAD", "--requests", "5");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^applied +0 added, 0 changed, 0 destroyed$/m);
});

describePython("an earlier commit", () => {
  test("--from applies an earlier commit first, so that old and new definition stand side by side", async () => {
    const copy = copyOfProject(["dev/weather"]);
    const { git, commit } = await underGit(copy);
    const routes = [
      { path: "/today", function: "today" },
      { path: "/forecast/{city}", function: "forecast" },
    ];
    const weather = (fields: object) => ({
      "releases/dev/weather.json": {
        strategy: "canary-stage",
        functions: ["today", "forecast"],
        stable: "v1",
        ...fields,
      },
    });
    const v1 = { fingerprint: "1f5da7a13b5d5e78" };
    writeFiles(copy, weather({ api: { routes: routes.slice(0, 1) }, versions: { v1, v2: v1 } }));
    await commit();
    const v2 = { fingerprint: "221df78b5959b44f" };
    writeFiles(
      copy,
      weather({ api: { routes }, versions: { v1, v2 }, canary: { version: "v2", percent: 40 } }),
    );

    const args = ["--from", "HEAD", "--path", "/forecast/rome", "--requests", "100"];
    const { stdout, stderr } = await rehearseIn(copy, "dev/weather", ...args);
    expect(stdout).toMatch(/applied +weather-dev of HEAD: 32 added/);
    expect(stdout).toMatch(/^applied +2 added, 1 changed, 2 destroyed$/m);
    // Stable keeps its definition, in which the route is not known: no 500, but a 403.
    expect(stderr).toContain("GET /forecast/rome -> 403: no route for GET /forecast/rome");
    expect(stderr).not.toContain("500");
    expect((await git("worktree", "list")).stdout.trim().split("\n")).toHaveLength(1);
  });
});

test("of handlers that do not name their version, a rehearsal that serves tells who answered", async () => {
  const silent = copyOfProject();
  const code = "export const handler = async () => ({ statusCode: 200, body: 'hello' });\n";
  writeFiles(silent, {
    ...greeting({ canary: { version: "v2", percent: 50 } }),
    "lambdas/greeting/v1/greeting.ts": code,
    "lambdas/greeting/v2/greeting.ts": `${code}// v2`,
  });
  const child = spawn("node", [bin, "rehearse", "dev/greeting", "--serve"], { cwd: silent });
  try {
    let output = "";
    for await (const chunk of child.stdout) {
      output += chunk;
      if (/Ctrl\+C ends/.test(output)) break;
    }
    const url = /serving +(\S+)/.exec(output)?.[1] ?? "";
    const args = ["traffic", "--url", url, "--interval", "0", "--count", "100"];
    const { exitCode, stdout } = await release(silent, [...args, "--expect", "v1=50", "--expect", "v2=50"]);
    expect(stdout).toContain("No response names its version: the rehearsal shows it.");
    const { v1 = 0, v2 = 0 } = requestsOf(stdout);
    expect([exitCode, v1 + v2]).toEqual([0, 100]);
    expect(Math.min(v1, v2)).toBeGreaterThan(20);
  } finally {
    child.kill();
  }
});

/** Edits a handler, breaks the release file and mends it, without a synth by hand. */
async function changesByItself(url: string, until: (pattern: RegExp) => Promise<void>) {
  const bodyNow = async () => (await fetch(url, { headers: { connection: "close" } })).text();
  writeFiles(project, {
    "lambdas/greeting/v2/greeting.ts":
      "export const handler = async () => ({ statusCode: 200, body: 'edited' });\n",
  });
  await until(/^changed +lambdas\/greeting\/v2\/greeting\.ts$/m);
  for (let waited = 0; waited < 20_000 && (await bodyNow()) !== "edited"; waited += 100)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await bodyNow()).toBe("edited");
  writeFiles(project, greeting({ stable: "v9" }));
  await until(/^releases\/dev\/greeting\.json:\d+:\d+ 'stable' /m);
  await until(/^not synthesized: what was applied before keeps serving$/m);
  expect(await bodyNow()).toBe("edited");
}

test("--serve applies each new synth while it runs", async () => {
  writeFiles(project, greeting({}));
  const child = spawn("node", [bin, "rehearse", "dev/greeting", "--serve"], { cwd: project });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  const until = async (pattern: RegExp) => {
    for (let waited = 0; waited < 20_000 && !pattern.test(output); waited += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(output).toMatch(pattern);
  };
  try {
    await until(/Ctrl\+C ends/);
    const url = /serving +(\S+)/.exec(output)?.[1] ?? "";
    expect((await fetch(url, { headers: { connection: "close" } })).headers.get("x-version")).toBe("v1");
    writeFiles(project, greeting({ stable: "v2" }));
    await release(project, ["synth"]);
    await until(/applied +0 added, 1 changed, 0 destroyed/);
    expect((await fetch(url, { headers: { connection: "close" } })).headers.get("x-version")).toBe("v2");
    // It sees the edited file too, and a handler that is edited before then would be told in the same line.
    await until(/^changed +releases\/dev\/greeting\.json$/m);
    await changesByItself(url, until);
  } finally {
    child.kill();
  }
});

test("a rehearsal shows an answer of each version to each route, and names the routes that it does not call", async () => {
  const shop = copyOfProject();
  const routes = [
    { path: "/" },
    { path: "/broken" },
    { path: "/offers/{id}" },
    { path: "/", method: "POST" },
  ];
  const fingerprint = fingerprintOf({ routes }, "greeting");
  const code = (version: string, status: number) =>
    `export const handler = async ({ path }) => ({ statusCode: path === "/broken" ? ${status} : 200, body: "I am\\n${version}, ${"long ".repeat(20)}" });\n`;
  writeFiles(shop, {
    ...greeting({
      api: { routes },
      versions: { v1: { fingerprint }, v2: { fingerprint } },
      canary: { version: "v2", percent: 50 },
    }),
    "lambdas/greeting/v1/greeting.ts": code("v1", 404),
    "lambdas/greeting/v2/greeting.ts": code("v2", 500),
  });
  const { exitCode, stdout } = await rehearseIn(shop, "dev/greeting", "--requests", "50", "--seed", "1");
  expect(stdout).toMatch(/^not called +POST \/ \(not GET\), GET \/offers\/\{id\} \(path variables\)$/m);
  expect(stdout).toMatch(/^GET \/ +v1 +200 +I am v1, long long .*\.\.\.$/m);
  expect(stdout).toMatch(/^GET \/ +v2 +200 +I am v2, long/m);
  // A wrong request is no fault of a version, an error of it is.
  expect(stdout).toMatch(/^GET \/broken +v1 +404 +I am v1/m);
  expect(stdout).toMatch(/^GET \/broken is answered with 500 by v2\.$/m);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect([exitCode, stdout]).toEqual([1, expect.not.stringContaining("No request failed.")]);
});
