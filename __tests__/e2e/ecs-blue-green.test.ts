import { CodeDeploy } from "../../rehearsal/codedeploy/codedeploy";
import { LambdaEndpoint } from "../../rehearsal/codedeploy/lambda-api";
import { storefront } from "../support/release-steps";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { DeployedProject } from "./deployed-project";
import type { LocalAws } from "./local-aws";
import { startLocalEcs } from "./local-ecs";

jest.setTimeout(600_000);

const nothing = { add: 0, change: 0, destroy: 0 };
let aws: LocalAws;
let codeDeploy: CodeDeploy;
let project: DeployedProject;

beforeAll(async () => {
  aws = await startLocalEcs();
  // moto makes CodeDeploy's applications and groups, and can neither change nor delete them: this project's can.
  codeDeploy = new CodeDeploy({ lambda: new LambdaEndpoint(aws.endpoint, "eu-central-1") });
  const { url } = await codeDeploy.listen();
  project = new DeployedProject(aws.endpoint, "storefront-dev", canInstallArchiveProvider(), {
    otherEndpoints: { AWS_ENDPOINT_URL_CODEDEPLOY: url },
  });
});
afterAll(async () => {
  await codeDeploy?.close();
  aws?.stop();
});

/** The steps follow one another: each begins with what the one before has left. */
describe("the life of containers behind a load balancer, deployed by cdktf", () => {
  test("v1 is there after one apply, with its network, and a diff after it is empty", async () => {
    await project.write(storefront.first);
    expect(await project.deploy()).toEqual({ add: 48, change: 0, destroy: 0 });
    const [balancer] = project.attributes("aws_lb");
    expect(project.output("test_endpoint")).toBe(`http://${balancer?.["dns_name"]}:8080`);
    expect(project.output("service")).toEqual({
      cluster: "storefront-dev",
      service: "storefront-dev",
      container: "storefront",
      port: 8080,
    });
    expect(await project.diff()).toEqual(nothing);
  });

  test("publishing v2 adds its task definition, and a diff after it is empty", async () => {
    await project.write(storefront.published);
    expect(await project.deploy()).toEqual({ add: 1, change: 0, destroy: 0 });
    expect(project.output("task_definitions")).toEqual({
      v1: expect.stringMatching(/:task-definition\/storefront-dev-v1:1$/),
      v2: expect.stringMatching(/:task-definition\/storefront-dev-v2:1$/),
    });
    expect(await project.diff()).toEqual(nothing);
  });

  test("promoting it in the file changes nothing, and pruning v1 takes its task definition away", async () => {
    await project.write(storefront.promoted);
    expect(await project.diff()).toEqual(nothing);
    await project.write(storefront.pruned);
    expect(await project.deploy()).toEqual({ add: 0, change: 0, destroy: 1 });
  });

  test("destroying it leaves nothing", async () => {
    expect(await project.destroy()).toEqual({ add: 0, change: 0, destroy: 48 });
    expect(project.attributes("aws_vpc")).toEqual([]);
  });
});
