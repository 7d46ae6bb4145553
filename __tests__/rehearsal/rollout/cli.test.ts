import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { bin, copyOfProject, run, start } from "../../support/command";
import { handler, writeFiles } from "../../support/project";
import { release } from "../../support/release-command";
import { withServedApp } from "../../support/served-app";

jest.setTimeout(120_000);

const project = withServedApp(copyOfProject(["dev/catalog", "dev/checkout", "dev/storefront"]));
/** Named like a picture. */
const folder = join(project, "folder.svg");
mkdirSync(folder);
const rehearseIn = (folder: string, ...args: string[]) => release(folder, ["rehearse", ...args]);
const rehearse = (...args: string[]) => rehearseIn(project, ...args);

test("a bad version is stopped: exit code 1, with what happened, totals and a picture", async () => {
  const picture = join(project, "shift.svg");
  const args = ["dev/checkout", "--fail", "canary=5%", "--seed", "1", "--plot", picture];
  const { exitCode, stdout, stderr } = await rehearse(...args);
  expect([exitCode, stderr]).toEqual([1, ""]);
  expect(stdout).toContain("by CodeDeployDefault.LambdaCanary10Percent5Minutes");
  expect(stdout).toContain("2 runs the code of 1: --from <git ref>");
  expect(stdout).toMatch(/^ +\d:\d\d +10 % +\d+ +alarm checkout-dev-version-errors is ALARM$/m);
  expect(stdout).toMatch(
    /^Rolled back after \d:\d0, because of checkout-dev-version-errors.*\n\d+ of \d,\d00 requests failed/m,
  );
  expect(readFileSync(picture, "utf8")).toMatch(/^<svg /);
});

test("a fault that begins late is told with its time, to scripts and in the picture", async () => {
  const picture = join(project, "late.svg");
  const late = ["--fail", "canary=0.1%:500", "--fail", "canary=100%@2m", "--fail", "canary=5%@2h"];
  const args = ["dev/checkout", ...late, "--rate", "2", "--seed", "1"];
  const { exitCode, stdout } = await rehearse(...args, "--plot", picture);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^failing +0.1 % of the invocations of 2, as answers of 500$/m);
  expect(stdout).toMatch(/^failing +100 % of the invocations of 2, from 2:00 on$/m);
  expect(stdout).toMatch(/^ +2:00 +10 % +0 +failing from now on: 100 % of the invocations of 2$/m);
  expect(stdout).toMatch(/^ +▲ failing 2:00$/m);
  expect(stdout).toMatch(
    /^Not played: failing 5 % of the invocations of 2, from 120:00 on\. The rehearsal ended at /m,
  );
  expect(readFileSync(picture, "utf8")).toContain(">failing 2:00</text>");
  const scripts = JSON.parse((await rehearse(...args, "--json")).stdout);
  expect(scripts.failing).toEqual([
    { version: "2", percent: 0.1, kind: "500" },
    { version: "2", percent: 100, kind: "throw", fromMs: 120_000 },
    { version: "2", percent: 5, kind: "throw", fromMs: 7_200_000 },
  ]);
  const question = [
    "dev/checkout",
    "--how-bad",
    "--fail",
    "canary:timeout@2m",
    "--draws",
    "5",
    "--seed",
    "1",
  ];
  const asked = await rehearse(...question);
  expect(asked.stdout).toMatch(
    /^failing +the share of each line of the invocations of 2, as timeouts, from 2:00 on$/m,
  );
  expect(asked.stdout).toMatch(/^100 % +100 % +2:[345]0 +[23]:\d0 /m);
});

