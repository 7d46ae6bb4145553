import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inSeconds } from "../../src/release/time";
import { bin, copyOfProject, run } from "../support/command";
import { createProject, type Files, handler, shop, writeFiles } from "../support/project";
import { release } from "../support/release-command";
import { fingerprintOf, plainFingerprint, shopWithDefinition, wider } from "../support/shop";

jest.setTimeout(60_000);

const file = "releases/dev/shop.json";

/** The command, in a project of its own, where nobody can be asked. */
function command(project: string, ...args: string[]) {
  return release(project, args);
}

const textOf = (project: string) => readFileSync(join(project, file), "utf8");
const steps = [
  { percent: 10, bakeMinutes: 30 },
  { percent: 50, bakeMinutes: 60 },
];
const canary = { canary: { version: "v2", percent: 10, since: "2026-01-01T00:00:00Z" } };

describe("a verb", () => {
  test("shows who serves what now and then, writes the file, and says what comes next", async () => {
    const project = createProject(shop(canary));
    expect(await command(project, "shift", "dev/shop", "25", "--yes")).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: [
        "version             now   then",
        "v1        stable   90 %   75 %   ███████████████████",
        "v2        canary   10 %   25 %   ██████",
        "",
        `wrote ${file}`,
        "commit   dev/shop: shift v2 to 25 %",
        "",
        "next   npx lambda-release shift dev/shop <percent>   gives v2 another share than 25 %",
        "or     npx lambda-release promote dev/shop           v2 serves everybody",
        "or     npx lambda-release rollback dev/shop          drops v2: v1 serves everybody",
        "",
      ].join("\n"),
    });
    expect(JSON.parse(textOf(project)).canary.percent).toBe(25);
  });

  test("says that users get another API definition with the version that they return to", async () => {
    const project = createProject(shopWithDefinition(wider, { stable: "v2", former: "v1" }));
    const note =
      `v1 was published with another API definition than v2 (${plainFingerprint}, not ${fingerprintOf(wider)}): ` +
      "everybody gets its routes";
    const { stdout } = await command(project, "rollback", "dev/shop", "--dry-run");
    expect(stdout).toContain(`\ndefinition  ${note}\n\nnothing is written\n`);
    const json = await command(project, "rollback", "dev/shop", "--to", "v1", "--dry-run", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ definition: note, to: { v1: 100 } });
    const same = createProject(shop({ stable: "v2", former: "v1" }));
    expect((await command(same, "rollback", "dev/shop", "--dry-run")).stdout).not.toContain("definition");
  });

  test("takes the reason into the commit message that it proposes", async () => {
    const project = createProject(shop(canary));
    const { stdout } = await command(project, "rollback", "dev/shop", "--yes", "-m", "slow\n at  night");
    expect(stdout).toContain("\ncommit   dev/shop: roll back v2: slow at night\n");
  });

  test("changes no line but its own", async () => {
    const text = '{\n\t"stable": "v1",\n\t"strategy": "canary-stage", "versions": ["v1",\n\t"v2"]\n}';
    const project = createProject(shop({}, { [file]: text }));
    await command(project, "start", "dev/shop", "v2", "--percent", "5", "--yes");
    const { canary } = JSON.parse(textOf(project));
    expect(textOf(project)).toBe(
      text.replace(
        '"v1",\n\t"strategy"',
        `"v1",\n\t"canary": { "version": "v2", "percent": 5, "since": "${canary.since}" },\n\t"strategy"`,
      ),
    );
  });

  test("tells a script what it did", async () => {
    const project = createProject(shop({ steps, ...canary }));
    const { stdout } = await command(project, "next", "dev/shop", "--yes", "--json");
    expect(JSON.parse(stdout)).toEqual({
      service: "dev/shop",
      file,
      commit: "dev/shop: shift v2 to 50 %",
      from: { v1: 90, v2: 10 },
      to: { v1: 50, v2: 50 },
      written: true,
      next: ["next dev/shop", "rollback dev/shop"],
      bakeTime: `counted from 'canary.since' in the file, ${canary.canary.since}: AWS was not asked, because it has no 'alarms'`,
    });
  });

  test("that is refused says which are not", async () => {
    const project = createProject(shop({}));
    expect(await command(project, "promote", "dev/shop", "--yes")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: [
        "refused: there is no canary to promote",
        "",
        "next   npx lambda-release start dev/shop v2   tries v2 at 10 %",
        "",
      ].join("\n"),
    });
    const { stdout, exitCode } = await command(project, "promote", "dev/shop", "--yes", "--json");
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      1,
      { refused: "there is no canary to promote", next: ["start dev/shop v2"] },
    ]);
  });

  test("suggests nothing for a file that has problems", async () => {
    const project = createProject(shop({ ...canary, api: { routes: [{ path: "/offers" }] } }));
    const refused = "v2 is published already";
    const { stderr, exitCode } = await command(project, "publish", "dev/shop", "v2", "--yes");
    expect([exitCode, stderr]).toEqual([1, `refused: ${refused}\n`]);
    const { stdout } = await command(project, "publish", "dev/shop", "v2", "--yes", "--json");
    expect(JSON.parse(stdout)).toEqual({ refused });
  });

  test.each([
    ["shift", "dev/shop", "25", "--dry-run"],
    ["shift", "dev/shop", "25"],
    ["shift", "dev/shop", "25", "--from", "25", "--yes"],
    ["shift", "dev/shop", "101", "--yes"],
    ["shift", "dev/shop", "", "--yes"],
    ["start", "dev/shop", "v9", "--replace", "--yes"],
    ["publish", "dev/shop", "__proto__", "--yes"],
  ])("writes nothing: %s %s %s %s %s", async (...args) => {
    const project = createProject(shop(canary));
    const before = textOf(project);
    const { stderr, stdout, exitCode } = await command(project, ...args);
    expect(exitCode).toBe(args.includes("--dry-run") ? 0 : exitCode || "no exit code");
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(textOf(project)).toBe(before);
    expect(readdirSync(join(project, "releases/dev"))).toEqual(["environment.json", "shop.json"]);
  });
});

