import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { readReleases } from "../../src/release/files/file";
import { dashboardSchema } from "../support/dashboard-schema";
import { filesInMemory } from "../support/files-in-memory";
import { type Files, handler, shop, synthesizeFiles } from "../support/project";
import { lifeOfTwo } from "../support/several-functions";
import { containerShop } from "../support/shop";

const strategies = [
  "canary-stage",
  "alias-canary-stage",
  "blue-green-stage",
  "weighted-alias",
  "codedeploy-alias",
  "ecs-blue-green",
] as const;
type Tested = (typeof strategies)[number];

function shopOf(strategy: Tested, release: object): Files {
  if (strategy === "ecs-blue-green") return shop(containerShop({ stable: "v1", ...release }));
  const versions = strategy === "canary-stage" ? ["v1", "v2"] : [1, 2];
  return shop(
    { strategy, versions, stable: versions[0], ...release },
    { "lambdas/shop/shop.ts": handler("1") },
  );
}

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly metrics?: readonly unknown[][];
    readonly alarms?: readonly string[];
    readonly markdown?: string;
  };
}

interface Synthesized {
  readonly name?: string;
  readonly body?: string;
  readonly widgets: readonly Widget[];
}

async function dashboardOf(strategy: Tested, release: object, environment = {}): Promise<Synthesized> {
  const outdir = await synthesizeFiles({
    ...shopOf(strategy, release),
    "releases/dev/environment.json": { region: "eu-central-1", ...environment },
  });
  const { resource } = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8"));
  const [found] = Object.values<{ dashboard_name: string; dashboard_body: string }>(
    resource.aws_cloudwatch_dashboard ?? {},
  );
  if (found === undefined) return { widgets: [] };
  const { widgets } = JSON.parse(found.dashboard_body);
  return { name: found.dashboard_name, body: found.dashboard_body, widgets };
}

const lines = ({ widgets }: Synthesized, title: string) =>
  widgets
    .find(({ properties }) => properties.title === title)
    ?.properties.metrics?.map((metric) =>
      metric.map((one) => (typeof one === "object" ? "*" : one)).join(" "),
    );

const everything = { dashboard: true, alarms: { own: ["pager"] } };

test.each(strategies)(
  "%s makes a dashboard, unless its file or its environment leaves it out",
  async (strategy) => {
    const asked = await dashboardOf(strategy, { dashboard: true });
    expect(await dashboardOf(strategy, {})).toEqual(asked);
    const without = { dashboard: false };
    expect(await dashboardOf(strategy, without)).toEqual({ widgets: [] });
    expect(await dashboardOf(strategy, {}, without)).toEqual({ widgets: [] });
    expect(await dashboardOf(strategy, { dashboard: true }, without)).toEqual(asked);
  },
);

test.each(strategies)(
  "the dashboard of %s is as AWS documents it, with no widget over another",
  async (strategy) => {
    const { name, body = "", widgets } = await dashboardOf(strategy, everything);
    expect(name).toBe("shop-dev");
    const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
    const validate = ajv.compile(dashboardSchema);
    validate(JSON.parse(body));
    expect(validate.errors ?? []).toEqual([]);
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, index) => `${x + (index % width)},${y + Math.floor(index / width)}`,
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBeLessThanOrEqual(24);
  },
);

test("the structure of the documentation refuses what it does not have", () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(dashboardSchema);
  const widget = (properties: object, place: object = {}) => ({
    widgets: [{ type: "metric", ...place, properties }],
  });
  const metrics = [["AWS/Lambda", "Errors", { stat: "Sum" }]];
  expect(validate(widget({ metrics, region: "eu-central-1" }))).toBe(true);
  expect(validate(widget({ metrics }))).toBe(false);
  expect(validate(widget({ metrics, region: "eu-central-1", colour: "red" }))).toBe(false);
  expect(validate(widget({ metrics, region: "eu-central-1" }, { x: 24 }))).toBe(false);
});

const cases: readonly [Tested, object, object][] = [
  ["canary-stage", {}, { canary: { version: "v2", percent: 10 } }],
  ["canary-stage", {}, { stable: "v2", former: "v1" }],
  ["alias-canary-stage", {}, { canary: { version: 2, percent: 10 } }],
  ["blue-green-stage", {}, { stable: 2, former: 1 }],
  ["weighted-alias", {}, { canary: { version: 2, percent: 10 } }],
  ["codedeploy-alias", {}, { canary: { version: 2 } }],
];

test.each(cases)("a step of %s does not change it: %j to %j", async (strategy, before, after) => {
  const bodies = await Promise.all(
    [before, after].map((step) => dashboardOf(strategy, { ...everything, ...step })),
  );
  expect(bodies[0]?.body).toBe(bodies[1]?.body);
});

