import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { parse } from "yaml";
import { projectFolder } from "../support/command";
import { describeGo } from "../support/go";
import { type Answer, type Asked, CarriedRelease } from "./carried-release";
import { examples } from "./expected-answers";

jest.setTimeout(120_000);

let carried: CarriedRelease;
afterEach(() => carried.close());

/** Answers, one after the other: requests at the same time would start a process each. */
async function answersTo(asked: readonly Asked[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const one of asked) answers.push(await carried.ask(one));
  return answers;
}

async function isCarried(service: string): Promise<void> {
  const { asked = [], isLambdaVersion } = examples[service] ?? {};
  const [first] = asked;
  const [v1, v2] = [asked.map((one) => one.v1), asked.map((one) => one.v2)];

  carried = await CarriedRelease.of(service);
  expect(await answersTo(asked)).toEqual(v1);

  const touched: string[] = [];
  const publishing = async () => {
    const { changed, destroyed } = await carried.deploy();
    touched.push(...changed, ...destroyed);
  };
  await carried.project.publish(publishing);
  await publishing();
  // A definition of its own is put beside what is deployed, and Lambda publishes a code: neither reaches anybody.
  const reachesNobody = isLambdaVersion ? /^aws_lambda_function\./ : /^aws_api_gateway_rest_api_put\./;
  expect(touched.filter((one) => !reachesNobody.test(one))).toEqual([]);
  expect(await answersTo(asked)).toEqual(v1);

  await carried.project.run("start", carried.project.second, "--percent", "10");
  expect(await carried.deploy()).toMatchObject({ added: [], changed: [expect.anything()], destroyed: [] });
  const drawn = await answersTo(Array(100).fill(first));
  const ofV2 = drawn.filter((one) => JSON.stringify(one) === JSON.stringify(first?.v2));
  expect(drawn.filter((one) => !ofV2.includes(one))).toEqual(Array(100 - ofV2.length).fill(first?.v1));
  expect(ofV2.length).toBeGreaterThan(2);
  expect(ofV2.length).toBeLessThan(25);

  await carried.project.run("promote");
  expect(await carried.deploy()).toMatchObject({ added: [], changed: [expect.anything()], destroyed: [] });
  expect(await answersTo(asked)).toEqual(v2);

  await carried.project.run("rollback");
  expect(await carried.deploy()).toMatchObject({ added: [], changed: [expect.anything()], destroyed: [] });
  expect(await answersTo(asked)).toEqual(v1);
}

describe("a release is carried from its first version to a rollback:", () => {
  test.each(["express", "python", "esm", "authorizer", "openapi"])("%s", isCarried);

  test("queue, a consumer without an API whose alias splits the batches", () => isCarried("queue"));

  test("powertools, whose functions print nothing but their logs and metrics", async () => {
    await isCarried("powertools");
    const lines = carried.logs.map((line) => JSON.parse(line));
    expect(lines.filter(({ _aws, message }) => _aws === undefined && message !== "greeted")).toEqual([]);
    expect(lines.find(({ message }) => message === "greeted")).toMatchObject({
      function_name: "powertools-dev-v1",
      xray_trace_id: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
  });

  test("dynamodb, each version with the permission that it needs", async () => {
    const called = await withTable(() => isCarried("dynamodb"));
    expect(called).toEqual(new Set(["GetItem", "UpdateItem"]));
    const stack = JSON.parse(readFileSync(join(carried.stackFolder, "cdk.tf.json"), "utf8"));
    const policies = Object.entries<{ policy: string }>(stack.resource.aws_iam_role_policy);
    const actions = policies.map(([name, { policy }]) => [name, policy.match(/dynamodb:\w+(?=")/g)]);
    expect(actions).toEqual([
      [expect.stringContaining("v1"), ["dynamodb:GetItem"]],
      [expect.stringContaining("v2"), ["dynamodb:UpdateItem"]],
    ]);
  });
});

describeGo("a release of a Go program is carried from its first version to a rollback:", () => {
  test("go", () => isCarried("go"));
});

/** Runs something beside a table of DynamoDB's with one order. @returns what was called */
async function withTable(work: () => Promise<void>): Promise<ReadonlySet<string>> {
  const called = new Set<string>();
  const item = { id: { S: "7" }, total: { N: "12.5" } };
  const server = createServer((request, response) => {
    const call = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    called.add(call);
    const answer = call === "GetItem" ? { Item: item } : { Attributes: { ...item, reads: { N: "4" } } };
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  process.env["AWS_ENDPOINT_URL_DYNAMODB"] = `http://127.0.0.1:${port}`;
  try {
    await work();
  } finally {
    delete process.env["AWS_ENDPOINT_URL_DYNAMODB"];
    server.close();
  }
  return called;
}

test("each of the hundred operations of a document is answered by the version's function", async () => {
  const document = parse(
    readFileSync(join(projectFolder, "examples/lambdas/openapi/openapi.yaml"), "utf8"),
  ) as { paths: Record<string, object> };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== "parameters")
      .map((method) => [method.toUpperCase(), path] as const),
  );
  expect(operations).toHaveLength(100);
  carried = await CarriedRelease.of("openapi");
  const answers = await answersTo(
    operations.map(([method, path]) => ({
      request: `${method} ${path.replace("{id}", "7")}?limit=1`,
      key: "back-office",
      ...(["POST", "PUT"].includes(method) && { body: { name: "Ada" } }),
    })),
  );
  expect(answers.map(([, answer]) => (answer as { operation: string }).operation)).toEqual(
    operations.map((operation) => operation.join(" ")),
  );
});
