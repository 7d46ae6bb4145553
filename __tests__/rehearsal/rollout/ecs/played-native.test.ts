import { announcementOf } from "../../../../src/rehearsal/rollout/announcement";
import { services } from "../../../../src/rehearsal/rollout/ecs/services";
import { faultsOf, parseFailing } from "../../../../src/rehearsal/rollout/given-faults";
import { howBad } from "../../../../src/rehearsal/rollout/how-bad";
import { timelineOf } from "../../../../src/rehearsal/rollout/timeline";
import { readStack } from "../../../../src/rehearsal/terraform/configuration";
import { synthesizeNative } from "../../../support/native-stack";
import { createProject } from "../../../support/project";
import { eventsOf, type Play, type Rehearsed, rehearse, type Synthesized } from "../rehearsed-shift";
import { server, version } from "./rehearsed-service";

jest.setTimeout(120_000);

const hookOf = (body: string) =>
  `import { ecsHook } from "lambda-release/hooks";\nexport const handler = ecsHook(async (deployment) => {\n${body}\n});\n`;

/** A service of one task that ECS itself moves. */
async function nativeStack(release: object = {}): Promise<Synthesized> {
  const project = createProject({
    "releases/dev/environment.json": { region: "eu-central-1" },
    "releases/dev/web.json": {
      strategy: "ecs-native",
      versions: { v1: version(1), v2: version(2) },
      stable: "v1",
      ecs: { count: 1, healthCheck: { path: "/health" } },
      ...release,
    },
    "containers/web/Dockerfile":
      'FROM node:22\nARG VERSION\nENV VERSION=$VERSION\nCMD ["node", "server.js"]\n',
    "containers/web/server.js": server,
    "lambdas/hooks/ask-test-port.ts": hookOf(
      'if (deployment.stage !== "POST_TEST_TRAFFIC_SHIFT") throw new Error(`asked at ${deployment.stage}`);\nconst { status } = await fetch(`${process.env["TEST_ENDPOINT"]}/`);\nif (status !== 200) throw new Error(`the test port answers ${status}`);',
    ),
    "lambdas/hooks/patient.ts":
      'let asked = 0;\nexport const handler = async () => ({ hookStatus: ++asked < 3 ? "IN_PROGRESS" : "SUCCEEDED", callBackDelay: 60 });\n',
  });
  return { configuration: readStack(await synthesizeNative(project), "web-dev"), project };
}

const play = (stacks: readonly Synthesized[], options: Play = {}): Promise<Rehearsed> =>
  rehearse(services, stacks, { rate: 0.5, ...options });

/** What happened and when, in seconds. */
const timelineIn = ({ played, planned }: Rehearsed) =>
  timelineOf(played, planned).map(({ atMs, event, percent }) => `${atMs / 1000} ${event}, ${percent} %`);

test("a canary of half a percent is asked by its hook, bakes, and gets all users; then the old tasks end", async () => {
  const stack = await nativeStack({
    deployment: { canary: { percent: 0.5, minutes: 10 }, bakeMinutes: 3 },
    hooks: { afterAllowTestTraffic: "ask-test-port" },
  });
  const shift = await play([stack]);
  expect(timelineIn(shift)).toEqual([
    "0 the deployment is started, 0 %",
    "0 tasks of v2 are started, 0 %",
    "15 tasks of v2 are healthy, 0 %",
    "15 the test port leads to v2, 0 %",
    "15 POST_TEST_TRAFFIC_SHIFT Succeeded, 0 %",
    "15 version v2 has 0.5 %, 0.5 %",
    "615 version v2 has 100 %, 100 %",
    "795 tasks of v1 are ended, 100 %",
    "795 the deployment Succeeded, 100 %",
    "1140 the rehearsal ends, 100 %",
  ]);
  expect(shift.totals).toMatchObject({ result: "shifted", failed: 0 });
  const [toShift, ...lines] = announcementOf(shift.planned, shift.played.faults, {
    rate: 1,
    seed: 1,
    lateMinutes: 0,
    isSameCode: false,
  });
  expect(toShift).toEqual(["to shift", "web-dev from v1 to v2 by CANARY, 0.5 % for 10 min"]);
  expect(lines).toContainEqual(["hook", "POST_TEST_TRAFFIC_SHIFT EcsHook_web-dev-ask-test-port"]);
});

test("a linear shift goes by its steps, and a hook that is not done is asked again after its delay", async () => {
  const stack = await nativeStack({
    deployment: { linear: { percent: 40, minutes: 0 }, bakeMinutes: 0 },
    hooks: { afterInstall: "patient" },
  });
  const shift = await play([stack]);
  expect(shift.played.shares.map(({ percent }) => percent)).toEqual([40, 80, 100]);
  expect(timelineIn(shift)).toContain("135 POST_SCALE_UP Succeeded, 0 %");
});

test("a version that always fails fails in its hook on the test port, before any user", async () => {
  const stack = await nativeStack({ hooks: { afterAllowTestTraffic: "ask-test-port" } });
  const shift = await play([stack], { fail: ["canary=100%"] });
  expect(eventsOf(shift)).toEqual(
    expect.arrayContaining([
      "POST_TEST_TRAFFIC_SHIFT Failed",
      "  Failed, POST_TEST_TRAFFIC_SHIFT: the test port answers 500",
      "the deployment Failed: HOOK_EXECUTION_FAILURE",
      "the rollback begins",
      "the rollback Succeeded",
    ]),
  );
  expect(shift.totals).toMatchObject({ result: "rolled back", failed: 0 });
  expect(shift.totals.byVersion.get("v2")).toBeUndefined();
});

test("an alarm rolls back in the middle of the canary, and while the old tasks bake", async () => {
  const canary = await play([await nativeStack()], { rate: 2, fail: ["canary=50%"] });
  expect(canary.totals).toMatchObject({ result: "rolled back", stoppedBy: ["web-dev-green-errors"] });
  expect(canary.played.shares.map(({ percent }) => percent)).toEqual([10, 0]);
  const stack = await nativeStack({ deployment: { allAtOnce: true, bakeMinutes: 30 } });
  const baking = await play([stack], { fail: ["canary=1%"] });
  expect(baking.played.shares.map(({ percent }) => percent)).toEqual([100, 0]);
  expect(baking.totals).toMatchObject({ result: "rolled back", stoppedBy: ["web-dev-green-errors"] });
});

test("where the file has made another version stable, the shift is from what was deployed before to that", async () => {
  const stacks = [await nativeStack(), await nativeStack({ stable: "v2", former: "v1" })];
  const { planned, totals } = await play(stacks, { rate: 1 });
  expect(planned).toMatchObject({ from: "v1", to: "v2" });
  expect([...totals.byVersion.keys()]).toEqual(["v1", "v2"]);
});

test("how bad a version must be is asked with the same shift and alarms", async () => {
  const { planned } = await play([await nativeStack()]);
  const faults = faultsOf(["canary=1%"].map(parseFailing), [], { ...planned, kinds: planned.subject.kinds });
  const rows = await howBad({
    planned,
    rate: 10,
    faults,
    seed: 1,
    draws: 2,
    leadMs: 120_000,
    lateMinutes: 0,
  });
  expect(rows[0]).toMatchObject({ failingPercent: 0, stopped: 0 });
  expect(rows.at(-1)).toMatchObject({ failingPercent: 100, stopped: 1 });
});