test("a script that comes twice does not advance twice", async () => {
  const project = createProject(
    shop({ ...canary, steps: [{ percent: 10 }, { percent: 25 }, { percent: 50 }] }),
  );
  const next = () => command(project, "next", "dev/shop", "--from", "10", "--yes");
  expect((await next()).exitCode).toBe(0);
  expect(await next()).toMatchObject({
    exitCode: 1,
    stderr: "refused: the canary is at 25 %, but --from expects 10 %; someone else changed it\n",
  });
  expect(JSON.parse(textOf(project)).canary.percent).toBe(25);
});

describe("exit code 2, with one line, where it cannot run", () => {
  test.each<[string[], Files, string]>([
    [["status", "shop"], {}, "error: 'shop' must be <environment>/<service>, such as dev/greeting"],
    [["status", "test/shop"], {}, "error: there is no environment 'test': there are dev"],
    [["status", "dev/shap"], {}, "error: there is no service 'shap' in dev: there are shop"],
    [["list", "test"], {}, "error: there is no environment 'test': there are dev"],
    [["shift", "dev/shop", "25"], { [file]: "{" }, `error: ${file}:1:2 must be JSON: close brace expected`],
    [
      ["shift", "dev/shop", "x", "--yes"],
      {},
      "error: command-argument value 'x' is invalid for argument 'percent'. It must be a number between 0 and 100 with at most 6 decimals.",
    ],
    [["shift", "dev/shop", "25"], {}, "error: cannot prompt without a terminal; use --yes or --dry-run"],
    [["shift", "dev/shop"], {}, "error: missing required argument 'percent'"],
    [["shaft"], {}, "error: unknown command 'shaft'\n(Did you mean shift?)"],
    [["shift", "dev/shop", "25", "--now"], {}, "error: unknown option '--now'"],
  ])("%j", async (args, files, stderr) => {
    const project = createProject(shop(canary, files));
    expect(await command(project, ...args)).toMatchObject({ exitCode: 2, stderr: `${stderr}\n` });
  });

  test("outside of any project", async () => {
    const project = createProject({ "a/file": "" });
    expect(await command(project, "list")).toMatchObject({
      exitCode: 2,
      stderr: "error: there is no folder 'releases' here or above\n",
    });
  });
});

test("works from a folder below the project", async () => {
  const project = createProject(shop(canary));
  const { exitCode } = await command(join(project, "lambdas/shop"), "status", "dev/shop");
  expect(exitCode).toBe(0);
});

describe("status", () => {
  test("says who serves what, for how long, the plan, and what comes next", async () => {
    const recently = new Date(Date.now() - 20 * 60_000).toISOString().replace(/\.\d+/, "");
    const project = createProject(shop({ steps, canary: { ...canary.canary, since: recently } }));
    const { stdout } = await command(project, "status", "dev/shop");
    const until = inSeconds(new Date(Date.parse(recently) + 30 * 60_000));
    expect(stdout.replace(/\d\d:\d\d UTC/, "HH:MM UTC")).toBe(
      [
        `dev/shop   canary-stage, ${file}`,
        "",
        "version   traffic",
        "v1           90 %   ███████████████████████  stable",
        "v2           10 %   ███  canary, for 20 min",
        "",
        "steps  [10 % (30 min)], 50 % (60 min), promote",
        `bake time  until ${until}: counted from 'canary.since' in the file, ${recently}: AWS was not asked, use --live for that`,
        "",
        "next   npx lambda-release next dev/shop       gives v2 50 %, from HH:MM UTC on (by the file)",
        "or     npx lambda-release rollback dev/shop   drops v2: v1 serves everybody",
        "",
      ].join("\n"),
    );
  });

  test("finds a version's folder that is not published, and versions that nobody needs", async () => {
    const files = { "lambdas/shop/v3/shop.ts": handler("v3"), "lambdas/shop/v4/shop.ts": handler("v4") };
    const project = createProject(shop({ versions: ["v1", "v2", "v3"], stable: "v3", former: "v2" }, files));
    const { stdout } = await command(project, "status", "dev/shop", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      traffic: { v1: 0, v2: 0, v3: 100 },
      next: ["publish dev/shop v4", "rollback dev/shop", "prune dev/shop"],
    });
  });
});

