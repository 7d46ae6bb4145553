import { shop } from "../support/shop";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { DeployedProject } from "./deployed-project";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws?.stop());

const [one, two] = [
  "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess",
  "arn:aws:iam::aws:policy/AmazonSNSReadOnlyAccess",
];
const bucket = (name: string) => ({ actions: ["s3:GetObject"], resources: [`arn:aws:s3:::${name}/*`] });
const withSettings = (settings: object) => shop({ versions: ["v1"], settings });

/** What IAM answers, as XML. */
async function iam(query: Readonly<Record<string, string>>): Promise<string> {
  const scope = "test/20260101/us-east-1/iam/aws4_request";
  const response = await fetch(`${aws.endpoint}/`, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({ Version: "2010-05-08", ...query }).toString(),
  });
  return response.text();
}

/** What the role of the function may do by its own policy: actions and resources of each statement. */
async function ownPolicy(): Promise<(readonly [string, string])[]> {
  const xml = await iam({ Action: "GetRolePolicy", RoleName: "shop-dev-v1", PolicyName: "execution" });
  const [, document = ""] = /<PolicyDocument>([\s\S]*)<\/PolicyDocument>/.exec(xml) ?? [];
  const { Statement } = JSON.parse(decodeURIComponent(document.trim()));
  return Statement.map(({ Action, Resource }: Record<string, string | string[]>) => [
    [Action].flat().join(),
    [Resource].flat().join(),
  ]);
}

async function attached(): Promise<string[]> {
  const xml = await iam({ Action: "ListAttachedRolePolicies", RoleName: "shop-dev-v1" });
  return [...xml.matchAll(/<PolicyArn>(.*?)<\/PolicyArn>/g)].map(([, arn = ""]) => arn).sort();
}

test("a role in AWS may do what its file says, and what the file drops goes", async () => {
  const project = new DeployedProject(aws.endpoint, "shop-dev", canInstallArchiveProvider());
  const secrets = { STRIPE: "shop/stripe" };
  await project.write(
    withSettings({ permissions: [bucket("one"), bucket("two")], managedPolicies: [one, two], secrets }),
  );
  expect(await project.deploy()).toEqual({ add: 23, change: 0, destroy: 0 });
  expect((await ownPolicy()).slice(1)).toEqual([
    ["s3:GetObject", "arn:aws:s3:::one/*"],
    ["s3:GetObject", "arn:aws:s3:::two/*"],
    [
      "secretsmanager:GetSecretValue",
      "arn:aws:secretsmanager:eu-central-1:000000000000:secret:shop/stripe-??????",
    ],
  ]);
  expect(await attached()).toEqual([two, one].sort());
  expect(await project.diff()).toEqual({ add: 0, change: 0, destroy: 0 });

  await project.write(withSettings({ permissions: [bucket("two")], managedPolicies: [two], secrets }));
  expect(await project.deploy()).toEqual({ add: 0, change: 1, destroy: 1 });
  expect((await ownPolicy()).map(([, resource]) => resource)).not.toContain("arn:aws:s3:::one/*");
  expect(await attached()).toEqual([two]);

  const roleArn = "arn:aws:iam::000000000000:role/shop";
  await project.write(withSettings({ roleArn }));
  expect(await project.deploy()).toEqual({ add: 0, change: 1, destroy: 3 });
  expect(project.attributes("aws_lambda_function").map(({ role }) => role)).toEqual([roleArn]);
  expect(await iam({ Action: "GetRole", RoleName: "shop-dev-v1" })).toContain("NoSuchEntity");
  await project.destroy();
});