test("--from takes the old code from a commit, and a good version is shifted to: exit code 0", async () => {
  const git = (...args: string[]) =>
    run(project, "git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "before");
  writeFiles(project, { "lambdas/checkout/checkout.ts": handler("2") });
  const { exitCode, stdout } = await rehearse("dev/checkout", "--from", "HEAD", "--rate", "1", "--json");
  const { from, to, result, failed, byVersion } = JSON.parse(stdout);
  expect({ exitCode, from, to, result, failed }).toEqual({
    exitCode: 0,
    from: "1",
    to: "2",
    result: "shifted",
    failed: 0,
  });
  expect(Object.keys(byVersion)).toEqual(["1", "2"]);
  const shown = await rehearse("dev/checkout", "--from", "HEAD", "--rate", "1");
  expect(shown.stdout).not.toContain("runs the code of");
});

test("the question beforehand is answered, also for few requests", async () => {
  const { exitCode, stdout } = await rehearse(
    "dev/checkout",
    "--how-bad",
    "--rate",
    "0.1",
    "--draws",
    "20",
    "--seed",
    "1",
  );
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^100 % +\d+ % +\d:\d\d/m);
  expect(stdout).toContain("is stopped in");
  expect(stdout).toContain("Handlers and hooks are not called");
});

test.each([
  [[], "error: missing required argument 'service'"],
  [["dev/nope"], "error: there is no service 'nope' in dev: there are catalog, checkout, "],
  [["checkout-dev"], "error: 'checkout-dev' must be <environment>/<service>, such as dev/greeting\n"],
  [
    ["dev/checkout", "--fail", "canary=120%"],
    "It must look like canary=5%: canary, stable or a version, and 0 to 100 %.",
  ],
  [
    ["dev/checkout", "--fail", "canary"],
    "It must look like canary=5%: canary, stable or a version, and 0 to 100 %.",
  ],
  [
    ["dev/checkout", "--fail", "No=5%"],
    "It must look like canary=5%: canary, stable or a version, and 0 to 100 %.",
  ],
  [
    ["dev/checkout", "--fail", "7=5%"],
    `error: '--fail' must name canary (2), stable (1) or one of the two, got "7"\n`,
  ],
  [
    ["dev/checkout", "--slow", "canary=x"],
    "It must look like canary=200: canary, stable or a version, and 0 to 900000 ms.",
  ],
  [["dev/checkout", "--rate", "0"], "It must be a number above 0 and at most 100000."],
  [["dev/checkout", "--seed", "-1"], "It must be a whole number between 0 and 4294967295."],
  [["dev/checkout", "--plot", "shift.png"], "It must be a file name that ends with .svg."],
  [
    ["dev/checkout", "--plot", "/nowhere/shift.svg"],
    "error: '--plot' cannot be written: /nowhere/shift.svg\n",
  ],
  [["dev/checkout", "--from", "nope"], "error: git cannot check out 'nope': "],
  [
    ["dev/checkout", "--operator", "stop"],
    "error: '--operator' must not be given: checkout-dev does not wait for an operator\n",
  ],
  [["dev/storefront", "--operator", "nobody"], "Allowed choices are continue, stop, absent."],
  [["dev/storefront", "--operator-after", "-1"], "It must be a whole number between 0 and 7200."],
  [
    ["dev/storefront", "--operator", "stop", "--how-bad"],
    `error: '--operator' must be continue with --how-bad, got "stop"\n`,
  ],
  [
    ["dev/storefront", "--fail", "v7=5%"],
    `error: '--fail' must name canary (v1-new), stable (v1) or one of the two, got "v7"\n`,
  ],
  [
    ["dev/checkout", "--operator-after", "0"],
    "error: '--operator-after' must not be given: checkout-dev does not wait for an operator\n",
  ],
  [
    ["dev/checkout", "--how-bad", "--plot", "shift.svg"],
    "error: '--plot' must not be given with --how-bad, which plays no shift\n",
  ],
  [
    ["dev/checkout", "--how-bad", "--fail", "canary=5%"],
    "error: '--fail' must not give canary (2) a share with --how-bad, which varies it: give how or from when on alone, such as canary@20m\n",
  ],
  [
    ["dev/checkout", "--fail", "canary@20m"],
    "error: '--fail' must give canary a share, such as canary=5%: --how-bad varies that of canary alone\n",
  ],
  [
    ["dev/checkout", "--fail", "canary=5%:502"],
    'It must have 500, throw or timeout behind the colon, got "502".',
  ],
  [
    ["dev/checkout", "--fail", "canary=5%@20"],
    "It must have a time such as @90s, @20m or @1h, at most 48 h, got",
  ],
  [
    ["dev/checkout", "--slow", "canary=5@20"],
    "It must have a time such as @90s, @20m or @1h, at most 48 h, got",
  ],
  [
    ["dev/storefront", "--fail", "canary=5%:throw"],
    `error: '--fail' must be 500 or timeout for this service, got "throw" for canary\n`,
  ],
  [["dev/checkout", "--plot", folder], `error: '--plot' cannot be written: ${folder}\n`],
  [["dev/checkout", "--path", "/a b"], "It must be a path that starts with a slash and has no spaces."],
  [["dev/checkout", "--draws", "0"], "It must be a whole number between 1 and 100000."],
  [["dev/checkout", "--sede", "1"], "error: unknown option '--sede'\n(Did you mean --seed?)"],
])("%j ends it with a line and exit code 2", async (args, line) => {
  const { exitCode, stdout, stderr } = await rehearse(...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(line) });
  expect(stderr + stdout).not.toContain("    at ");
});

