import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environment, stackOf } from "../support/bootstrap";
import { projectFolder } from "../support/command";
import { handler, shop, synthesizeFiles } from "../support/project";
import { RehearsedShop } from "../support/rehearse";

interface Stack {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
  readonly removed?: readonly { readonly from: string; readonly lifecycle: object }[];
}

const managedPolicies = ["arn:aws:iam::aws:policy/One"];
const roleArn = "arn:aws:iam::111122223333:role/shop";
const functions = { managedPolicies, roleArns: [roleArn] };
const withoutGitHub = environment({}, { github: undefined });
const code = { "lambdas/shop/shop.ts": handler("shop") };

const stackIn = async (fields: object, release: object): Promise<Stack> =>
  JSON.parse(await stackOf("shop-dev", fields, release, code));

const addresses = ({ resource }: Stack) =>
  ["aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment"].flatMap((type) =>
    Object.keys(resource[type] ?? {}).map((name) => `${type}.${name}`),
  );
const forgotten = ({ removed = [] }: Stack) => removed.map(({ from }) => from).sort();

test("a service that GitHub deploys forgets the attachments of its former role too, and has them in its path", async () => {
  const release = { settings: { managedPolicies } };
  const before = await stackIn(withoutGitHub, release);
  const after = await stackIn(environment({ functions }), release);
  expect(forgotten(after)).toEqual(addresses(before).sort());
  expect(forgotten(after).filter((one) => one.includes("attachment"))).toHaveLength(2);
  for (const { role } of Object.values(after.resource["aws_iam_role_policy_attachment"] ?? {}))
    expect(role).toMatch(/^\$\{aws_iam_role\.\w+([\w-]*)_in-path_[\w-]*\.name\}$/);
});

describe.each([
  ["without GitHub", withoutGitHub],
  ["with GitHub", environment({ functions })],
])("a role of others, %s", (_, fields) => {
  const aliased = { strategy: "weighted-alias", versions: [1], stable: 1 };

  test("leaves the former role in AWS where Lambda keeps the versions, which run with it", async () => {
    const before = await stackIn(fields, aliased);
    const after = await stackIn(fields, { ...aliased, settings: { roleArn } });
    expect(addresses(after)).toEqual([]);
    expect(forgotten(after)).toEqual(expect.arrayContaining(addresses(before)));
    for (const { lifecycle } of after.removed ?? []) expect(lifecycle).toEqual({ destroy: false });
  });

  test("takes the former role's place where a version has functions of its own", async () => {
    const after = await stackIn(fields, { settings: { roleArn } });
    expect(addresses(after)).toEqual([]);
    // What stood at / before GitHub deployed, GitHub's role cannot delete.
    expect(forgotten(after)).toHaveLength(fields === withoutGitHub ? 0 : 4);
    expect(forgotten(after).filter((one) => one.includes("in-path"))).toEqual([]);
  });
});

test("permissions that make a role's policies too long are refused in a line that names their place", async () => {
  const resources = Array.from({ length: 90 }, (_, index) => `arn:aws:s3:::${"x".repeat(120)}-${index}/*`);
  const release = { settings: { permissions: [{ actions: ["s3:GetObject"], resources }] } };
  await expect(stackOf("shop-dev", withoutGitHub, release)).rejects.toThrow(
    /^releases\/dev\/shop\.json 'settings' must have fewer entries in 'permissions', .*: the inline policies of the role shop-dev-v1 may have 10240 characters, got \d+$/m,
  );
});

test("the page's example is synthesized, and its role may do what it says", async () => {
  const release = JSON.parse(readFileSync(join(projectFolder, "docs/orders.json"), "utf8"));
  const outdir = await synthesizeFiles({
    "releases/dev/environment.json": { region: "eu-central-1" },
    "releases/dev/orders.json": release,
    "lambdas/orders/v1/orders.ts": handler("v1"),
  });
  const { resource }: Stack = JSON.parse(readFileSync(join(outdir, "stacks/orders-dev/cdk.tf.json"), "utf8"));
  const [policy] = Object.values(resource["aws_iam_role_policy"] ?? {});
  const statements: { Action: string[]; Resource: string[] }[] = JSON.parse(
    policy?.["policy"] ?? "",
  ).Statement;
  expect(statements.map(({ Action }) => Action.join())).toEqual([
    "logs:CreateLogStream,logs:PutLogEvents",
    "dynamodb:GetItem,dynamodb:Query",
    "ssm:GetParameter,ssm:GetParameters",
    "secretsmanager:GetSecretValue",
    "kms:Decrypt",
  ]);
  expect(statements[1]?.Resource).toEqual(release.settings.permissions[0].resources);
});

test("a rehearsal gives the function the names, passes its role over, and gives it credentials of nobody", async () => {
  const answer = `export const handler = async () => {
  const { DB, STRIPE, AWS_ACCESS_KEY_ID = "none" } = process.env;
  return { statusCode: 200, body: [DB, STRIPE, AWS_ACCESS_KEY_ID].join(" ") };
};
`;
  const settings = {
    managedPolicies,
    permissions: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::shop/*"] }],
    parameters: { DB: "/shop/db" },
    secrets: { STRIPE: "shop/stripe" },
  };
  const files = shop({ versions: ["v1"], settings }, { "lambdas/shop/v1/shop.ts": answer });
  const rehearsed = await RehearsedShop.of(files);
  expect(await (await rehearsed.fetch("/dev/")).text()).toBe("/shop/db shop/stripe rehearsal");
});
