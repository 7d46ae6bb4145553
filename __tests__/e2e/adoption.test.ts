import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { run } from "../support/command";
import { type Files, handler, temporaryFolder } from "../support/project";
import { shownBlocks } from "../support/readme";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers, answersDuring } from "./answers";
import { DeployedProject } from "./deployed-project";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

/** The file that the README shows. */
const shown = JSON.parse(shownBlocks().find(({ note }) => note === "adopting")?.text ?? "");

let aws: LocalAws;
let orders: DeployedProject;
let before: { api_id: string; function_arn: string };
let address: string;

beforeAll(async () => {
  aws = await startLocalAws();
  orders = new DeployedProject(aws.endpoint, "orders-dev", canInstallArchiveProvider());
  before = await madeByHand();
  address = `${aws.endpoint}/_aws/execute-api/${before.api_id}/live/`;
});
afterAll(() => aws?.stop());

/** An API with a stage, a function that has logged, and its role: made by others, and their state is gone. */
async function madeByHand(): Promise<typeof before> {
  const folder = temporaryFolder();
  const code =
    'exports.handler = async () => ({ statusCode: 200, headers: { "x-version": "old" }, body: "old" });';
  writeFileSync(join(folder, "code.zip"), zipSync({ "index.js": new TextEncoder().encode(code) }));
  const configuration = {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
    provider: { aws: { region: "eu-central-1" } },
    resource: {
      aws_iam_role: {
        role: {
          name: "orders-handler",
          assume_role_policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
            ],
          }),
        },
      },
      aws_cloudwatch_log_group: { logs: { name: "/aws/lambda/orders-handler" } },
      aws_lambda_function: {
        function: {
          function_name: "orders-handler",
          role: "${aws_iam_role.role.arn}",
          runtime: "nodejs20.x",
          handler: "index.handler",
          filename: "code.zip",
        },
      },
      aws_api_gateway_rest_api: { api: { name: "orders" } },
      aws_api_gateway_method: {
        get: {
          rest_api_id: "${aws_api_gateway_rest_api.api.id}",
          resource_id: "${aws_api_gateway_rest_api.api.root_resource_id}",
          http_method: "GET",
          authorization: "NONE",
        },
      },
      aws_api_gateway_integration: {
        get: {
          rest_api_id: "${aws_api_gateway_rest_api.api.id}",
          resource_id: "${aws_api_gateway_rest_api.api.root_resource_id}",
          http_method: "${aws_api_gateway_method.get.http_method}",
          type: "AWS_PROXY",
          integration_http_method: "POST",
          uri: "${aws_lambda_function.function.invoke_arn}",
        },
      },
      aws_lambda_permission: {
        get: {
          statement_id: "api",
          action: "lambda:InvokeFunction",
          function_name: "${aws_lambda_function.function.function_name}",
          principal: "apigateway.amazonaws.com",
          source_arn: "${aws_api_gateway_rest_api.api.execution_arn}/*/GET/",
        },
      },
      aws_api_gateway_deployment: {
        deployment: {
          rest_api_id: "${aws_api_gateway_rest_api.api.id}",
          depends_on: ["aws_api_gateway_integration.get"],
        },
      },
      aws_api_gateway_stage: {
        live: {
          rest_api_id: "${aws_api_gateway_rest_api.api.id}",
          deployment_id: "${aws_api_gateway_deployment.deployment.id}",
          stage_name: "live",
        },
      },
    },
    output: {
      api_id: { value: "${aws_api_gateway_rest_api.api.id}" },
      function_arn: { value: "${aws_lambda_function.function.arn}" },
    },
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
  const terraform = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(folder, "terraform", args, orders.environment);
    if (exitCode !== 0) throw new Error(`terraform ${args[0]}: ${stderr}`);
    return stdout;
  };
  await terraform("init", "-input=false");
  await terraform("apply", "-auto-approve", "-input=false");
  const outputs: Record<string, { value: string }> = JSON.parse(await terraform("output", "-json"));
  return { api_id: outputs["api_id"]?.value ?? "", function_arn: outputs["function_arn"]?.value ?? "" };
}

/** The orders as the README shows them, with the API's real id. */
function release(fields: object = {}): Files {
  return {
    "releases/dev/environment.json": { region: "eu-central-1" },
    "releases/dev/orders.json": { ...shown, adopt: { ...shown.adopt, api: before.api_id }, ...fields },
    "lambdas/orders/v1/index.ts": handler("v1"),
    "lambdas/orders/v2/orders.ts": handler("v2"),
  };
}

/** The steps follow one another: each begins with what the one before has left. */
describe("an API and a function that are there already", () => {
  test("answer before they are adopted", async () => {
    expect(await answers(address, 5)).toEqual({ old: 5 });
  });

  test("are imported: a diff says what changes in place, and that nothing is destroyed", async () => {
    await orders.write(release());
    expect(await orders.diff()).toEqual({ import: 4, add: 17, change: 4, destroy: 0 });
  });

  test("are adopted while the address goes on answering, and from then on as v1", async () => {
    const seen = await answersDuring(address, async () => {
      expect(await orders.deploy()).toEqual({ import: 4, add: 17, change: 4, destroy: 0 });
    });
    expect(seen).toEqual(["old", "v1"]);
    expect(await answers(address, 20)).toEqual({ v1: 20 });
  });

  test("are the same API, stage and function as before", async () => {
    expect(orders.url).toBe(address.replace(/\/$/, ""));
    expect(orders.output("functions")).toEqual({ v1: { orders: "orders-handler" } });
    expect(orders.attributes("aws_lambda_function")).toMatchObject([{ arn: before.function_arn }]);
    expect(orders.attributes("aws_cloudwatch_log_group")).toContainEqual(
      expect.objectContaining({ name: "/aws/lambda/orders-handler", retention_in_days: 14 }),
    );
  });

  test("are done with: a diff is empty, with 'adopt' as it was and without what was imported for good", async () => {
    expect(await orders.diff()).toEqual({ add: 0, change: 0, destroy: 0 });
    await orders.write(release({ adopt: { functions: shown.adopt.functions } }));
    expect(await orders.diff()).toEqual({ add: 0, change: 0, destroy: 0 });
  });

  test("publish and shift as any release does", async () => {
    const versions = { ...shown.versions, v2: {} };
    await orders.write(release({ versions }));
    expect(await orders.deploy()).toEqual({ add: 6, change: 0, destroy: 0 });
    await orders.write(release({ versions, canary: { version: "v2", percent: 50 } }));
    expect(await orders.deploy()).toEqual({ add: 0, change: 1, destroy: 0 });
    expect(Object.keys(await answers(address, 60)).sort()).toEqual(["v1", "v2"]);
  });

  test("promote, and prune the adopted function with its version", async () => {
    await orders.write(release({ versions: { ...shown.versions, v2: {} }, stable: "v2" }));
    expect(await orders.deploy()).toEqual({ add: 0, change: 1, destroy: 0 });
    const adopt = { api: before.api_id, stage: true };
    await orders.write(release({ versions: ["v2"], stable: "v2", adopt }));
    expect(await orders.deploy()).toEqual({ add: 0, change: 0, destroy: 6 });
    expect(await answers(address, 20)).toEqual({ v2: 20 });
  });

  test("are destroyed with the stack", async () => {
    expect((await orders.destroy()).destroy).toBe(21);
    expect(await answers(address, 1)).not.toHaveProperty("v2");
  });
});
