import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readAlarms } from "../../src/live/alarms";
import type { Strategy } from "../../src/release/strategies/names";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { bin, type Finished, run } from "../support/command";
import { createProject, shop } from "../support/project";
import { release as releaseHere } from "../support/release-command";
import { type Answer, AnsweringEndpoint, accountId } from "./answering-endpoint";
import { plainExport, runningShop } from "./running-shop";
import { releaseOf } from "./shop-context";

jest.setTimeout(60_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const file = "releases/dev/shop.json";
const textOf = (project: string) => readFileSync(join(project, file), "utf8");

/** The release command, in an account where somebody may ask, or with other variables. */
function release(project: string, args: readonly string[], variables = variablesOfAws()): Promise<Finished> {
  return releaseHere(project, args, { variables });
}

/** In its own process: in Jest, the SDK does not recognize connection errors of Node. */
function started(project: string, args: readonly string[], variables: Record<string, string>) {
  return run(project, "node", [bin, ...args], variables);
}

function variablesOfAws(): Record<string, string> {
  const all = Object.entries(process.env).filter(([name]) => name.startsWith("AWS_"));
  return Object.fromEntries(all) as Record<string, string>;
}

const since = Date.parse("2026-11-21T19:04:05Z") / 1000;
const reason = "Threshold Crossed: 1 datapoint [3.0] was greater than or equal to the threshold (1.0).";

/** CloudWatch's alarms by their states. A composite alarm is told beside the others. */
function alarms(states: Readonly<Record<string, string>>): Answer {
  const described = Object.entries(states).map(([AlarmName, StateValue]) => ({
    AlarmName,
    StateValue,
    StateReason: reason,
    StateTransitionedTimestamp: since,
    StateUpdatedTimestamp: since + 60,
  }));
  const isComposite = ({ AlarmName }: { readonly AlarmName: string }) => AlarmName === "shop-declined";
  return {
    body: {
      MetricAlarms: described.filter((one) => !isComposite(one)),
      CompositeAlarms: described.filter(isComposite),
    },
  };
}

const good = { "shop-dev-v2-errors": "OK", "shop-declined": "INSUFFICIENT_DATA" };
const red = { ...good, "shop-dev-v2-errors": "ALARM" };

/** A shop whose v2 has 10 percent, with an alarm on each version and one that was there. */
const watched = (fields: object = {}) =>
  shop({
    versions: ["v1", "v2", "v3"],
    canary: { version: "v2", percent: 10 },
    alarms: { own: ["shop-declined"] },
    ...fields,
  });
const files = { "lambdas/shop/v3/shop.ts": "export const handler = async () => ({ statusCode: 200 });\n" };
const project = (fields: object = {}) => createProject({ ...watched(fields), ...files });

const names = () => aws.calls.filter(({ name }) => name === "DescribeAlarms").map(({ body }) => body);

describe("while an alarm is red", () => {
  test.each<[readonly string[], object]>([
    [["start", "dev/shop", "v2"], { canary: undefined }],
    [["shift", "dev/shop", "25"], {}],
    [["next", "dev/shop"], { steps: [{ percent: 10 }, { percent: 50 }] }],
    [["next", "dev/shop"], { steps: [{ percent: 10 }] }],
    [["promote", "dev/shop"], {}],
    [["promote", "dev/shop", "--dry-run"], {}],
  ])("%j is refused, and told which, since when and why", async (args, fields) => {
    aws.set({ DescribeAlarms: alarms(red) });
    const folder = project(fields);
    const text = textOf(folder);
    expect(await release(folder, [...args, "--yes"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: [
        "refused: not sending more traffic to v2 while an alarm is in ALARM",
        `  shop-dev-v2-errors is in ALARM since 2026-11-21T19:04:05Z: ${reason}`,
        "  check the alarm: npx lambda-release status dev/shop --live",
        "  fix the cause in a new version, or use --ignore-alarms to override",
        "",
      ].join("\n"),
    });
    expect(textOf(folder)).toBe(text);
    // Not those of v1: that v1 fails is no reason against v2.
    expect(names()).toEqual([
      expect.objectContaining({ AlarmNames: ["shop-dev-v2-errors", "shop-declined"] }),
    ]);
  });

  test.each<[readonly string[], object]>([
    [["shift", "dev/shop", "5"], {}],
    [["rollback", "dev/shop"], {}],
    [["rollback", "dev/shop"], { canary: undefined, stable: "v2", former: "v1" }],
    [["hotfix", "dev/shop", "v3"], {}],
    [["prune", "dev/shop", "v3"], {}],
    [["shift", "dev/shop", "25", "--ignore-alarms"], {}],
    [["shift", "dev/shop", "25"], { alarms: { errors: false } }],
    [["shift", "dev/shop", "25"], { alarms: undefined }],
  ])("%j asks nobody where the file says %j", async (args, fields) => {
    aws.set({ DescribeAlarms: alarms(red) });
    expect(await release(project(fields), [...args, "--yes"])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(aws.calls).toEqual([]);
  });

  test.each<[readonly string[], readonly string[]]>([
    [["canary"], ["shop-dev-canary-answers"]],
    // All answers are stable's too, and the canary may be what mends it.
    [["canary", "stage"], ["shop-dev-canary-answers"]],
    [["stage"], ["shop-dev-stage-answers"]],
  ])("with alarms on the answers of %j, a step looks at %j", async (on, asked) => {
    const states = Object.fromEntries(asked.map((name) => [name, "OK"]));
    aws.set({ DescribeAlarms: alarms({ ...states, "shop-dev-stage-answers": "ALARM", ...good }) });
    const fields = { alarms: { errors: false, answers: { on } } };
    const { exitCode } = await release(project(fields), ["shift", "dev/shop", "25", "--yes"]);
    expect(exitCode).toBe(on.includes("canary") ? 0 : 1);
    expect(names()).toEqual([expect.objectContaining({ AlarmNames: asked })]);
  });

  test("a script gets the line", async () => {
    aws.set({ DescribeAlarms: alarms({ ...good, "shop-declined": "ALARM" }) });
    const { stdout, exitCode } = await release(project(), ["shift", "dev/shop", "25", "--yes", "--json"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).refused).toContain("shop-declined is in ALARM since 2026-11-21T19:04:05Z");
  });
});

const aliasAlarms = ["shop-dev-version-errors", "shop-dev-alias-errors"];

test.each<[Strategy, object, readonly string[], readonly string[]]>([
  ["weighted-alias", { canary: { version: 2, percent: 10 } }, ["shift", "25"], aliasAlarms],
  ["alias-canary-stage", { canary: { version: 2, percent: 10 } }, ["shift", "25"], ["shop-dev-v2-errors"]],
  [
    "blue-green-stage",
    { blue: { version: 2, sources: ["203.0.113.0/24"] } },
    ["promote"],
    ["shop-dev-v2-errors"],
  ],
  // No user is at blue.
  ["blue-green-stage", {}, ["start", "2", "--source", "203.0.113.0/24"], []],
  // Its shifts are CodeDeploy's, which has looked by then.
  ["codedeploy-alias", {}, ["start", "2"], []],
  ["codedeploy-alias", { canary: { version: 2 } }, ["promote"], []],
])("%s %j: %j asks for %j", async (strategy, fields, [verb = "", ...args], asked) => {
  aws.set({ DescribeAlarms: alarms(Object.fromEntries(asked.map((name) => [name, "OK"]))) });
  const folder = createProject(oneFunction(strategy, "code", { versions: [1, 2], alarms: {}, ...fields }));
  expect(await release(folder, [verb, "dev/shop", ...args, "--yes"])).toMatchObject({
    exitCode: 0,
    stderr: "",
  });
  expect(names()).toEqual(asked.length === 0 ? [] : [expect.objectContaining({ AlarmNames: asked })]);
});

test("a moment of throttling, a cut connection and an alarm without data stop nothing", async () => {
  const throttled = { status: 400, error: "ThrottlingException", body: { message: "Rate exceeded" } };
  aws.set({ DescribeAlarms: [throttled, "cut", alarms(good)] });
  const folder = project();
  expect(await release(folder, ["shift", "dev/shop", "25", "--yes"])).toMatchObject({
    exitCode: 0,
    stderr: "",
  });
  expect(JSON.parse(textOf(folder)).canary.percent).toBe(25);
  expect(names()).toHaveLength(3);
});

describe("where AWS cannot be asked, nothing is written, and one line says what to do", () => {
  const waysOn = "; use credentials that may call cloudwatch:DescribeAlarms, or --ignore-alarms";
  const nobody = {
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const refusal = (error: string, message: string) => ({ status: 400, error, body: { message } });

  test("DEBUG shows the error behind that line", async () => {
    aws.set({ DescribeAlarms: refusal("AccessDenied", "not authorized") });
    const variables = { ...variablesOfAws(), DEBUG: "1" };
    const { stderr } = await release(project(), ["shift", "dev/shop", "25", "--yes"], variables);
    expect(stderr).toMatch(/cause: AwsError: access denied for cloudwatch:DescribeAlarms/);
  });

  test.each<
    [string, Parameters<AnsweringEndpoint["set"]>[0], Record<string, string>, string, typeof started?]
  >([
    [
      "no credentials",
      {},
      { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", ...nobody },
      "there are no AWS credentials: ",
    ],
    [
      "throttled to the end",
      { DescribeAlarms: refusal("ThrottlingException", "Rate exceeded") },
      {},
      "AWS throttles cloudwatch:DescribeAlarms, 4 times in a row: try again in a minute",
    ],
    [
      "cut to the end",
      { DescribeAlarms: "cut" },
      {},
      "AWS does not answer cloudwatch:DescribeAlarms, 4 times in a row",
      started,
    ],
    [
      "no network",
      {},
      { AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
      "AWS cannot be reached for sts:GetCallerIdentity: ",
      started,
    ],
    [
      "forbidden",
      { DescribeAlarms: refusal("AccessDenied", "not authorized") },
      {},
      "access denied for cloudwatch:DescribeAlarms: not authorized",
    ],
    [
      "not JSON",
      { DescribeAlarms: { body: "<html>" } },
      {},
      "the answer to cloudwatch:DescribeAlarms is not AWS's",
    ],
  ])("%s", async (_, table, variables, cause, command = release) => {
    aws.set(table);
    const folder = project();
    const text = textOf(folder);
    const { exitCode, stdout, stderr } = await command(folder, ["shift", "dev/shop", "25", "--yes"], {
      ...variablesOfAws(),
      ...variables,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    const line = /^error: the alarms of dev\/shop cannot be asked: (.+)\n$/.exec(stderr)?.[1];
    expect(line?.slice(0, cause.length)).toBe(cause);
    expect(line?.slice(-waysOn.length)).toBe(waysOn);
    expect(textOf(folder)).toBe(text);
  });
});

test.each([
  [
    "that the file calls its own",
    { "shop-dev-v2-errors": "OK" },
    2,
    "error: there is no alarm shop-declined in eu-central-1, which 'alarms.own' names: remove it from the file, or use --ignore-alarms\n",
  ],
  [
    "that the stack makes",
    { "shop-declined": "OK" },
    1,
    "refused: the alarm shop-dev-v2-errors is not deployed yet: deploy first, or use --ignore-alarms\n",
  ],
])("an alarm %s and that is not there is told", async (_, states, exitCode, stderr) => {
  aws.set({ DescribeAlarms: alarms(states) });
  expect(await release(project(), ["promote", "dev/shop", "--yes"])).toEqual({
    exitCode,
    stdout: "",
    stderr,
  });
});

test("hundreds are asked for in calls of a hundred, and told in the order of their names", async () => {
  const many = Array.from({ length: 230 }, (_, index) => `alarm-${index}`);
  const part = (from: number, to: number) =>
    alarms(
      Object.fromEntries(
        many
          .slice(from, to)
          .reverse()
          .map((name) => [name, "OK"]),
      ),
    );
  aws.set({ DescribeAlarms: [part(0, 100), part(100, 200), part(200, 229)] });
  const found = await readAlarms(releaseOf(shop({})).environment, many);
  expect(found.map(({ name }) => name)).toEqual(many);
  expect(found.at(-2)).toEqual({ name: "alarm-228", state: "OK", since: new Date(since * 1000), reason });
  expect(found.at(-1)).toEqual({ name: "alarm-229", state: "missing" });
  expect(names()).toMatchObject([{ MaxRecords: 100 }, { MaxRecords: 100 }, { MaxRecords: 100 }]);
});

describe("status --live", () => {
  const deployed = {
    "GET /restapis": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
    "GET /restapis/abc/deployments": { body: { item: [{ id: "d1", description: "v1", createdDate: 1 }] } },
    "GET /restapis/abc/stages/dev": {
      body: { deploymentId: "d1", variables: { shopFunction: "shop-dev-v1" } },
    },
  };
  const stable = { canary: undefined, versions: ["v1", "v2"] };
  const running = () => runningShop(watched(stable)).running();

  test("shows the state of each alarm, and why one is red", async () => {
    const told = { DescribeAlarms: alarms({ ...red, "shop-dev-v1-errors": "OK" }) };
    aws.set({ ...deployed, ...plainExport, ...(await running()), ...told });
    const { stdout, exitCode } = await release(createProject(watched(stable)), [
      "status",
      "dev/shop",
      "--live",
    ]);
    expect(stdout.split("\n").slice(2)).toEqual([
      "version    file     AWS",
      "v1        100 %   100 %   stable",
      "v2          0 %     0 %",
      "",
      "alarm                state     since",
      "shop-dev-v1-errors   ok        2026-11-21T19:04:05Z",
      "shop-dev-v2-errors   ALARM     2026-11-21T19:04:05Z",
      "shop-declined        no data   2026-11-21T19:04:05Z",
      "",
      `shop-dev-v2-errors is in ALARM since 2026-11-21T19:04:05Z: ${reason}`,
      "AWS matches the file.",
      "",
    ]);
    expect(exitCode).toBe(0);
  });

  test("tells an alarm on the guard itself, which is no alarm of the release", async () => {
    const fields = { ...stable, guard: {}, stableSince: "2026-11-20T09:00:00Z" };
    const calm = { ...good, "shop-dev-v1-errors": "OK", "shop-dev-canary-answers": "OK" };
    const ofGuard = { "shop-dev-guard-errors": "ALARM", "shop-dev-guard-not-called": "OK" };
    const told = { DescribeAlarms: alarms({ ...calm, ...ofGuard }) };
    aws.set({ ...deployed, ...plainExport, ...(await runningShop(watched(fields)).running()), ...told });
    const folder = createProject(watched(fields));
    const { stdout } = await release(folder, ["status", "dev/shop", "--live"]);
    expect(stdout).toContain(
      `\nthe guard itself: shop-dev-guard-errors is in ALARM since 2026-11-21T19:04:05Z: ${reason}\n`,
    );
    const table = stdout.slice(0, stdout.indexOf("the guard itself"));
    expect(table).not.toContain("guard-");
    const json = await release(folder, ["status", "dev/shop", "--live", "--json"]);
    expect(JSON.parse(json.stdout).guardAlarms).toMatchObject([
      { name: "shop-dev-guard-errors", state: "ALARM" },
      { name: "shop-dev-guard-throttles", state: "missing" },
      { name: "shop-dev-guard-not-called", state: "OK" },
    ]);
  });

  test("gives scripts the states in CloudWatch's words, and tells one that is missing as different", async () => {
    aws.set({ ...deployed, ...plainExport, ...(await running()), DescribeAlarms: alarms(red) });
    const folder = createProject(watched(stable));
    const { stdout, exitCode } = await release(folder, ["status", "dev/shop", "--live", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      accountId,
      alarms: [
        { name: "shop-dev-v1-errors", state: "missing" },
        { name: "shop-dev-v2-errors", state: "ALARM", since: "2026-11-21T19:04:05.000Z", reason },
        { name: "shop-declined", state: "INSUFFICIENT_DATA" },
      ],
      differences: ["the alarm shop-dev-v1-errors is missing in AWS"],
    });
    expect(exitCode).toBe(1);
  });

  test("tells who serves also where the credentials may not see alarms", async () => {
    const denied = { status: 400, error: "AccessDenied", body: { message: "no" } };
    aws.set({ ...deployed, ...plainExport, ...(await running()), DescribeAlarms: denied });
    const { stdout, exitCode } = await release(createProject(watched(stable)), [
      "status",
      "dev/shop",
      "--live",
    ]);
    expect(stdout).toContain(
      "careful  the alarms are not known: access denied for cloudwatch:DescribeAlarms: no\nAWS matches the file.\n",
    );
    expect(exitCode).toBe(0);
  });
});
