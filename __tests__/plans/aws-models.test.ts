import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { awsLimits, type LimitName } from "../../src/release/aws/aws-limits";
import { partitions } from "../../src/release/aws/aws-regions";
import { runtimes } from "../../src/release/functions/runtimes";
import { projectFolder } from "../support/command";
import { limitCases } from "../support/limit-cases";
import { synthesizeFiles, synthesizeProject, temporaryFolder } from "../support/project";
import { describePython } from "../support/python";
import { AwsModels, memberNamed } from "./aws-models";
import { ofTerraform, requests, withoutModel } from "./aws-requests";

jest.setTimeout(300_000);

type Arguments = Readonly<Record<string, unknown>>;
type Stack = Readonly<Record<string, Readonly<Record<string, Arguments>>>>;

/** What AWS's models find wrong with every resource of what was synthesized. */
function faultsIn(models: AwsModels, outdir: string): string[] {
  const stacks = join(outdir, "stacks");
  return readdirSync(stacks).flatMap((name) => {
    const { resource = {}, provider } = JSON.parse(readFileSync(join(stacks, name, "cdk.tf.json"), "utf8"));
    const tags = provider.aws[0].default_tags?.[0]?.tags ?? {};
    return Object.entries(resource as Stack)
      .filter(([type]) => type.startsWith("aws_") && !withoutModel.includes(type))
      .flatMap(([type, byName]) =>
        Object.values(byName).flatMap((args) => faultsOf(models, type, args, tags)),
      );
  });
}

function faultsOf(models: AwsModels, type: string, args: Arguments, defaultTags: object): string[] {
  const request = requests[type];
  if (request === undefined) return [`${type} has no call of AWS's`];
  const { service, operation, renamed = {}, elsewhere = [], prefixed = "" } = request;
  const { members = {} } = models.input(service, operation);
  const tags = { ...defaultTags, ...(args["tags"] as object) };
  const block = Object.entries(args[prefixed] ?? {}).map(([name, value]) => [`${prefixed}_${name}`, value]);
  const all = { ...args, ...Object.fromEntries(block), tags };
  return Object.entries(all).flatMap(([name, value]) => {
    if ([...ofTerraform, ...elsewhere, prefixed].includes(name)) return [];
    const called = renamed[name] ?? name;
    const [, member] = memberNamed(Object.entries(members), called) ?? [];
    if (member === undefined) return name === "tags" ? [] : [`${type}.${name} is no member of ${operation}`];
    const sent = name === "tags" ? asTags(models, service, member.shape, tags) : value;
    return sent === undefined ? [] : models.faults(service, member.shape, sent, `${type}.${name}`);
  });
}

/** Services take tags as a map or as a list of names and values; none are not sent. */
function asTags(models: AwsModels, service: string, shape: string, tags: object): unknown {
  const entries = Object.entries(tags);
  if (entries.length === 0) return undefined;
  if (models.service(service).shapes[shape]?.type === "map") return tags;
  return entries.map(([key, value]) => ({ key, value }));
}

/** Where a model gives a limit as a number: service and shape, of which it is the most. */
const inModels: Partial<Record<LimitName, readonly [service: string, shape: string]>> = {
  functionNameCharacters: ["iam", "roleNameType"],
  functionSubnets: ["lambda", "SubnetIds"],
  functionSecurityGroups: ["lambda", "SecurityGroupIds"],
  triggerBatch: ["lambda", "BatchSize"],
  triggerWindowSeconds: ["lambda", "MaximumBatchingWindowInSeconds"],
  queueConcurrency: ["lambda", "MaximumConcurrency"],
  streamBatches: ["lambda", "ParallelizationFactor"],
  streamRetries: ["lambda", "MaximumRetryAttemptsEventSourceMapping"],
  streamAgeSeconds: ["lambda", "MaximumRecordAgeInSeconds"],
  patternCharacters: ["lambda", "Pattern"],
  triggerInputCharacters: ["events", "TargetInput"],
  ruleNameCharacters: ["events", "RuleName"],
  alarmNameCharacters: ["cloudwatch", "AlarmName"],
  healthCheckPathCharacters: ["elbv2", "Path"],
  tags: ["iam", "tagListType"],
  tagNameCharacters: ["iam", "tagKeyType"],
  tagValueCharacters: ["iam", "tagValueType"],
};

