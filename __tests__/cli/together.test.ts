import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bin } from "../support/command";
import { createProject, problemsOf } from "../support/project";
import { release } from "../support/release-command";
import { onTrial, service, train } from "../support/train";

jest.setTimeout(60_000);

const now = new Date("2026-11-28T09:00:00Z");
const both = ["dev/orders", "dev/billing"];

function command(project: string, ...args: string[]) {
  return release(project, args, { now });
}

const fileOf = (project: string, name: string) =>
  JSON.parse(readFileSync(join(project, `releases/dev/${name}.json`), "utf8"));
const stables = (project: string) => ["orders", "billing"].map((name) => fileOf(project, name).stable);

describe("a verb of several services", () => {
  test("shows all in one table, asks once, writes all files, and proposes one commit", async () => {
    const project = createProject(train());
    const { exitCode, stdout, stderr } = await command(project, "promote", ...both, "--yes");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(
      [
        "service       version             now    then",
        "dev/orders    v1        former   90 %     0 %",
        "              v2        stable   10 %   100 %   █████████████████████████",
        "dev/billing   v1        former   90 %     0 %",
        "              v2        stable   10 %   100 %   █████████████████████████",
        "",
        "wrote releases/dev/orders.json",
        "wrote releases/dev/billing.json",
        "commit   dev: promote v2 (orders, billing)",
        "",
        "next   npx lambda-release rollback dev/orders dev/billing   orders, billing: v1 serves everybody again",
        "",
      ].join("\n"),
    );
    expect(stables(project)).toEqual(["v2", "v2"]);
  });

  test("takes a train by its name, in the order that the environment gives it", async () => {
    const project = createProject(train());
    const { stdout } = await command(project, "rollback", "dev/checkout", "--yes", "-m", "slow");
    expect(stdout).toMatch(/dev\/orders .*dev\/billing /s);
    expect(stdout).toContain("\ncommit   dev/checkout: roll back v2 (orders, billing): slow\n");
    const shifted = createProject(train(service("billing", { canary: { version: "v2", percent: 20 } })));
    const { stdout: json } = await command(shifted, "shift", "dev/checkout", "25", "--yes", "--json");
    expect(JSON.parse(json)).toMatchObject([
      {
        service: "dev/orders",
        to: { v2: 25 },
        written: true,
        commit: "dev/checkout: shift v2 to 25 % (orders, billing)",
      },
      { service: "dev/billing", from: { v2: 20 }, to: { v2: 25 }, written: true },
    ]);
  });

  test.each<[string, string[]]>([
    ["without a canary", both],
    ["of a train", ["dev/checkout"]],
  ])("is refused for all where one cannot go, %s", async (_, names) => {
    const project = createProject(train(service("billing", {})));
    const { exitCode, stderr } = await command(project, "promote", ...names, "--yes");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "refused: 1 of 2 services cannot go, so none does: nothing is written\n  dev/billing: there is no canary to promote\n",
    );
    expect(stderr).toContain("start dev/billing v2");
    expect(stables(project)).toEqual(["v1", "v1"]);
  });

  test("waits for the bake time of each", async () => {
    const steps = { steps: [{ percent: 10, bakeMinutes: 60 }] };
    const since = "2026-11-28T08:30:00Z";
    const project = createProject(
      train({
        ...service("orders", { ...steps, ...onTrial }),
        ...service("billing", { ...steps, canary: { ...onTrial.canary, since } }),
      }),
    );
    const { exitCode, stderr } = await command(project, "next", "dev/checkout", "--yes");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  dev/billing: v2 must stay at 10 % until 2026-11-28T09:30:00Z (30 min left)");
    expect(stables(project)).toEqual(["v1", "v1"]);
    expect((await command(project, "next", "dev/checkout", "--yes", "--skip")).exitCode).toBe(0);
    expect(stables(project)).toEqual(["v2", "v2"]);
  });

  test.each<[string[], string]>([
    [["dev/orders", "dev/orders"], "dev/orders is named twice"],
    [["dev/checkout", "dev/billing"], "dev/billing is named twice"],
    [["dev/orders", "prod/orders"], "services that go together must be of one environment, got dev and prod"],
    [
      ["dev/orders", "dev/nothing"],
      "there is no service 'nothing' in dev: there are billing, orders, search",
    ],
  ])("names each service once, and of one environment: %j", async (names, message) => {
    const project = createProject(
      train({
        "releases/prod/environment.json": { region: "eu-central-1" },
        "releases/prod/orders.json": { strategy: "canary-stage", versions: ["v1"], stable: "v1" },
      }),
    );
    expect(await command(project, "promote", ...names)).toMatchObject({
      exitCode: 2,
      stderr: `error: ${message}\n`,
    });
  });

  test("holds a train, which then does not go on until it is released", async () => {
    const project = createProject(train());
    expect((await command(project, "hold", "dev/checkout", "-m", "a sale", "--yes")).exitCode).toBe(0);
    const { exitCode, stderr } = await command(project, "promote", "dev/checkout", "--yes");
    expect([exitCode, stderr.split("\n")[0]]).toEqual([
      1,
      "refused: 2 of 2 services cannot go, so none does: nothing is written",
    ]);
    expect((await command(project, "release", "dev/checkout", "--yes")).exitCode).toBe(0);
    expect((await command(project, "promote", "dev/checkout", "--yes")).exitCode).toBe(0);
  });

  test("are completed with the trains beside them", () => {
    // The completion reads the arguments of its process.
    const args = [bin, "complete", "--", "promote", "dev/orders", "dev/"];
    const { stdout } = spawnSync("node", args, { cwd: createProject(train()), encoding: "utf8" });
    expect(stdout.split(/\s+/)).toEqual(expect.arrayContaining(["dev/billing", "dev/checkout"]));
  });

  test("a verb of one service says what the train's are", async () => {
    const { stderr } = await command(createProject(train()), "publish", "dev/checkout", "v3");
    expect(stderr).toBe("error: 'checkout' is a train: give one of its services, orders, billing\n");
  });
});

