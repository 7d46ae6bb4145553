import { carry } from "../examples/carry";
import { ExampleProject } from "../examples/example-project";
import { shapes } from "../examples/shapes";
import { canRunGo } from "../support/go";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { byName } from "./by-hand";
import { DeployedExamples } from "./deployed-example";
import { GuardedTable } from "./guarded-table";
import { type LocalAws, startLocalStack } from "./local-aws";

jest.setTimeout(600_000);

let table: GuardedTable;
let aws: LocalAws;
let deployed: DeployedExamples;
// A LocalStack of its own: the functions must be told where the table is.
beforeAll(async () => {
  table = await GuardedTable.start();
  aws = await startLocalStack({ AWS_ENDPOINT_URL_DYNAMODB: table.endpoint });
  table.aws = aws.endpoint;
  deployed = await DeployedExamples.start(aws.endpoint, canInstallArchiveProvider());
});
afterAll(() => {
  deployed?.stop();
  aws?.stop();
  table?.stop();
});

const sqs = (call: string, body: object) => byName(aws.endpoint, "sqs", `AmazonSQS.${call}`, body);

const isCarried = (service: string) => carry(new ExampleProject(service), deployed.begin());

/** Those with a test of their own below. */
const withMore = ["dynamodb", "queue", ...(canRunGo ? [] : ["go"])];

describe("a release is carried from its first version to a rollback:", () => {
  test.each(Object.keys(shapes).filter((service) => !withMore.includes(service)))("%s", isCarried);

  test("dynamodb, each version with its own permission alone", async () => {
    await isCarried("dynamodb");
    expect(table.refused).toEqual([]);
    const rows = ["v1", "v2"].flatMap((version) =>
      ["GetItem", "UpdateItem"].map((action) => [version, action] as const),
    );
    const allowed: string[] = [];
    for (const [version, action] of rows)
      if (await table.allows(`dynamodb-dev-${version}`, action)) allowed.push(`${version} ${action}`);
    expect(allowed).toEqual(["v1 GetItem", "v2 UpdateItem"]);
  });

  test("queue, whose messages reach the alias too", async () => {
    await sqs("CreateQueue", { QueueName: "orders" });
    await isCarried("queue");
    const QueueUrl = `${aws.endpoint}/000000000000/orders`;
    for (const id of ["1", "2"])
      await sqs("SendMessage", { QueueUrl, MessageBody: JSON.stringify({ id, total: 2 }) });
    const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
    let left = Number.NaN;
    for (let waited = 0; left !== 0 && waited < 60; waited++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { Attributes } = (await sqs("GetQueueAttributes", { QueueUrl, AttributeNames })) as {
        Attributes: Record<string, string>;
      };
      left = AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
    }
    expect(left).toBe(0);
  });
});
