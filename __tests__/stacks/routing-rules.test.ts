import "../support/testing-cdktf";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Testing } from "cdktf";
import type { AwsTarget } from "../../constructs/aws-target";
import { deployPrivileges, reviewPrivileges } from "../../constructs/github-privileges";
import { blockType } from "../../src/rehearsal/terraform/resource-types";
import { readReleases } from "../../src/release/files/file";
import type { BlueGreenStageRelease } from "../../src/release/strategies/blue-green-stage";
import type { CanaryStageRelease } from "../../src/release/strategies/canary-stage";
import { usedResources } from "../../src/release/used-resources";
import { BlueGreenStageStack } from "../../stacks/blue-green-stage-stack";
import { CanaryStageStack } from "../../stacks/canary-stage-stack";
import { DomainStack, type EnvironmentWithDomain } from "../../stacks/domain-stack";
import { between } from "../review/between";
import { environment as gitHubEnvironment } from "../support/bootstrap";
import { projectFolder } from "../support/command";
import { filesInMemory } from "../support/files-in-memory";
import { isAllowed, type Policy } from "../support/policy";
import { type Files, handler, shop } from "../support/project";

/** As `JSON.parse` gives it. */
type Json = ReturnType<typeof JSON.parse>;

/** Stacks are made of what is read: `addReleases` refuses it with the provider that is installed here. */
function read(files: Files) {
  const { environments, releases, problems } = readReleases(filesInMemory(files));
  expect(problems).toEqual([]);
  return { environment: environments[0], release: releases[0] };
}

function serviceStack(files: Files): Json {
  const { release } = read(files);
  const stack =
    release?.strategy === "blue-green-stage"
      ? new BlueGreenStageStack(new App(), release as BlueGreenStageRelease)
      : new CanaryStageStack(new App(), release as CanaryStageRelease);
  return JSON.parse(Testing.synth(stack, true));
}

function domainStack(domain: object): Json {
  const { environment } = read(withDomain(domain, {}));
  return JSON.parse(Testing.synth(new DomainStack(new App(), environment as EnvironmentWithDomain), true))
    .resource.aws_api_gateway_domain_name.domain;
}

const withDomain = (domain: object, release: object): Files =>
  shop(release, { "releases/dev/environment.json": { region: "eu-central-1", domain } });

const there = { name: "api.example.com", existing: true, routingRules: true };
const page = readFileSync(join(projectFolder, "docs/domains.md"), "utf8");
const shown = (begin: string): Json =>
  JSON.parse(new RegExp(`## A version for.*?(\\{\\n {2}"${begin}.*?)\`\`\``, "s").exec(page)?.[1] ?? "{}");

test("requests with the header go to the stage preview, as the page shows it, and nothing else changes", () => {
  const [environment, release] = [shown("region"), shown("strategy")];
  const { header, ...preview } = release["preview"];
  const files = (fields: object) =>
    shop({ ...release, ...fields }, { "releases/dev/environment.json": environment });
  const [before, { resource, ...rest }] = [serviceStack(files({ preview })), serviceStack(files({}))];
  const { aws_apigatewayv2_routing_rule: rules, ...others } = resource;
  expect({ ...rest, resource: others }).toEqual(before);
  const beside = { "releases/dev/environment.json": environment };
  const change = between({ ...release, preview }, release, { files: beside, baseFiles: beside });
  expect(change.steps).toEqual([expect.objectContaining({ kind: "reopen", shownBy: "preview.header" })]);
  expect(page).toContain(`\`${change.steps[0]?.text}\``);
  expect(Object.keys(rules)).toEqual([expect.stringMatching(/^preview_routing-rule_[0-9A-F]{8}$/)]);
  expect(Object.values(rules)).toEqual([
    {
      domain_name: "api.example.com",
      // Another number for the same names would move the rule.
      priority: 661462,
      condition: [
        { match_headers: [{ any_of: [{ header: "x-preview", value_glob: "v2" }] }] },
        { match_base_paths: [{ any_of: ["orders"] }] },
      ],
      action: [
        {
          invoke_api: [
            {
              api_id: expect.stringMatching(/^\$\{aws_api_gateway_rest_api\.api_\w+\.id\}$/),
              stage: expect.stringMatching(/^\$\{aws_api_gateway_stage\.preview_stage_\w+\.stage_name\}$/),
              strip_base_path: true,
            },
          ],
        },
      ],
    },
  ]);
});