describe("files are written together or not at all", () => {
  const files = (project: string) => readdirSync(join(project, "releases/dev"));
  const own = ["billing.json", "environment.json", "orders.json", "search.json"];

  /** Runs the promotion in a process whose second renaming does this. */
  function promoteWith(project: string, second: string) {
    const preload = join(project, "second.js");
    writeFileSync(
      preload,
      `const fs = require("node:fs"); const { renameSync } = fs;
       fs.renameSync = (from, to) => { if (to.endsWith("billing.json")) { ${second} } renameSync(from, to); };`,
    );
    const args = ["-r", preload, bin, "promote", ...both, "--yes"];
    return spawnSync("node", args, { cwd: project, encoding: "utf8" });
  }

  test("where the second cannot take its place, the first is put back", () => {
    const project = createProject(train());
    const before = readFileSync(join(project, "releases/dev/orders.json"), "utf8");
    const { status, stderr } = promoteWith(project, 'throw Object.assign(new Error(), { code: "EIO" });');
    expect([status, stderr]).toEqual([2, "error: releases/dev/billing.json cannot be written: EIO\n"]);
    expect(readFileSync(join(project, "releases/dev/orders.json"), "utf8")).toBe(before);
    expect(stables(project)).toEqual(["v1", "v1"]);
    expect(files(project)).toEqual(own);
  });

  test("where somebody writes the second, the first is left alone", async () => {
    const project = createProject(train());
    writeFileSync(join(project, "releases/dev/.billing.json.lock"), "{");
    const { exitCode, stderr } = await command(project, "promote", ...both, "--yes");
    expect([exitCode, stderr]).toEqual([
      2,
      "error: releases/dev/billing.json cannot be written: another command is writing it; try again\n",
    ]);
    expect(stables(project)).toEqual(["v1", "v1"]);
  });

  test("a kill between the two leaves whole files and a lock, and the rest can be done", async () => {
    const project = createProject(train());
    expect(promoteWith(project, 'process.kill(process.pid, "SIGKILL");').signal).toBe("SIGKILL");
    expect(stables(project)).toEqual(["v2", "v1"]);
    const lock = ".billing.json.lock";
    expect(files(project)).toEqual([lock, ...own]);
    utimesSync(join(project, "releases/dev", lock), 0, 0);
    const again = await command(project, "promote", ...both, "--yes");
    expect(again.stderr).toContain("dev/orders: there is no canary to promote");
    expect((await command(project, "promote", "dev/billing", "--yes")).exitCode).toBe(0);
    expect(stables(project)).toEqual(["v2", "v2"]);
    expect(files(project)).toEqual(own);
  });
});

describe("a train", () => {
  const environment = "releases/dev/environment.json";
  const problems = (trains: object) =>
    problemsOf(
      train({ [environment]: `{ "region": "eu-central-1",\n"trains": ${JSON.stringify(trains)} }` }),
    );

  test.each<[object, string]>([
    [
      { search: ["orders", "billing"] },
      "'trains.search' must have another name than the service of releases/dev/search.json",
    ],
    [
      { one: ["orders", "shop"] },
      `'trains.one[1]' must be a service of dev: there are billing, orders, search, got "shop"`,
    ],
    [
      { one: { services: ["shop", "orders"] } },
      `'trains.one.services[0]' must be a service of dev: there are billing, orders, search, got "shop"`,
    ],
    [
      { one: ["orders", "orders"] },
      `'trains.one' must be a list of 2 to 20 different service names, got ["orders","orders"]`,
    ],
    [
      { one: ["orders", "billing"], two: ["search", "orders"] },
      `'trains.two[1]' must be in one train only, and is in 'one', got "orders"`,
    ],
    [{ one: ["orders", "prod/billing"] }, "'trains.one[1]' must be lower-case letters and digits"],
    [
      { one: { services: ["orders", "billing"], onFailure: "undo" } },
      `'trains.one.onFailure' must be one of "stop", "take-back", got "undo"`,
    ],
    [
      { one: "orders" },
      `'trains.one' must be a list of 2 to 20 different service names, or an object, got "orders"`,
    ],
    [{ One: ["orders", "billing"] }, "'trains.One' must be lower-case letters and digits"],
  ])("is refused where it names what is not there, or twice: %j", (trains, message) => {
    const [first, ...others] = problems(trains);
    expect(first).toContain(`${environment}:2:`);
    expect(first).toContain(message);
    expect(others).toEqual([]);
  });
});
