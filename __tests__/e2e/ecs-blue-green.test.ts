import { CodeDeploy } from "../../src/rehearsal/codedeploy/codedeploy";
import { EcsEndpoint } from "../../src/rehearsal/codedeploy/ecs/ecs-endpoint";
import { LoadBalancerEndpoint } from "../../src/rehearsal/codedeploy/ecs/load-balancer-endpoint";
import { VirtualClock } from "../../src/rehearsal/codedeploy/virtual-clock";
import type { Running } from "../support/command";
import { storefront } from "../support/release-steps";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { AnsweringListener } from "./answering-listener";
import { DeployedHooks } from "./deployed-hooks";
import { DeployedProject } from "./deployed-project";
import { EcsService } from "./ecs-service";
import { nothing } from "./lambda-versions";
import { freePort, type LocalAws } from "./local-aws";
import { startLocalEcs } from "./local-ecs";
import { minute, Shifts } from "./shifts";

jest.setTimeout(600_000);

const region = "eu-central-1";
const release = "dev/storefront";

// CodeDeploy's time stands still until a test lets it go on: so it waits as long as it is looked at.
const clock = new VirtualClock({ startsAt: new Date(), patienceMs: minute });
let aws: LocalAws;
let codeDeploy: CodeDeploy;
let project: DeployedProject;
let service: EcsService;
let hooks: DeployedHooks;
let testListener: AnsweringListener;
let shifts: Shifts;

beforeAll(async () => {
  aws = await startLocalEcs();
  service = new EcsService(aws.endpoint, { cluster: "storefront-dev", service: "storefront-dev" });
  testListener = new AnsweringListener("test", () => service.state());
  const port = await freePort();
  project = new DeployedProject(aws.endpoint, "storefront-dev", canInstallArchiveProvider(), {
    AWS_ENDPOINT_URL_CODEDEPLOY: `http://127.0.0.1:${port}`,
  });
  // moto runs functions in Docker only, and its load balancer's name leads nowhere.
  hooks = new DeployedHooks(project, { ...project.environment, TEST_ENDPOINT: await testListener.listen() });
  shifts = new Shifts(project, release, clock);
  // moto's own CodeDeploy shifts nothing, and can neither change nor delete what it makes.
  codeDeploy = new CodeDeploy({
    lambda: hooks,
    ecs: new EcsEndpoint(aws.endpoint, region),
    loadBalancer: new LoadBalancerEndpoint(aws.endpoint, region),
    clock,
  });
  await codeDeploy.listen(port);
});
afterAll(() => {
  shifts?.kill();
  hooks?.close();
  testListener?.close();
  codeDeploy?.close();
  aws?.stop();
});

const v1 = "storefront-dev-v1:1 storefront-dev-blue";
const v2 = "storefront-dev-v2:1 storefront-dev-green";
const blue = (percent: number) => ({ "storefront-dev-blue": percent });
const green = (percent: number) => ({ "storefront-dev-green": percent });

