import { z } from "zod";
import { awsLimits } from "../aws/aws-limits";
import { runtimeNames } from "../functions/runtimes";
import { assetPaths, bundleSettings } from "./bundle";
import { builtCode, layers } from "./code";
import {
  boolean,
  integer,
  integerFrom,
  list,
  map,
  name,
  object,
  oneNumberOf,
  oneOf,
  text,
  variableName,
} from "./fields";
import { accessSettings } from "./permissions";

/** The settings of a function in a release file. */

/** CloudWatch keeps logs for one of these numbers of days and no other. */
export const retentionDays = () =>
  oneNumberOf([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]);

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const functionSettings = object({
  runtime: oneOf(runtimeNames)
    .describe(
      'Lambda runtime. Java, .NET, Ruby and provided.* need \'code\'. `nodejs24.x`, `python3.14` and `java25` need version 6 of the AWS provider. Default: "python3.12" for a .py handler, "nodejs22.x" for any other.',
    )
    .optional(),
  code: builtCode,
  handler: text("a handler without spaces, 128 characters at most", /^\S+$/, 128)
    .describe(
      'File (without its ending) and exported function; with \'code\' as the runtime wants it. Default: "<function>.handler", and "bootstrap" for provided.*.',
    )
    .optional(),
  architecture: oneOf(["x86_64", "arm64"]).describe('Instruction set. Default: "x86_64".').optional(),
  memoryMb: integer(128, awsLimits.functionMemoryMb.most, "MB")
    .describe("Memory in MB, 128 to 10240. Default: 128.")
    .optional(),
  timeoutSeconds: integer(1, awsLimits.functionSeconds.most, "seconds")
    .describe("Time limit of one invocation, in seconds, 1 to 900. Default: 5.")
    .optional(),
  environment: map(
    variableName(),
    z.string({ error: "must be text" }).refine((value) => !value.includes("\0"), {
      error: "must be text without a NUL character",
    }),
  )
    .describe("Environment variables, 4 KB in all. Levels of settings are merged name by name.")
    .optional(),
  layers,
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
  ephemeralStorageMb: integer(512, awsLimits.functionStorageMb.most, "MB")
    .describe("Size of /tmp in MB, 512 to 10240. Default: 512.")
    .optional(),
  reservedConcurrency: integerFrom(0, "executions")
    .describe(
      "Most executions at once, which no other function of the account can use; 0 stops the function. It applies to the function at once: where Lambda keeps the versions, stable and canary share it. Default: what the account has left.",
    )
    .optional(),
  kmsKeyArn: text("the ARN of a KMS key", /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/, 512)
    .describe("The KMS key that encrypts the environment variables. Default: Lambda's own key.")
    .optional(),
  logging: object({
    format: oneOf(["text", "json"]).describe("What Lambda and the runtime write: lines of text, or JSON."),
    applicationLevel: oneOf(["trace", "debug", "info", "warn", "error", "fatal"])
      .describe('With "json": the least severe lines of the function that are kept. Default: "info".')
      .optional(),
    systemLevel: oneOf(["debug", "info", "warn"])
      .describe('With "json": the least severe lines of Lambda that are kept. Default: "info".')
      .optional(),
  })
    .describe("Format and levels of the logs. Default: text.")
    .optional(),
  bundle: bundleSettings,
  assets: assetPaths,
  ...accessSettings,
});

/** Of every function. What only Lambda versions have stands here alone: such a version has no settings in the file. */
export const sharedSettings = functionSettings.extend({
  snapStart: boolean()
    .describe(
      "Starts new executions from a snapshot that Lambda takes when it publishes a version (SnapStart): for python3.12 and later, where Lambda keeps the versions. Default: false.",
    )
    .optional(),
});

/** By function of the service. */
export const functionsWithSettings = map(name(), functionSettings);
