import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { readReleases } from "../../../src/release/files/file";
import { runtimeNotice } from "../../../src/release/functions/runtime-notice";
import { runtimes } from "../../../src/release/functions/runtimes";
import { formatProblem } from "../../../src/release/problem";
import { checkRuntimes } from "../../../src/review/checks/runtimes";
import { diagnose } from "../../../src/setup/doctor";
import { tryReleases } from "../../../stacks/releases";
import { between } from "../../review/between";
import { filesInMemory } from "../../support/files-in-memory";
import { createProject, temporaryFolder } from "../../support/project";
import { shop } from "../../support/shop";

const provider5 = { version: "5.100.0", from: "@cdktf/provider-aws 20.1.0" };
const provider6 = { version: "6.25.0", from: "@cdktf/provider-aws 21.22.1" };

const at = (day: string) => new Date(`${day}T12:00:00Z`);

test.each([
  ["nodejs20.x", "2026-02-28", undefined],
  [
    "nodejs20.x",
    "2026-03-01",
    "AWS deprecates nodejs20.x on 2026-04-30, and creates no function with it from 2027-02-01 on: use nodejs22.x",
  ],
  [
    "nodejs20.x",
    "2026-04-30",
    "AWS deprecated nodejs20.x on 2026-04-30, and creates no function with it from 2027-02-01 on: use nodejs22.x",
  ],
  ["nodejs20.x", "2027-02-01", "AWS creates no function with nodejs20.x since 2027-02-01: use nodejs22.x"],
  // The newest that can be offered has no way out.
  ["nodejs22.x", "2027-06-01", "AWS creates no function with nodejs22.x since 2027-06-01"],
  ["python3.12", "2027-06-01", undefined],
])("of %s on %s it is said: %s", (runtime, day, text) => {
  expect(runtimeNotice(runtime, at(day), provider5)?.text).toBe(text);
});

test("every runtime is deprecated before it is closed, and has one row", () => {
  for (const { name, deprecated, creationBlocked } of runtimes)
    expect([name, deprecated < creationBlocked]).toEqual([name, true]);
  expect(new Set(runtimes.map(({ name }) => name)).size).toBe(runtimes.length);
});

test("with version 6 of the provider the way out is the newest runtime that it takes", () => {
  const textOf = (runtime: string, day: string) => runtimeNotice(runtime, at(day), provider6)?.text;
  expect(textOf("nodejs22.x", "2027-06-01")).toBe(
    "AWS creates no function with nodejs22.x since 2027-06-01: use nodejs24.x",
  );
  // 6.25 does not take dotnet10.
  expect(textOf("dotnet8", "2027-02-01")).toBe("AWS creates no function with dotnet8 since 2027-02-01");
});

test.each([
  ["nodejs24.x", "npm install @cdktf/provider-aws@21.22.1"],
  ["python3.14", "npm install @cdktf/provider-aws@21.22.1"],
  [
    "ruby4.0",
    "no package of CDKTF has AWS provider 6.66.0, which takes it: move to CDK Terrain, see docs/moving-to-cdktn.md",
  ],
])("%s is refused where the installed provider does not take it, with the way out", (runtime, remedy) => {
  const problems = (provider: typeof provider5) => {
    const code = { code: { path: "lambdas/shop/built" }, handler: "shop.handler" };
    const release = { versions: { v1: {}, v2: { settings: { ...code, runtime } } } };
    const project = filesInMemory({ ...old(release), "lambdas/shop/built/shop.rb": "" });
    return readReleases(project, { now: at("2026-11-27"), provider }).problems.map(formatProblem);
  };
  const message = `'versions.v2.settings.runtime' must be a runtime that AWS provider 5.100.0 (@cdktf/provider-aws 20.1.0) takes: ${remedy}, got "${runtime}"`;
  expect(problems(provider5)).toEqual([expect.stringContaining(message)]);
  expect(problems(provider6)).toHaveLength(remedy.startsWith("npm") ? 0 : 1);
});

