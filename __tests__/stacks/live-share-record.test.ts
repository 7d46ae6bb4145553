import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { type Files, shop, synthesizeFiles } from "../support/project";

interface Stack {
  readonly resource: {
    readonly aws_ssm_parameter?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly aws_iam_role_policy?: Readonly<Record<string, { readonly policy: string }>>;
  };
}

async function stackOf(files: Files): Promise<Stack> {
  const outdir = await synthesizeFiles(files);
  const text = readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8");
  // References are shortened to what they refer to.
  return JSON.parse(text.replace(/\$\{aws_\w+?\.([\w-]+?)_[0-9A-F]{8}\.(\w+)\}/g, "<$1 $2>"));
}

const parameters = ({ resource }: Stack) =>
  Object.values(resource.aws_ssm_parameter ?? {}).map(({ name }) => name);
const guardMay = ({ resource }: Stack) =>
  Object.entries(resource.aws_iam_role_policy ?? {}).find(([id]) => id.startsWith("guard_function"))?.[1]
    .policy;

test("an alias with a guard has a parameter, whose value the guard writes and Terraform leaves alone", async () => {
  const stack = await stackOf(oneFunction("weighted-alias", "code", { guard: {}, versions: [1, 2] }));
  expect(parameters(stack).sort()).toEqual([
    "/lambda-release/shop-dev/share",
    "/lambda-release/shop-dev/stops",
  ]);
  for (const parameter of Object.values(stack.resource.aws_ssm_parameter ?? {}))
    expect(parameter["lifecycle"]).toEqual({ ignore_changes: ["insecure_value", "value"] });
  expect(guardMay(stack)).toContain("<share arn>");
});

test.each([
  ["a stage, of which API Gateway says when it was changed", shop({ guard: {} })],
  ["an alias without a guard", oneFunction("weighted-alias", "code", { versions: [1, 2] })],
])("%s has none", async (_, files) => {
  const stack = await stackOf(files);
  expect(parameters(stack)).not.toContain("/lambda-release/shop-dev/share");
  expect(guardMay(stack) ?? "").not.toContain("share");
});
