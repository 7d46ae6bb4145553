import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { parse } from "yaml";
import { projectFolder } from "../support/command";
import { describeGo } from "../support/go";
import { carry } from "./carry";
import { ExampleProject } from "./example-project";
import { Rehearsed } from "./rehearsed";
import { shapes } from "./shapes";

jest.setTimeout(120_000);

let rehearsed: Rehearsed;
beforeEach(() => {
  rehearsed = new Rehearsed();
});
afterEach(() => rehearsed.close());

const isCarried = (service: string) => carry(new ExampleProject(service), rehearsed);

/** Those with a test of their own below. */
const withMore = ["powertools", "dynamodb", "go"];

describe("a release is carried from its first version to a rollback:", () => {
  test.each(Object.keys(shapes).filter((service) => !withMore.includes(service)))("%s", isCarried);

  test("powertools, whose functions print nothing but their logs and metrics", async () => {
    await isCarried("powertools");
    const lines = rehearsed.logs.map((line) => JSON.parse(line));
    expect(lines.filter(({ _aws, message }) => _aws === undefined && message !== "greeted")).toEqual([]);
    expect(lines.find(({ message }) => message === "greeted")).toMatchObject({
      function_name: "powertools-dev-v1",
      xray_trace_id: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
  });

  test("dynamodb, each version with the permission that it needs", async () => {
    const called = await withTable(() => isCarried("dynamodb"));
    expect(called).toEqual(new Set(["GetItem", "UpdateItem"]));
    const policies = Object.entries(rehearsed.stack.resource["aws_iam_role_policy"] ?? {});
    const actions = policies.map(([name, { policy }]) => [name, policy.match(/dynamodb:\w+(?=")/g)]);
    expect(actions).toEqual([
      [expect.stringContaining("v1"), ["dynamodb:GetItem"]],
      [expect.stringContaining("v2"), ["dynamodb:UpdateItem"]],
    ]);
  });

  describeGo("built elsewhere:", () => {
    test("go", () => isCarried("go"));
  });
});

test.each([
  ["openapi", { strategy: "alias-canary-stage" }, { publish: [4, 1, 1] }],
  [
    "python",
    { strategy: "weighted-alias", numbers: { list: 2, read: 2 } },
    { publish: [0, 2, 0], step: [0, 2, 0] },
  ],
  [
    "authorizer",
    { strategy: "blue-green-stage", numbers: { orders: 1, gate: 2 } },
    {
      publish: [4, 1, 0],
      preview: [
        [4, 1, 0],
        [0, 2, 4],
      ],
    },
  ],
] as const)("Lambda keeps the versions: %s with %j", (service, other, expected) =>
  carry(new ExampleProject(service, other), rehearsed, expected),
);

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
  const project = new ExampleProject("openapi");
  await project.synthesize();
  await rehearsed.apply(project);
  const answers: unknown[] = [];
  for (const [method, path] of operations) {
    const [, answer] = await rehearsed.ask({
      request: `${method} ${path.replace("{id}", "7")}?limit=1`,
      key: "back-office",
      ...(["POST", "PUT"].includes(method) && { body: { name: "Ada" } }),
    });
    answers.push((answer as { operation: string }).operation);
  }
  expect(answers).toEqual(operations.map((operation) => operation.join(" ")));
});
