import { z } from "zod";
import { awsLimits } from "./aws-limits";
import { assetPaths, bundleSettings } from "./bundle-schema";
import { boolean, integer, list, map, name, object, oneNumberOf, oneOf, text } from "./fields";

/** The settings of a function in a release file. */

/** CloudWatch keeps logs for one of these numbers of days and no other. */
export const retentionDays = () =>
  oneNumberOf([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]);

const nodeRuntimes = ["nodejs20.x", "nodejs22.x"] as const;
const pythonRuntimes = ["python3.10", "python3.11", "python3.12", "python3.13"] as const;

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const functionSettings = object({
  runtime: oneOf([...nodeRuntimes, ...pythonRuntimes])
    .describe('Lambda runtime. Default: "python3.12" for a .py handler, "nodejs22.x" for any other.')
    .optional(),
  handler: text(
    "<file>.<export>, such as app.handler, with the file in the version's folder",
    /^[A-Za-z0-9_-]+\.[A-Za-z_$][A-Za-z0-9_$]*$/,
    128,
  )
    .describe('File (without its ending) and exported function. Default: "<function>.handler".')
    .optional(),
  architecture: oneOf(["x86_64", "arm64"]).describe('Instruction set. Default: "x86_64".').optional(),
  memoryMb: integer(128, awsLimits.functionMemoryMb.most, "MB")
    .describe("Memory in MB, 128 to 10240. Default: 128.")
    .optional(),
  timeoutSeconds: integer(1, awsLimits.functionSeconds.most, "seconds")
    .describe("Time limit of one invocation, in seconds, 1 to 900. Default: 5.")
    .optional(),
  environment: map(
    text(
      "a name of two or more letters, digits and underscores, starting with a letter",
      /^[a-zA-Z][a-zA-Z0-9_]+$/,
      256,
    ),
    z.string({ error: "must be text" }).refine((value) => !value.includes("\0"), {
      error: "must be text without a NUL character",
    }),
  )
    .describe("Environment variables, 4 KB in all. Levels of settings are merged name by name.")
    .optional(),
  layers: list(
    text(
      "the ARN of a layer version",
      /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[A-Za-z0-9_-]+:\d+$/,
      140,
    ),
    0,
    awsLimits.functionLayers.most,
    "layer versions",
  )
    .describe("ARNs of layer versions, 5 at most. Default: none.")
    .optional(),
  vpc: object({
    subnetIds: list(
      text("a subnet id such as subnet-0a1b2c3d", /^subnet-[0-9a-z]+$/, 32),
      1,
      awsLimits.functionSubnets.most,
      "subnet ids",
    ).describe("Subnets, 1 to 16."),
    securityGroupIds: list(
      text("a security group id such as sg-0a1b2c3d", /^sg-[0-9a-z]+$/, 32),
      1,
      awsLimits.functionSecurityGroups.most,
      "security group ids",
    ).describe("Security groups, 1 to 5."),
  })
    .describe("Runs the function in a VPC. Default: none.")
    .optional(),
  deadLetterArn: text(
    "the ARN of a standard SQS queue or SNS topic",
    /^arn:aws[a-z-]*:(sqs|sns):[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/,
    512,
  )
    .describe("Receives the events of failed asynchronous invocations. Default: none.")
    .optional(),
  tracing: boolean().describe("Traces invocations with X-Ray. Default: false.").optional(),
  logRetentionDays: retentionDays().describe("Days that CloudWatch keeps the logs. Default: 14.").optional(),
  bundle: bundleSettings,
  assets: assetPaths,
});

/** By function of the service. */
export const functionsWithSettings = map(name(), functionSettings);
