import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Rehearsal } from "../../src/rehearsal/rehearsal";
import { parseConfiguration, readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { shop, synthesizeFiles } from "../support/project";

type Json = { resource: Record<string, Record<string, Record<string, unknown>>> };

/** The status of a request and the reason that API Gateway keeps to itself, for a stack changed by hand. */
async function statusWith(change: (json: Json) => void): Promise<[number, string | undefined]> {
  const folder = join(await synthesizeFiles(shop({ versions: ["v1"] })), "stacks/shop-dev");
  const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Json;
  change(json);
  let reason: string | undefined;
  const rehearsal = new Rehearsal({
    random: Math.random,
    onRequest: (record) => {
      reason = record.reason;
    },
    onLog: () => {},
  });
  try {
    // What was there before must not count.
    rehearsal.apply(readConfiguration(join(folder, "cdk.tf.json")));
    rehearsal.apply(parseConfiguration(json, folder));
    const { status } = await fetch(`${await rehearsal.listen()}/dev/`);
    return [status, reason];
  } finally {
    await rehearsal.close();
  }
}

function permissionOf({ resource }: Json): Record<string, unknown> {
  return Object.values(resource["aws_lambda_permission"] ?? {})[0] ?? {};
}

test("a function with its permission answers", async () => {
  expect(await statusWith(() => {})).toEqual([200, undefined]);
});

test("an apply that takes a permission away, or gives it back, counts from the next request", async () => {
  const folder = join(await synthesizeFiles(shop({ versions: ["v1"] })), "stacks/shop-dev");
  const whole = readConfiguration(join(folder, "cdk.tf.json"));
  const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Json;
  permissionOf(json)["principal"] = "events.amazonaws.com";
  const rehearsal = new Rehearsal({ random: Math.random, onRequest: () => {}, onLog: () => {} });
  try {
    const url = await rehearsal.listen();
    const statuses: number[] = [];
    for (const configuration of [whole, parseConfiguration(json, folder), whole]) {
      rehearsal.apply(configuration);
      statuses.push((await fetch(`${url}/dev/`)).status);
    }
    expect(statuses).toEqual([200, 500, 200]);
  } finally {
    await rehearsal.close();
  }
});

test("without a permission a request is a 500, whose reason the terminal tells", async () => {
  const withoutPermission = (json: Json) => {
    json.resource["aws_lambda_permission"] = {};
    for (const stage of Object.values(json.resource["aws_api_gateway_stage"] ?? {})) stage["depends_on"] = [];
  };
  expect(await statusWith(withoutPermission)).toEqual([
    500,
    "function shop-dev-v1 has no permission for API Gateway",
  ]);
});

test.each([
  ["another API", "arn:aws:execute-api:eu-central-1:123456789012:other/*", false],
  ["another stage", "${aws_api_gateway_rest_api.api_C8550315.execution_arn}/prod/*", false],
  ["another method", "${aws_api_gateway_rest_api.api_C8550315.execution_arn}/*/POST/", false],
  ["this stage, method and path", "${aws_api_gateway_rest_api.api_C8550315.execution_arn}/dev/GET/", true],
])("a permission for %s", async (_, sourceArn, admitted) => {
  const [status, reason] = await statusWith((json) => {
    permissionOf(json)["source_arn"] = sourceArn;
  });
  expect(status).toBe(admitted ? 200 : 500);
  if (!admitted) expect(reason).toMatch(/^function shop-dev-v1 admits arn:.*, not arn:.*\/dev\/GET\/$/);
});

test("a permission for another principal or action is none", async () => {
  for (const [name, value] of [
    ["principal", "events.amazonaws.com"],
    ["action", "lambda:GetFunction"],
  ] as const) {
    const [status] = await statusWith((json) => {
      permissionOf(json)[name] = value;
    });
    expect(status).toBe(500);
  }
});

test("a stage variable that names no function is a 500", async () => {
  const [status, reason] = await statusWith((json) => {
    for (const stage of Object.values(json.resource["aws_api_gateway_stage"] ?? {})) {
      stage["variables"] = { shopFunction: "nobody" };
    }
  });
  expect([status, reason]).toEqual([500, "there is no function nobody"]);
});

test("a stage without the variable is a 500", async () => {
  const [status, reason] = await statusWith((json) => {
    for (const stage of Object.values(json.resource["aws_api_gateway_stage"] ?? {})) stage["variables"] = {};
  });
  expect([status, reason]).toEqual([500, "the stage has no variable shopFunction"]);
});

test("the short form of the integration's address is an invalid function", async () => {
  const [status, reason] = await statusWith(({ resource }) => {
    for (const api of Object.values(resource["aws_api_gateway_rest_api_put"] ?? {})) {
      api["body"] = String(api["body"]).replace(/functions\/arn:.*:function:/, "functions/");
    }
    for (const deployment of Object.values(resource["aws_api_gateway_deployment"] ?? {})) {
      deployment["triggers"] = { fingerprint: "another" };
    }
  });
  expect([status, reason]).toEqual([500, expect.stringMatching(/^Invalid lambda function: /)]);
});
