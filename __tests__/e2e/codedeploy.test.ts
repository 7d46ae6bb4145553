import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CodeDeploy } from "../../src/rehearsal/codedeploy/codedeploy";
import { run } from "../support/command";
import { temporaryFolder } from "../support/project";

jest.setTimeout(300_000);

const folder = temporaryFolder();
// Nothing is deployed, so it need not reach anything.
const codeDeploy = new CodeDeploy();
const listener = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/web/0123456789abcdef";
let endpoint: string;

beforeAll(async () => {
  endpoint = await codeDeploy.listen();
  write({});
  await terraform("init", "-input=false");
});
afterAll(() => codeDeploy.close());

describe("the AWS provider's CodeDeploy resources", () => {
  it("are made, as they were asked for", async () => {
    expect(await terraform("apply", "-auto-approve")).toContain("6 added, 0 changed, 0 destroyed");
    expect(await terraform("plan")).toContain("No changes");
  });

  it("are changed in place", async () => {
    write({ alarms: ["errors", "latency"], tags: { team: "shop", stage: "dev" } });
    expect(await terraform("apply", "-auto-approve")).toContain("0 added, 4 changed, 0 destroyed");
  });

  it("lose what is taken away", async () => {
    write({ alarms: [], tags: {} });
    expect(await terraform("apply", "-auto-approve")).toContain("0 added, 4 changed, 0 destroyed");
    expect(await terraform("plan")).toContain("No changes");
  });

  it("are refused as by AWS", async () => {
    write({ linearPercent: 150 });
    await expect(terraform("apply", "-auto-approve")).rejects.toThrow(
      "InvalidTrafficRoutingConfigurationException",
    );
  });

  it("are destroyed", async () => {
    expect(await terraform("destroy", "-auto-approve")).toContain("5 destroyed");
  });
});

interface Settings {
  readonly linearPercent?: number;
  readonly alarms?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

function write({ linearPercent = 20, alarms = ["errors"], tags = { team: "shop" } }: Settings): void {
  const configuration = {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
    provider: {
      aws: {
        region: "eu-central-1",
        access_key: "test",
        secret_key: "test",
        skip_credentials_validation: true,
        skip_metadata_api_check: "true",
        skip_requesting_account_id: true,
        endpoints: [{ codedeploy: endpoint }],
      },
    },
    resource: {
      aws_codedeploy_app: {
        shop: { name: "shop", compute_platform: "Lambda", tags },
        web: { name: "web", compute_platform: "ECS", tags },
      },
      aws_codedeploy_deployment_config: {
        canary: {
          deployment_config_name: "canary",
          compute_platform: "Lambda",
          traffic_routing_config: {
            type: "TimeBasedCanary",
            time_based_canary: { percentage: 10, interval: 20 },
          },
        },
        linear: {
          deployment_config_name: "linear",
          compute_platform: "Lambda",
          traffic_routing_config: {
            type: "TimeBasedLinear",
            time_based_linear: { percentage: linearPercent, interval: 3 },
          },
        },
      },
      aws_codedeploy_deployment_group: {
        shop: {
          app_name: "${aws_codedeploy_app.shop.name}",
          deployment_group_name: "shop-dev",
          service_role_arn: "arn:aws:iam::123456789012:role/codedeploy",
          deployment_config_name: "${aws_codedeploy_deployment_config.canary.id}",
          deployment_style: { deployment_option: "WITH_TRAFFIC_CONTROL", deployment_type: "BLUE_GREEN" },
          auto_rollback_configuration: {
            enabled: true,
            events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
          },
          ...(alarms.length > 0 && { alarm_configuration: { alarms, enabled: true } }),
          tags,
        },
        web: {
          app_name: "${aws_codedeploy_app.web.name}",
          deployment_group_name: "web-dev",
          service_role_arn: "arn:aws:iam::123456789012:role/codedeploy",
          deployment_config_name: "CodeDeployDefault.ECSCanary10Percent5Minutes",
          deployment_style: { deployment_option: "WITH_TRAFFIC_CONTROL", deployment_type: "BLUE_GREEN" },
          ecs_service: { cluster_name: "main", service_name: "web" },
          load_balancer_info: {
            target_group_pair_info: {
              prod_traffic_route: { listener_arns: [`${listener}/80`] },
              test_traffic_route: { listener_arns: [`${listener}/8080`] },
              target_group: [{ name: "one" }, { name: "two" }],
            },
          },
          blue_green_deployment_config: {
            deployment_ready_option: { action_on_timeout: "STOP_DEPLOYMENT", wait_time_in_minutes: 60 },
            terminate_blue_instances_on_deployment_success: {
              action: "TERMINATE",
              termination_wait_time_in_minutes: alarms.length,
            },
          },
          tags,
        },
      },
    },
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
}

async function terraform(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(folder, "terraform", [...args, "-no-color"]);
  if (exitCode !== 0) throw new Error(stderr + stdout);
  return stdout;
}
