import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environment, privileges } from "../support/bootstrap";
import { isAllowed } from "../support/policy";
import { shop, synthesizeFiles } from "../support/project";
import { RehearsedShop } from "../support/rehearse";

const webAclArn = "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/shop/1a";
const sources = ["203.0.113.0/24"];
const answersVariables =
  "export const handler = async (event: any) => ({ statusCode: 200, body: JSON.stringify(event.stageVariables) });\n";

const settings = { webAclArn, clientCertificateId: "a1b2c3", variables: { level: "debug" } };

async function resourcesOf(release: object) {
  const outdir = await synthesizeFiles(shop({ stage: settings, ...release }));
  return JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8")).resource;
}

test("a stage, and one to preview, have the file's variables, web ACL and client certificate", async () => {
  const resource = await resourcesOf({ preview: { version: "v2", sources } });
  const stages = Object.entries<Record<string, unknown>>(resource.aws_api_gateway_stage);
  expect(stages).toHaveLength(2);
  for (const [, stage] of stages)
    expect(stage).toMatchObject({
      client_certificate_id: "a1b2c3",
      variables: { level: "debug", shopFunction: expect.stringContaining("aws_lambda_function.") },
    });
  expect(
    Object.values<Record<string, unknown>>(resource.aws_wafv2_web_acl_association)
      .map(({ resource_arn, web_acl_arn }) => [resource_arn, web_acl_arn])
      .sort(),
  ).toEqual(stages.map(([id]) => [`\${aws_api_gateway_stage.${id}.arn}`, webAclArn]).sort());
});

test("a canary overrides what names its functions, and no variable of the file's own", async () => {
  const resource = await resourcesOf({ canary: { version: "v2", percent: 10 } });
  const [stage] = Object.values<Record<string, Record<string, object>>>(resource.aws_api_gateway_stage);
  expect(Object.keys(stage?.["canary_settings"]?.["stage_variable_overrides"] ?? {})).toEqual([
    "shopFunction",
  ]);
});

test("handlers of both versions read the variables, and a rehearsal says that no web ACL filters", async () => {
  const files = shop(
    { stage: settings, canary: { version: "v2", percent: 50 } },
    { "lambdas/shop/v1/shop.ts": answersVariables, "lambdas/shop/v2/shop.ts": answersVariables },
  );
  const rehearsed = await RehearsedShop.of(files);
  const counted = await rehearsed.count("/dev/", 40);
  expect(
    Object.keys(counted)
      .map((body) => JSON.parse(body))
      .sort((a, b) => (a.shopFunction < b.shopFunction ? -1 : 1)),
  ).toEqual([
    { level: "debug", shopFunction: "shop-dev-v1" },
    { level: "debug", shopFunction: "shop-dev-v2" },
  ]);
  const { stable, canary } = rehearsed.rehearsal.api.stages[0] ?? {};
  expect([stable?.ownVariables, canary?.served.ownVariables]).toEqual([
    { shopFunction: "shop-dev-v1" },
    { shopFunction: "shop-dev-v2" },
  ]);
  expect((await rehearsed.apply(files)).passedOver).toEqual([
    { type: "aws_wafv2_web_acl_association", unrehearsed: "a web ACL: in AWS it may refuse requests" },
  ]);
});

test("the deploy role puts stages behind the web ACLs that files name, and behind no other", async () => {
  const stage = "arn:aws:apigateway:eu-central-1::/restapis/abc/stages/dev";
  const calls = [
    ["wafv2:AssociateWebACL", webAclArn],
    ["apigateway:SetWebACL", stage],
    ["wafv2:GetWebACLForResource", stage],
    ["wafv2:AssociateWebACL", webAclArn.replace("shop", "other")],
    ["wafv2:DeleteWebACL", webAclArn],
  ] as const;
  const judged = async (role: string, release: object) => {
    const policy = await privileges(role, environment(), release);
    return calls.map(([action, resource]) => isAllowed(policy, { action, resource }));
  };
  expect(await judged("deploy", { stage: { webAclArn } })).toEqual([true, true, true, false, false]);
  expect(await judged("review", { stage: { webAclArn } })).toEqual([false, false, true, false, false]);
  expect(await judged("deploy", {})).toEqual([false, false, false, false, false]);
});