const settings = { runtime: "nodejs20.x" };

/** Two versions on nodejs20.x, of which v1 serves all users. */
const old = (release: object = {}) =>
  shop({ versions: { v1: { settings }, v2: { settings } }, stable: "v1", ...release });

const problemsOn = (day: string, release?: object) =>
  readReleases(filesInMemory(old(release)), { now: at(day), provider: provider5 }).problems.map(
    formatProblem,
  );

test("a version that AWS would create no function for is refused from that day on", () => {
  expect(problemsOn("2027-01-31")).toEqual([]);
  expect(problemsOn("2027-02-01")).toEqual([
    expect.stringMatching(
      /^releases\/dev\/shop\.json:\d+:\d+ 'versions\.v2' must have a runtime that AWS creates functions with: AWS creates no function with nodejs20\.x since 2027-02-01: use nodejs22\.x, got "nodejs20\.x"$/,
    ),
  ]);
});

test.each([
  { stable: "v2", former: "v1" },
  { canary: { version: "v2", percent: 10 } },
  { preview: { version: "v2", sources: ["203.0.113.0/24"] } },
])("a version that is there already stays valid, so that users can leave it: %j", (release) => {
  expect(problemsOn("2027-03-01", release)).toEqual([]);
});

const file = (versions: string[]) => ({ versions, stable: "v1", settings });
const findings = (base: object | undefined, head: object, day: string) =>
  checkRuntimes(between(base, head, { now: at(day) })).map(({ message, isNote }) => [message, isNote]);

test("a review notes a runtime that ends, and finds fault where AWS would create no function", () => {
  const blocked = "AWS creates no function with nodejs20.x since 2027-02-01: use nodejs22.x";
  const [before, after] = [file(["v1"]), file(["v1", "v2"])];
  expect(findings(before, before, "2027-03-01")).toEqual([]);
  expect(findings(undefined, before, "2026-02-28")).toEqual([]);
  expect(findings(undefined, before, "2027-03-01")).toEqual([[blocked, false]]);
  expect(findings(before, after, "2027-03-01")).toEqual([
    [blocked, true],
    [blocked, false],
  ]);
  expect(findings(before, after, "2026-11-27").map(([, isNote]) => isNote)).toEqual([true, true]);
});

test("doctor names the services that have such a runtime", () => {
  const runtimesOn = (day: string) =>
    diagnose(createProject(old()), at(day)).find(({ what }) => what === "runtimes");
  expect(runtimesOn("2026-02-28")).toEqual({
    what: "runtimes",
    found: "nodejs20.x",
    isFine: true,
    remedy: undefined,
  });
  expect(runtimesOn("2026-11-27")).toMatchObject({
    isFine: false,
    remedy:
      "AWS deprecated nodejs20.x on 2026-04-30, and creates no function with it from 2027-02-01 on: use nodejs22.x (dev/shop)",
  });
});

test("synthesis warns of a runtime that ends soon, and writes the same on every day", async () => {
  const project = createProject(old());
  const written = async (day: string) => {
    const lines: string[] = [];
    const error = jest.spyOn(console, "error").mockImplementation((line) => lines.push(String(line)));
    const output = temporaryFolder();
    const app = new App({ outdir: output });
    try {
      expect(await tryReleases(app, project, { now: at(day) })).toEqual([]);
    } finally {
      error.mockRestore();
    }
    app.synth();
    return { lines, stack: readFileSync(join(output, "stacks/shop-dev/cdk.tf.json"), "utf8") };
  };
  const [before, soon] = [await written("2026-02-28"), await written("2026-03-01")];
  expect(before.lines).toEqual([]);
  expect(soon.lines).toEqual([
    "warning: AWS deprecates nodejs20.x on 2026-04-30, and creates no function with it from 2027-02-01 on: use nodejs22.x (dev/shop)",
  ]);
  expect(soon.stack).toBe(before.stack);
});
