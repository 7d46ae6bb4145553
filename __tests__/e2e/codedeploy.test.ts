import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CodeDeploy } from "../../rehearsal/codedeploy/codedeploy";
import { LambdaEndpoint } from "../../rehearsal/codedeploy/lambda-api";
import { run } from "../support/command";
import { temporaryFolder } from "../support/project";

jest.setTimeout(300_000);

const folder = temporaryFolder();
// Nothing is deployed, so nobody has to answer for Lambda.
const codeDeploy = new CodeDeploy({ lambda: new LambdaEndpoint("http://127.0.0.1:9", "eu-central-1") });
let endpoint: string;

beforeAll(async () => {
  endpoint = (await codeDeploy.listen()).url;
  write({});
  await terraform("init", "-input=false");
});
afterAll(() => codeDeploy.close());

describe("the AWS provider's CodeDeploy resources", () => {
  it("are made, as they were asked for", async () => {
    expect(await terraform("apply", "-auto-approve")).toContain("4 added, 0 changed, 0 destroyed");
    expect(await terraform("plan")).toContain("No changes");
  });

  it("are changed in place", async () => {
    write({ alarms: ["errors", "latency"], tags: { team: "shop", stage: "dev" } });
    expect(await terraform("apply", "-auto-approve")).toContain("0 added, 2 changed, 0 destroyed");
  });

  it("lose what is taken away", async () => {
    write({ alarms: [], tags: {} });
    expect(await terraform("apply", "-auto-approve")).toContain("0 added, 2 changed, 0 destroyed");
    expect(await terraform("plan")).toContain("No changes");
  });

  it("are refused as by AWS", async () => {
    write({ linearPercent: 150 });
    await expect(terraform("apply", "-auto-approve")).rejects.toThrow(
      "InvalidTrafficRoutingConfigurationException",
    );
  });

  it("are destroyed", async () => {
    expect(await terraform("destroy", "-auto-approve")).toContain("3 destroyed");
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
      aws_codedeploy_app: { shop: { name: "shop", compute_platform: "Lambda", tags } },
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
