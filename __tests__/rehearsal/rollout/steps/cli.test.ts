import { readFileSync } from "node:fs";
import { join } from "node:path";
import { copyOfProject } from "../../../support/command";
import { handler, writeFiles } from "../../../support/project";
import { blocksOf, readPage } from "../../../support/readme";
import { release } from "../../../support/release-command";
import { withServedApp } from "../../../support/served-app";
import { shape } from "../../../support/shape";

jest.setTimeout(180_000);

const page = readPage("docs/guard.md");
const [shown] = blocksOf(page);
const steps = {
  steps: [
    { percent: 10, bakeMinutes: 10 },
    { percent: 50, bakeMinutes: 10 },
  ],
};

const project = withServedApp(copyOfProject(["dev/checkout", "dev/catalog"]));
writeFiles(project, {
  "releases/dev/orders.json": { ...JSON.parse(shown?.text ?? ""), ...steps },
  "releases/dev/empty.json": { strategy: "canary-stage", versions: ["v1"], stable: "v1" },
  "lambdas/orders/v1/orders.ts": handler("v1"),
  "lambdas/orders/v2/orders.ts": handler("v2"),
  "lambdas/empty/v1/empty.ts": handler("v1"),
});
const rehearse = (...args: string[]) => release(project, ["rehearse", ...args]);

test("the guard's page shows what a rehearsal of its release prints", async () => {
  const block = blocksOf(page).find(({ note }) => note?.startsWith("rehearsed "));
  const args = (block?.note ?? "").replace("rehearsed ", "").split(" ");
  const { exitCode, stdout, stderr } = await rehearse("dev/orders", ...args);
  expect([exitCode, stderr]).toEqual([1, ""]);
  expect(shape(stdout)).toBe(shape(block?.text ?? ""));
});

test("the question beforehand is answered, and changes no file", async () => {
  const before = readFileSync(join(project, "releases/dev/orders.json"), "utf8");
  const { exitCode, stdout } = await rehearse(
    "dev/orders",
    "--how-bad",
    "--draws",
    "5",
    "--json",
    "--seed",
    "1",
  );
  const { from, to, guarded, rows, steps } = JSON.parse(stdout);
  expect({ exitCode, from, to, guarded }).toEqual({ exitCode: 0, from: "v1", to: "v2", guarded: true });
  expect(steps).toEqual([
    { verb: "start", percent: 10, atMinutes: 0 },
    { verb: "advance", percent: 50, atMinutes: 10 },
    { verb: "promote", percent: 100, atMinutes: 20 },
  ]);
  expect(rows.at(-1)).toMatchObject({ failingPercent: 100, stopped: 1 });
  expect(readFileSync(join(project, "releases/dev/orders.json"), "utf8")).toBe(before);
});

test.each([
  [
    ["dev/empty", "--steps"],
    "dev/empty has no version to release: publish one after v1, or make one the canary\n",
  ],
  [["dev/checkout", "--steps"], "error: '--steps' must not be given: CodeDeploy shifts this release\n"],
  [
    ["dev/orders", "--steps", "--requests", "5"],
    "error: '--steps' must not be given with --requests, which rehearses the traffic of dev/orders\n",
  ],
  [
    ["dev/orders", "--steps", "--operator", "stop"],
    "error: '--operator' must not be given: dev/orders does not wait for an operator\n",
  ],
  [
    ["dev/orders", "--fail", "v7=5%"],
    `error: '--fail' must name canary (v2), stable (v1) or one of the two, got "v7"\n`,
  ],
  [
    ["dev/orders", "--late", "1"],
    "error: '--late' must not be given: it is of a shift by CodeDeploy, and this rehearses the traffic of dev/orders: --steps plays its release\n",
  ],
  [
    ["dev/orders", "--how-bad", "--fail", "canary=5%"],
    "error: '--fail' must not give canary (v2) a share with --how-bad, which varies it: ",
  ],
])("%j ends it with a line and exit code 2", async (args, line) => {
  const { exitCode, stdout, stderr } = await rehearse(...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(line) });
  expect(stderr + stdout).not.toContain("    at ");
});
