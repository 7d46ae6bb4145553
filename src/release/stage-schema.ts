import { awsLimits } from "./aws-limits";
import { map, text } from "./fields";

/** https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html: for a stage, of its region. */
export const webAclArn = text(
  "the ARN of a regional web ACL of AWS WAF",
  /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[A-Za-z0-9_-]+\/[0-9a-f-]+$/,
  2048,
);

export const clientCertificateId = text(
  "the id of a client certificate of API Gateway's, such as a1b2c3",
  /^[a-z0-9]+$/,
  32,
);

const { stageVariableNameCharacters: nameLimit, stageVariableCharacters: valueLimit } = awsLimits;

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
export const stageVariables = map(
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
