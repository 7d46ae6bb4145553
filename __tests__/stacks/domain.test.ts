import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentsOf } from "../../src/workflows/environments";
import { environment, privileges } from "../support/bootstrap";
import { projectFolder } from "../support/command";
import { isAllowed } from "../support/policy";
import { createProject, type Files, handler, shop, synthesizeProject } from "../support/project";

const domain = {
  name: "api.example.com",
  certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1a",
};

async function stacksOf(files: Files) {
  const outdir = await synthesizeProject(createProject(files));
  return (name: string) => JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8"));
}

function shopOn(given: object, stage: object = { basePath: "shop" }, fields: object = {}): Files {
  return shop(
    { stage, canary: { version: "v2", percent: 10 } },
    { "releases/dev/environment.json": { region: "eu-central-1", domain: given, ...fields } },
  );
}

const only = (resources: object) => Object.values(resources)[0];

test("the domain is a stack of its own, with the record that the file asks for", async () => {
  const record = { hostedZoneId: "Z1" };
  const { resource, output } = (await stacksOf(shopOn({ ...domain, record }, {}, { protect: true })))(
    "domain-dev",
  );
  expect(resource.aws_api_gateway_domain_name.domain).toMatchObject({
    domain_name: "api.example.com",
    regional_certificate_arn: domain.certificateArn,
    security_policy: "TLS_1_2",
    endpoint_configuration: { types: ["REGIONAL"] },
  });
  expect(only(resource.aws_route53_record)).toMatchObject({
    zone_id: "Z1",
    name: "api.example.com",
    type: "A",
    alias: {
      name: "${aws_api_gateway_domain_name.domain.regional_domain_name}",
      zone_id: "${aws_api_gateway_domain_name.domain.regional_zone_id}",
      evaluate_target_health: false,
    },
  });
  expect(only(resource.terraform_data)).toMatchObject({ lifecycle: { prevent_destroy: true } });
  expect(Object.keys(output)).toEqual(["domain_name", "target_domain_name", "target_zone_id"]);
});

test.each([
  ["shop", { base_path: "shop" }, "https://api.example.com/shop"],
  ["/", {}, "https://api.example.com"],
])("a service at %s maps its stage by name, and says where it is", async (basePath, path, url) => {
  const { resource, output } = (await stacksOf(shopOn(domain, { basePath })))("shop-dev");
  expect(only(resource.aws_api_gateway_base_path_mapping)).toEqual({
    "//": expect.anything(),
    domain_name: "api.example.com",
    api_id: expect.stringContaining("aws_api_gateway_rest_api."),
    stage_name: expect.stringMatching(/^\$\{aws_api_gateway_stage\.canary-stage_\w+\.stage_name\}$/),
    ...path,
  });
  expect(output.url.value).toBe(url);
});

test("a service without a base path has no mapping, and a domain that is there no stack", async () => {
  const project = createProject(shopOn({ name: "api.example.com", existing: true }, {}));
  const outdir = await synthesizeProject(project);
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  expect(Object.keys(stacks)).toEqual(["shop-dev"]);
  const { resource, output } = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8"));
  expect(resource).not.toHaveProperty("aws_api_gateway_base_path_mapping");
  expect(output).not.toHaveProperty("url");
});

test("a workflow deploys the domain before the services that it leads to", () => {
  const [dev] = environmentsOf(createProject(shopOn(domain)));
  expect(dev?.stacks.map(({ name, isDeployed }) => [name, isDeployed])).toEqual([
    ["domain-dev", true],
    ["shop-dev", true],
  ]);
});