test.each(["canary-stage", "alias-canary-stage"] as const)(
  "%s shows stable beside the canary",
  async (strategy) => {
    const dashboard = await dashboardOf(strategy, { dashboard: true });
    const shown = (metric: string) => `LambdaRelease/shop-dev ${metric} *`;
    expect(lines(dashboard, "Requests per minute")).toEqual([
      shown("StableRequests"),
      shown("CanaryRequests"),
    ]);
    expect(lines(dashboard, "Answers of 500 and above per minute")).toEqual([
      shown("Stable5xx"),
      shown("Canary5xx"),
    ]);
    expect(lines(dashboard, "Latency")).toEqual([
      shown("StableLatency"),
      shown("StableLatency"),
      shown("CanaryLatency"),
      shown("CanaryLatency"),
    ]);
    const about = dashboard.widgets.find(({ type }) => type === "text")?.properties.markdown;
    expect(about).toContain("#logsV2:log-groups/log-group/$252Faws$252Fapigateway$252Fshop-dev)");
    expect(about).toContain("#logsV2:log-groups$3FlogGroupNameFilter$3D$252Faws$252Flambda$252Fshop-dev)");
    expect(dashboard.widgets.some(({ type }) => type === "alarm")).toBe(false);
  },
);

test.each([{}, { dashboard: true }])(
  "without access logs %j of an environment shows the whole stage of a canary",
  async (environment) => {
    const release = { stage: { accessLogs: false } };
    const dashboard = await dashboardOf("canary-stage", release, environment);
    expect(lines(dashboard, "Requests per minute")).toEqual([
      "AWS/ApiGateway Count ApiName shop-dev Stage dev *",
    ]);
  },
);

test("blue-green-stage shows the users' stage beside blue", async () => {
  const dashboard = await dashboardOf("blue-green-stage", { dashboard: true });
  expect(lines(dashboard, "Requests per minute")).toEqual([
    "AWS/ApiGateway Count ApiName shop-dev Stage green *",
    "AWS/ApiGateway Count ApiName shop-dev Stage blue *",
  ]);
});

test("an alias that splits is shown by the version that it invoked", async () => {
  const dashboard = await dashboardOf("weighted-alias", { dashboard: true });
  expect(lines(dashboard, "Requests per minute")).toEqual([
    "AWS/ApiGateway Count ApiName shop-dev Stage dev *",
  ]);
  const shown = dashboard.widgets.find(({ properties }) => properties.title === "Errors by version");
  const [found] = (shown?.properties.metrics?.[0] ?? []) as { expression: string }[];
  const name = found?.expression.match(/FunctionName="([^"]+)"/)?.[1];
  expect(name).toMatch(/^\$\{aws_lambda_function\.function_\w+\.function_name\}$/);
  expect(found?.expression).toBe(
    `SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} MetricName="Errors" FunctionName="${name}" Resource="${name}:live"', 'Sum', 60)`,
  );
});

test("the aliases of several functions are shown beside each other", async () => {
  const { deployed } = lifeOfTwo("weighted-alias");
  const outdir = await synthesizeFiles(deployed);
  const { resource } = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8"));
  const [found] = Object.values<{ dashboard_body: string }>(resource.aws_cloudwatch_dashboard);
  const body = JSON.parse(found?.dashboard_body ?? "{}");
  expect(new Ajv({ allowUnionTypes: true }).compile(dashboardSchema)(body)).toBe(true);
  const widgets: readonly Widget[] = body.widgets;
  const shown = widgets.find(({ properties }) => properties.title === "Invocations by version");
  const searches = shown?.properties.metrics?.flat() as { id: string; expression: string }[];
  expect(searches.map(({ id }) => id)).toEqual(["found1", "found2"]);
  expect(searches.map(({ expression }) => expression.match(/functions_(\w+)-function/)?.[1])).toEqual([
    "api",
    "admin",
  ]);
});

test("containers are shown by target group", async () => {
  const dashboard = await dashboardOf("ecs-blue-green", { dashboard: true });
  expect(lines(dashboard, "Latency")).toHaveLength(4);
  expect(lines(dashboard, "Requests per minute")?.[0]).toMatch(
    /^AWS\/ApplicationELB RequestCount TargetGroup \S+blue\S+ LoadBalancer \S+ \*$/,
  );
});

test("it shows the alarms of the stack, your own, and those on the guard itself", async () => {
  const { widgets } = await dashboardOf("canary-stage", {
    dashboard: true,
    guard: {},
    alarms: { answers: {}, own: ["pager"] },
  });
  const alarms = widgets.find(({ type }) => type === "alarm")?.properties.alarms ?? [];
  const names = alarms.map((arn) => arn.slice(arn.indexOf(":alarm:") + ":alarm:".length));
  const short = names.map((name) =>
    name.replace(/^\$\{aws_cloudwatch_metric_alarm\.(.+)_[0-9A-F]{8}\..*$/, "$1"),
  );
  expect(short).toEqual([
    "canary-alarms_answers",
    "stage-alarms_answers",
    "pager",
    "version_v1_shop-alarms_errors",
    "version_v2_shop-alarms_errors",
    "guard_errors",
    "guard_throttles",
    "guard_not-called",
  ]);
});

test("a canary's answers are counted in the access logs", () => {
  const problems = (strategy: Tested) =>
    readReleases(
      filesInMemory(shopOf(strategy, { dashboard: true, stage: { accessLogs: false } })),
    ).problems.map(({ field, message }) => `${field.join(".")} ${message}`);
  expect(problems("canary-stage")).toEqual([
    "stage.accessLogs must be true with 'dashboard': a canary's answers are counted in the access logs",
  ]);
  expect(problems("weighted-alias")).toEqual([]);
});