/** Where a model tells a limit in words: service, shape and member, and what stands there. */
const inWords: Partial<Record<LimitName, readonly [string, string, string, string]>> = {
  apiDefinitionBytes: ["apigateway", "PutRestApiRequest", "body", "6MB"],
  deploymentGroupAlarms: ["codedeploy", "AlarmConfiguration", "alarms", "A maximum of 10 alarms"],
};

describePython("AWS's service models", () => {
  let models: AwsModels;
  beforeAll(() => {
    models = AwsModels.install();
  });

  test.each(Object.keys(awsLimits) as LimitName[])(
    "take what is synthesized at the limit %s",
    async (name) => {
      const outdir = await synthesizeFiles(limitCases[name].project(awsLimits[name].most));
      expect(faultsIn(models, outdir)).toEqual([]);
    },
  );

  test("take the releases of this project, which are of every strategy", async () => {
    expect(faultsIn(models, await synthesizeProject(projectFolder, temporaryFolder()))).toEqual([]);
  });

  test("refuse what is beyond their own bounds", () => {
    const alarm = (name: string) => faultsOf(models, "aws_cloudwatch_metric_alarm", { alarm_name: name }, {});
    expect(alarm("a".repeat(255))).toEqual([]);
    expect(alarm("a".repeat(256))).toEqual([
      "aws_cloudwatch_metric_alarm.alarm_name has 256, and must have 1 to 255",
    ]);
    expect(faultsOf(models, "aws_lambda_function", { runtime: "nodejs1.x", unknown: 1 }, {})).toEqual([
      expect.stringContaining("aws_lambda_function.runtime nodejs1.x is none of"),
      "aws_lambda_function.unknown is no member of CreateFunction",
    ]);
  });

  test.each(Object.entries(inModels))("have the number of %s", (name, [service, shape]) => {
    expect(models.service(service).shapes[shape]?.max).toBe(awsLimits[name as LimitName].most);
  });

  test.each(Object.entries(inWords))("tell the number of %s", (_, [service, shape, member, words]) => {
    expect(models.service(service).shapes[shape]?.members?.[member]?.documentation).toContain(words);
  });

  test("have every runtime of the table", () => {
    const { enum: known = [] } = models.service("lambda").shapes["Runtime"] ?? {};
    expect(runtimes.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  test("take every setting of a function", async () => {
    const settings = {
      runtime: "python3.13",
      ephemeralStorageMb: 512,
      reservedConcurrency: 0,
      kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1a2b",
      logging: { format: "json", applicationLevel: "trace", systemLevel: "debug" },
      snapStart: true,
    };
    const outdir = await synthesizeFiles({
      "releases/dev/environment.json": { region: "eu-central-1" },
      "releases/dev/shop.json": { strategy: "weighted-alias", versions: [1], stable: 1, settings },
      "lambdas/shop/shop.py": "def handler(event, context):\n    return {}\n",
    });
    expect(faultsIn(models, outdir)).toEqual([]);
  });

  test("take what measures the answers", async () => {
    const strategies = ["canary-stage", "alias-canary-stage", "blue-green-stage", "weighted-alias"];
    for (const strategy of strategies) {
      const versions = strategy === "canary-stage" ? ["v1"] : [1];
      const answers = { percent: 5, evaluationPeriods: 3 };
      const release = { strategy, versions, stable: versions[0], dashboard: true, alarms: { answers } };
      const outdir = await synthesizeFiles({
        "releases/dev/environment.json": { region: "eu-central-1" },
        "releases/dev/shop.json": release,
        "lambdas/shop/shop.ts": "export const handler = async () => ({ statusCode: 200 });\n",
        "lambdas/shop/v1/shop.ts": "export const handler = async () => ({ statusCode: 200 });\n",
      });
      expect(faultsIn(models, outdir)).toEqual([]);
    }
  });

  test("have the regions of the list, in the same partitions", () => {
    const expected = models.partitions().map(({ id, regionRegex, outputs, regions }) => ({
      name: id,
      domain: outputs.dnsSuffix,
      pattern: regionRegex.replaceAll("\\-", "-").replace("(de)", "de"),
      regions: Object.keys(regions).filter((region) => !region.endsWith("-global")),
    }));
    const listed = partitions.map((one) => ({
      ...one,
      pattern: one.pattern.source,
      regions: [...one.regions],
    }));
    expect(listed).toEqual(expected);
  });
});