test("list tells every service, and those that are not valid", async () => {
  const other = { strategy: "canary-stage", versions: ["v1"], stable: "v2" };
  const project = createProject(
    shop({}, { "releases/dev/other.json": other, "lambdas/other/v1/other.ts": handler("v1") }),
  );
  expect(await command(project, "list", "dev")).toEqual({
    exitCode: 2,
    stdout: [
      "service     strategy       stable   on trial   share   for",
      "dev/other   (not valid)",
      "dev/shop    canary-stage   v1       -          -       -",
      "",
    ].join("\n"),
    stderr: `error: releases/dev/other.json:6:13 'stable' must be one of the published versions (v1), got "v2"\n`,
  });
});

test("completion knows the verbs and the services", async () => {
  const project = createProject(shop({}));
  // The completion reads the arguments of its process.
  const started = (...args: string[]) => run(project, "node", [bin, ...args]);
  expect((await started("complete", "--", "st")).stdout).toMatch(/^status\t.*\nstart\t/);
  expect((await started("complete", "--", "shift", "d")).stdout).toMatch(/^dev\/shop\t/);
  expect((await started("completion", "bash")).stdout).toContain("lambda-release");
});

test("a killed command leaves the old file or the new one", async () => {
  const project = createProject(shop(canary));
  const shift = async (percent: number, killAfterMs?: number) => {
    const child = spawn("node", [bin, "shift", "dev/shop", String(percent), "--yes"], { cwd: project });
    const killed =
      killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    await once(child, "exit");
    clearTimeout(killed);
  };
  const startedAt = performance.now();
  await shift(11);
  const tookMs = performance.now() - startedAt;
  for (let part = 0.3; part < 1.2; part += 0.05) {
    const before = JSON.parse(textOf(project)).canary.percent;
    expect(before).not.toBe(10);
    const after = before === 11 ? 12 : 11;
    await shift(after, part * tookMs);
    const { stable, canary } = JSON.parse(textOf(project));
    expect([stable, [before, after].includes(canary.percent)]).toEqual(["v1", true]);
  }
  // Twenty starts, one after the other.
}, 180_000);

test("what somebody else writes meanwhile is not lost", async () => {
  const project = createProject(shop(canary));
  const racing = join(project, "race.js");
  const theirs = textOf(project).replace('"percent": 10', '"percent": 15');
  writeFileSync(
    racing,
    `const fs = require("node:fs"); const { openSync } = fs;
     fs.openSync = (path, ...rest) => {
       if (path.endsWith(".lock")) fs.writeFileSync(${JSON.stringify(join(project, file))}, ${JSON.stringify(theirs)});
       return openSync(path, ...rest);
     };`,
  );
  const args = ["-r", racing, bin, "shift", "dev/shop", "25", "--yes"];
  const { stderr, exitCode } = await run(project, "node", args);
  expect([exitCode, stderr]).toEqual([
    2,
    `error: ${file} was changed by someone else meanwhile: nothing was written\n`,
  ]);
  expect(textOf(project)).toBe(theirs);
  expect(readdirSync(join(project, "releases/dev"))).toEqual(["environment.json", "shop.json"]);
});

test("a file that cannot be written stays, and is told in a line", async () => {
  const project = createProject(shop(canary));
  const before = textOf(project);
  // As on a full disk: also the superuser cannot write.
  const full = join(project, "full.js");
  writeFileSync(
    full,
    `require("node:fs").writeSync = () => { throw Object.assign(new Error(), { code: "ENOSPC" }); };`,
  );
  const { stderr, exitCode } = await run(project, "node", ["-r", full, bin, "rollback", "dev/shop", "--yes"]);
  expect([exitCode, stderr]).toEqual([2, `error: ${file} cannot be written: ENOSPC\n`]);
  expect(textOf(project)).toBe(before);
  expect(readdirSync(join(project, "releases/dev"))).toEqual(["environment.json", "shop.json"]);
});

test("never runs code that was edited since", async () => {
  const copy = copyOfProject();
  const list = () => run(copy, "node", ["bin.js", "list"]);
  expect((await list()).stdout).toContain("dev/greeting");
  writeFiles(copy, { "src/cli/list.ts": 'export const list = () => console.log("edited");\n' });
  expect(await list()).toEqual({ exitCode: 0, stdout: "edited\n", stderr: "" });
});
