import { inSeconds } from "../../src/release/time";
import type { ServiceView } from "../../src/watch/service-view";
import { bin, copyOfProject, type Running, start } from "../support/command";
import { writeFiles } from "../support/project";
import { release } from "../support/release-command";

jest.setTimeout(150_000);

const started: Running[] = [];
afterAll(async () => {
  for (const one of started) {
    const isOver = await Promise.race([one.finished, Promise.resolve(undefined)]);
    if (isOver === undefined) one.signal("SIGINT");
  }
});

// It stays in ALARM for as long as the test needs.
const alarms = { errors: { threshold: 1, evaluationPeriods: 10, datapointsToAlarm: 1 } };
const greeting = (percent: number) => ({
  "releases/dev/greeting.json": {
    strategy: "canary-stage",
    versions: ["v1", "v2"],
    stable: "v1",
    canary: { version: "v2", percent, since: inSeconds(new Date(Date.now() - 600_000)) },
    alarms,
  },
  "lambdas/greeting/v2/greeting.ts": "export const handler = async () => { throw new Error('broken'); };\n",
});

function run(project: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const running = start(project, process.execPath, [bin, ...args], variables);
  started.push(running);
  return running;
}

async function until<T>(found: () => T | undefined): Promise<T> {
  for (let waited = 0; waited < 100_000; waited += 100) {
    const one = found();
    if (one !== undefined) return one;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(started.map((one) => one.printed() + one.printedErrors()).join("\n"));
}

const seen = (running: Running) =>
  running
    .printed()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ServiceView);

const sum = (values: readonly (number | null)[] = []) =>
  values.reduce<number>((all, one) => all + (one ?? 0), 0);

/** What of the requests CloudWatch has counted, as the view has it. */
function counted({ minutes }: ServiceView) {
  if ("notKnown" in minutes) throw new Error(minutes.notKnown);
  const { stable, canary } = minutes;
  return [sum(stable.requests), sum(stable.failed), sum(canary?.requests), sum(canary?.failed)];
}

test("a rehearsal that serves can be watched: the command that it prints shows what it served", async () => {
  const project = copyOfProject(["dev/greeting"]);
  const environment = { region: "eu-central-1", allowedAccountIds: ["111122223333"] };
  writeFiles(project, { ...greeting(50), "releases/dev/environment.json": environment });
  const serving = run(project, ["rehearse", "dev/greeting", "--serve"]);
  await until(() => /Ctrl\+C ends/.exec(serving.printed()) ?? undefined);
  const url = /^serving +(\S+)/m.exec(serving.printed())?.[1] ?? "";
  const [, variables = "", args = ""] =
    /^watch +(.+) \\\n +npx lambda-release (.+)$/m.exec(serving.printed()) ?? [];
  const env = Object.fromEntries(variables.split(" ").map((one) => one.split("=") as [string, string]));

  const answers = await Promise.all(
    Array.from({ length: 40 }, async () => (await fetch(url, { headers: { connection: "close" } })).status),
  );
  const broken = answers.filter((status) => status === 502).length;
  const watching = run(project, [...args.split(" "), "--json", "--poll", "1"], env);

  const whole = await until(() => seen(watching).find((view) => sum(counted(view)) > 0));
  // They may have come in two minutes.
  const last = await until(() => seen(watching).find((view) => counted(view)[2] === broken));
  expect(counted(last)).toEqual([40 - broken, 0, broken, broken]);
  expect(whole.place.accountId).toBe("111122223333");
  expect(whole.versions).toEqual([
    { version: "v1", roles: ["stable"], file: 50, aws: 50 },
    { version: "v2", roles: ["canary"], file: 50, aws: 50 },
  ]);
  const red = await until(() =>
    seen(watching).find(({ alarms }) => "length" in alarms && alarms.some(({ state }) => state === "ALARM")),
  );
  expect(red.alarms).toContainEqual(
    expect.objectContaining({ name: "greeting-dev-v2-errors", state: "ALARM" }),
  );

  const { stderr } = await release(project, ["promote", "dev/greeting", "--dry-run"], { variables: env });
  expect(stderr).toContain("greeting-dev-v2-errors is in ALARM");

  writeFiles(project, greeting(25));
  await until(() => seen(watching).find(({ versions }) => versions[1]?.aws === 25));
  expect(seen(watching).at(-1)).toMatchObject({ isAsInFile: true, troubles: [] });

  watching.signal("SIGINT");
  expect((await watching.finished).exitCode).toBe(130);
});