describe("a service of containers", () => {
  test("is stopped by an operator: exit code 1, with what scripts are told", async () => {
    const args = ["dev/storefront", "--operator", "stop", "--operator-after", "3", "--rate", "1", "--json"];
    const { exitCode, stdout, stderr } = await rehearse(...args);
    expect([exitCode, stderr]).toEqual([1, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      cluster: "storefront-dev",
      service: "storefront-dev",
      from: "v1",
      to: "v1-new",
      config: "CodeDeployDefault.ECSCanary10Percent5Minutes",
      result: "rolled back",
      tookMs: 195_000,
      stoppedBy: ["MANUAL_STOP"],
      failed: 0,
    });
  });

  const dockerfile = "containers/storefront/Dockerfile";

  test.each([
    [
      "FROM node:22-slim\nCMD node server.js\n",
      'containers/storefront/Dockerfile must have a CMD that is a list, such as ["node", "server.js"]',
    ],
    [
      'CMD ["node", "nowhere.js"]\n',
      "a task of v1 is not healthy: it ends with exit code 1: Error: Cannot find module",
    ],
    ['CMD ["nothing-of-that-name"]\n', "a task of v1 is not healthy: spawn nothing-of-that-name ENOENT"],
  ])("that does not run ends it with a line and exit code 2: %j", async (text, line) => {
    const copy = copyOfProject(["dev/storefront"]);
    writeFiles(copy, { [dockerfile]: text });
    const { exitCode, stderr } = await rehearseIn(copy, "dev/storefront");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`error: ${line}`)]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test.each(["SIGINT", "SIGHUP"] as const)("leaves no server behind when it gets a %s", async (signal) => {
    const copy = copyOfProject(["dev/storefront"]);
    const folder = join(copy, "containers/storefront");
    const server = readFileSync(join(folder, "server.js"), "utf8");
    const tellsItsPort = 'require("node:fs").writeFileSync(`${process.env.PORT}.port`, "");';
    writeFiles(copy, { "containers/storefront/server.js": `${tellsItsPort}\n${server}` });
    const args = [bin, "rehearse", "dev/storefront", "--rate", "1000"];
    const rehearsal = start(copy, "node", args, {});
    const servers = () => readdirSync(folder).filter((name) => name.endsWith(".port"));
    while (servers().length < 2) await setTimeout(50);
    rehearsal.signal(signal);
    expect((await rehearsal.finished).exitCode).toBe(130);
    for (const name of servers()) {
      await expect(fetch(`http://127.0.0.1:${Number.parseInt(name, 10)}/`)).rejects.toThrow();
    }
  });

  test("without a folder to run cannot be rehearsed", async () => {
    const copy = copyOfProject(["dev/storefront"]);
    rmSync(join(copy, "containers"), { recursive: true });
    const { exitCode, stderr } = await rehearseIn(copy, "dev/storefront");
    expect([exitCode, stderr]).toEqual([
      2,
      "error: containers/storefront must exist: the tasks of v1 run what their image is built from\n",
    ]);
  });
});