test("a rehearsal does not notice the rule, because it serves the stages without the domain", () => {
  const type = "aws_apigatewayv2_routing_rule";
  const { resource } = serviceStack(
    withDomain(there, {
      stage: { basePath: "shop" },
      preview: { version: "v2", sources: ["203.0.113.0/24"], header: { name: "x-preview", value: "v2" } },
    }),
  );
  const [[name, rule] = []] = Object.entries(resource[type]) as [string, Json][];
  expect(Object.keys(blockType(`${type}.${name}`, type, rule).arguments)).toEqual([]);
});

test("blue is reached by a header, with the priority of the file", () => {
  const header = { name: "x-preview", value: "v2*", priority: 7 };
  const { resource } = serviceStack({
    ...withDomain(there, {
      strategy: "blue-green-stage",
      versions: [1, 2],
      stable: 1,
      stage: { basePath: "shop" },
      blue: { version: 2, sources: ["203.0.113.0/24"], header },
    }),
    "lambdas/shop/shop.ts": handler("1"),
  });
  const [rule] = Object.values(resource.aws_apigatewayv2_routing_rule) as Json[];
  expect(rule?.["priority"]).toBe(7);
  expect(rule?.["action"][0].invoke_api[0].stage).toMatch(/aws_api_gateway_stage\.blue_stage_/);
});

test("the domain gets its routing mode and its policy, and is as before without them", () => {
  const made = {
    name: "api.example.com",
    certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1a",
  };
  const before = domainStack(made);
  expect(Object.keys(before)).not.toEqual(expect.arrayContaining(["routing_mode"]));
  expect(domainStack({ ...made, routingRules: false })).toEqual(before);
  expect(domainStack({ ...made, routingRules: true })).toEqual({
    ...before,
    routing_mode: "ROUTING_RULE_THEN_BASE_PATH_MAPPING",
  });
  const securityPolicy = "SecurityPolicy_TLS13_1_3_2025_09";
  expect(domainStack({ ...made, securityPolicy, endpointAccessMode: "STRICT" })).toEqual({
    ...before,
    security_policy: securityPolicy,
    endpoint_access_mode: "STRICT",
  });
});

test("the workflows' roles manage the rules of this domain, where it has rules", () => {
  const judged = (privileges: typeof deployPrivileges, domain: object) => {
    const { environment } = read(
      shop({}, { "releases/dev/environment.json": gitHubEnvironment({}, { domain }) }),
    );
    if (environment === undefined) throw new Error("no environment");
    const target = { partition: "aws", accountId: "111122223333" } as AwsTarget;
    const Statement = privileges({
      target,
      environment,
      bucket: "example-state",
      adoptedFunctions: [],
      used: usedResources([]),
    });
    const rule = "arn:aws:apigateway:eu-central-1:111122223333:/domainnames/api.example.com/routingrules/r1";
    const other = rule.replace("api.example", "other.example");
    return [...["Create", "Update", "Delete", "Get"].map((verb) => `${verb} ${rule}`), `Create ${other}`].map(
      (call) => {
        const [verb, resource = ""] = call.split(" ");
        return isAllowed({ Statement } as unknown as Policy, {
          action: `apigateway:${verb}RoutingRule`,
          resource,
        });
      },
    );
  };
  const both = (environment: object) => [
    judged(deployPrivileges, environment),
    judged(reviewPrivileges, environment),
  ];
  expect(both(there)).toEqual([
    [true, true, true, false, false],
    [false, false, false, true, false],
  ]);
  const none = [false, false, false, false, false];
  expect(both({ ...there, routingRules: undefined })).toEqual([none, none]);
});
