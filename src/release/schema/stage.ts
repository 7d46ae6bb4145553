import type { z } from "zod";
import { awsLimits } from "../aws/aws-limits";
import { basePath } from "./domain";
import { boolean, map, object, oneOf, text } from "./fields";
import { retentionDays } from "./settings";
import { routeThrottling, throttling } from "./throttling";
import { usagePlans } from "./usage-plans";

/** https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html: for a stage, of its region. */
const webAclArn = text(
  "the ARN of a regional web ACL of AWS WAF",
  /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[A-Za-z0-9_-]+\/[0-9a-f-]+$/,
  2048,
);

const clientCertificateId = text(
  "the id of a client certificate of API Gateway's, such as a1b2c3",
  /^[a-z0-9]+$/,
  32,
);

const { stageVariableNameCharacters: nameLimit, stageVariableCharacters: valueLimit } = awsLimits;

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
const stageVariables = map(
  text(
    `the name of a stage variable: ${nameLimit.most} letters, digits and underscores at most`,
    /^[A-Za-z0-9_]+$/,
    nameLimit.most,
  ),
  text(
    `the value of a stage variable: 1 to ${valueLimit.most} letters, digits and -._~:/?#&=,`,
    /^[A-Za-z0-9._~:/?#&=,-]+$/,
    valueLimit.most,
  ),
);

const logLevels = ["off", "errors", "all"] as const;

/** Settings of the API Gateway stage: stable and canary share them, so no version has its own. */
export const stage = object({
  name: text(
    "letters, digits, hyphens and underscores, 64 at most, and not test-invoke-stage",
    /^(?!test-invoke-stage$)[A-Za-z0-9_-]+$/,
    64,
  )
    .describe("Name of the API Gateway stage, part of its address. Default: the environment's name.")
    .optional(),
  basePath: basePath
    .describe(
      'Path of the environment\'s domain that leads to this stage, such as "shop", or "/" for the whole domain. Default: none, the domain does not lead here.',
    )
    .optional(),
  throttling: throttling.describe("Default: the environment's.").optional(),
  routeThrottling: routeThrottling
    .describe(
      "By route, such as \"POST /orders\", how many requests it lets through, in place of 'throttling'; stable and canary share it. Default: none.",
    )
    .optional(),
  webAclArn: webAclArn
    .describe("The web ACL of AWS WAF that filters the requests of the stage. Default: none.")
    .optional(),
  clientCertificateId: clientCertificateId
    .describe("The client certificate that API Gateway shows to HTTP backends. Default: none.")
    .optional(),
  variables: stageVariables
    .describe(
      "Stage variables of your own, which handlers read in event.stageVariables. All versions share them. Default: none.",
    )
    .default({}),
  accessLogs: boolean().describe("A line per request, with isCanaryRequest. Default: true.").default(true),
  executionLogs: oneOf(logLevels)
    .describe('API Gateway\'s execution logs: "off", "errors" or "all". Default: "off".')
    .default("off"),
  tracing: boolean().describe("Traces requests with X-Ray. Default: false.").default(false),
  detailedMetrics: boolean()
    .describe("CloudWatch metrics for each method, which cost extra. Default: false.")
    .default(false),
  logRetentionDays: retentionDays().describe("Days that CloudWatch keeps the logs. Default: 14.").default(14),
  usagePlans: usagePlans
    .describe(
      "Usage plans by name: API keys, and how much each may call; preview and blue have the same. Default: none.",
    )
    .optional(),
});

export type StageInFile = z.output<typeof stage>;