describe("the workflows' roles", () => {
  const own = "arn:aws:apigateway:eu-central-1::/domainnames/api.example.com";
  const zone = "arn:aws:route53:::hostedzone/Z1";
  const recordOf = (name: string, type = "A") => ({
    "route53:ChangeResourceRecordSetsNormalizedRecordNames": name,
    "route53:ChangeResourceRecordSetsRecordTypes": type,
  });
  type Row = [action: string, resource: string, context?: Record<string, string>];
  const judged = async (role: string, given: object, rows: Row[], fields: object = {}) => {
    const policy = await privileges(role, environment({}, { domain: given, ...fields }));
    return rows.map(([action, resource, context]) => isAllowed(policy, { action, resource, context }));
  };
  const made = { ...domain, record: { hostedZoneId: "Z1" } };
  const there = { name: "api.example.com", existing: true };

  test("read the domain, its mappings and its record", async () => {
    const rows: Row[] = [
      ["apigateway:GET", own],
      ["apigateway:GET", `${own}/basepathmappings/shop`],
      ["route53:ListResourceRecordSets", zone],
      ["route53:GetChange", "arn:aws:route53:::change/C1"],
    ];
    expect(await judged("review", made, rows)).toEqual([true, true, true, true]);
    expect(await judged("review", there, rows)).toEqual([true, true, false, false]);
    const changes: Row[] = [
      ["apigateway:POST", `${own}/basepathmappings`],
      ["route53:ChangeResourceRecordSets", zone, recordOf("api.example.com")],
    ];
    expect(await judged("review", made, changes)).toEqual([false, false]);
  });

  test("change them, and no other domain or record", async () => {
    const rows: Row[] = [
      ["apigateway:POST", "arn:aws:apigateway:eu-central-1::/domainnames"],
      ["apigateway:PATCH", own],
      ["apigateway:POST", `${own}/basepathmappings`],
      ["apigateway:DELETE", `${own}/basepathmappings/shop`],
      ["route53:ChangeResourceRecordSets", zone, recordOf("api.example.com")],
      ["apigateway:PATCH", own.replace("api.", "other.")],
      ["apigateway:POST", `${own.replace("api.", "other.")}/basepathmappings`],
      ["route53:ChangeResourceRecordSets", zone, recordOf("www.example.com")],
      ["route53:ChangeResourceRecordSets", zone, recordOf("api.example.com", "TXT")],
      ["route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z2", recordOf("api.example.com")],
      ["route53:DeleteHostedZone", zone],
    ];
    const [yes, no] = [true, false];
    expect(await judged("deploy", made, rows)).toEqual([yes, yes, yes, yes, yes, no, no, no, no, no, no]);
    // Of a domain that is there only the mappings change.
    expect(await judged("deploy", there, rows)).toEqual([no, no, yes, yes, no, no, no, no, no, no, no]);
    expect(await judged("deploy", domain, [rows[4] as Row])).toEqual([no]);
  });

  test("delete a domain only where it is not protected", async () => {
    const rows: Row[] = [["apigateway:DELETE", own]];
    expect(await judged("deploy", made, rows)).toEqual([false]);
    expect(await judged("deploy", made, rows, { protect: false })).toEqual([true]);
  });
});

test("the files that the page shows are a project that maps a service", async () => {
  const page = readFileSync(join(projectFolder, "docs/domains.md"), "utf8");
  const shown = [...page.matchAll(/`(releases\/\S+\.json)`[^`]*?```json\n([\s\S]*?)```/g)];
  const files = Object.fromEntries(shown.map(([, path = "", text = ""]) => [path, text]));
  expect(Object.keys(files)).toEqual(["releases/prod/environment.json", "releases/prod/orders.json"]);
  const [, more = "{}"] = /```json\n(\{\n {2}"stage"[\s\S]*?)```/.exec(page) ?? [];
  const path = "releases/prod/orders.json";
  const orders = JSON.parse(files[path] ?? "{}");
  const { stage } = JSON.parse(more);
  const all = { ...files, [path]: { ...orders, stage: { ...orders.stage, ...stage } } };
  const stack = await stacksOf({ ...all, "lambdas/orders/v1/orders.ts": handler("v1") });
  expect(stack("orders-prod").resource).toHaveProperty("aws_wafv2_web_acl_association");
  expect(stack("orders-prod").output.url.value).toBe("https://api.example.com/orders");
  expect(stack("domain-prod").resource).toHaveProperty("aws_route53_record");
});