/** The steps follow one another: each begins with what the one before has left. */
describe("the life of containers behind a load balancer, deployed by cdktf and shifted by CodeDeploy", () => {
  test("v1 is there after one apply, with its network, and a diff after it is empty", async () => {
    await project.write(storefront.first);
    expect(await project.deploy()).toEqual({ add: 49, change: 0, destroy: 0 });
    const [balancer] = project.attributes("aws_lb");
    expect(project.output("test_endpoint")).toBe(`http://${balancer?.["dns_name"]}:8080`);
    expect(project.output("service")).toEqual({
      cluster: "storefront-dev",
      service: "storefront-dev",
      container: "storefront",
      port: 8080,
    });
    service.production = listenerAt(80);
    service.test = listenerAt(8080);
    expect(await service.state()).toEqual({
      taskSets: [`PRIMARY ${v1}`],
      production: blue(100),
      test: green(100),
    });
    expect(await project.diff()).toEqual(nothing);
  });

  test("publishing v2 adds its task definition and moves nobody, and naming it as the canary changes nothing", async () => {
    await project.write(storefront.published);
    expect(await project.deploy()).toEqual({ add: 1, change: 0, destroy: 0 });
    expect(project.output("task_definitions")).toEqual({
      v1: expect.stringMatching(/:task-definition\/storefront-dev-v1:1$/),
      v2: expect.stringMatching(/:task-definition\/storefront-dev-v2:1$/),
    });
    await name("v2");
    expect((await service.state()).taskSets).toEqual([`PRIMARY ${v1}`]);
    await expectNoChange();
  });

  test("a shift waits for an operator, goes on when it is told to, and is recorded as the promotion", async () => {
    const shift = await startAndWait("--record");
    expect(await service.state()).toEqual({
      taskSets: [`PRIMARY ${v1}`, `ACTIVE ${v2}`],
      production: blue(100),
      test: green(100),
    });
    expect([...testListener.answered]).toEqual(["storefront-dev-v2:1"]);
    expect(await project.diff()).toEqual(nothing);

    expect(await project.release("continue", release, "--yes")).toMatchObject({ exitCode: 0 });
    await shifts.until(shift, () => shift.printed().includes("version v2  10 %"));
    expect((await service.state()).production).toEqual({ ...blue(90), ...green(10) });
    expect(await project.deploy()).toEqual(nothing);
    expect((await service.state()).production).toEqual({ ...blue(90), ...green(10) });

    const { exitCode, stdout } = await shifts.end(shift);
    expect(stdout).toContain("AfterAllowTestTraffic  Succeeded\n");
    expect(stdout).toContain("keeps  the tasks of v1 until ");
    expect(stdout).toMatch(/\nsucceeded {2}.*\nwrote releases\/dev\/storefront.json: commit it\n$/);
    expect(exitCode).toBe(0);
    await expectOnlyV2();
    expect(fileOfRelease()).toMatchObject({ stable: "v2", former: "v1" });
    expect(fileOfRelease()).not.toHaveProperty("canary");
    await expectNoChange();
  });

  test("a shift back that somebody stops while it waits moves nobody, and is taken out of the file", async () => {
    await name("v1");
    const shift = await startAndWait("--record");
    expect((await service.state()).taskSets).toEqual([`PRIMARY ${v2}`, `ACTIVE ${v1}`]);
    const stopping = shifts.start("--stop");
    for (const { exitCode, stdout } of [await shifts.end(stopping), await shifts.end(shift)]) {
      expect(stdout).toMatch(/\nrolled back {2}.*\nbecause {2}MANUAL_STOP: /);
      expect(exitCode).toBe(1);
    }
    await expectOnlyV2();
    expect(fileOfRelease()).not.toHaveProperty("canary");
    await expectNoChange();
  });

  test("pruning v1 takes its task definition away", async () => {
    expect(await project.release("prune", release, "v1", "--yes")).toMatchObject({ exitCode: 0 });
    await project.write({});
    expect(await project.deploy()).toEqual({ add: 0, change: 0, destroy: 1 });
    await expectOnlyV2();
  });

  test("destroying it leaves nothing", async () => {
    expect(await project.destroy()).toEqual({ add: 0, change: 0, destroy: 49 });
    expect(project.attributes("aws_vpc")).toEqual([]);
  });
});

/** Names a version as the canary. */
async function name(version: string): Promise<void> {
  expect(await project.release("start", release, version, "--yes")).toMatchObject({ exitCode: 0 });
}

/** Starts a shift, and waits until CodeDeploy waits. */
async function startAndWait(...options: string[]): Promise<Running> {
  const shift = shifts.start(...options);
  await shifts.until(shift, () => shift.printed().includes("waits  for an operator until "));
  return shift;
}

/** All tasks and both listeners. */
async function expectOnlyV2(): Promise<void> {
  expect(await service.state()).toEqual({
    taskSets: [`PRIMARY ${v2}`],
    production: green(100),
    test: green(100),
  });
}

async function expectNoChange(): Promise<void> {
  await project.write({});
  expect(await project.diff()).toEqual(nothing);
}

function fileOfRelease(): unknown {
  return JSON.parse(project.read("releases/dev/storefront.json"));
}

function listenerAt(port: number): string {
  return String(project.attributes("aws_lb_listener").find((one) => one["port"] === port)?.["arn"]);
}
