import { integrationUri } from "../src/release/definition/integration-uri";
import type { AwsTarget } from "./aws-target";

/**
 * The address of an integration whose function is named by a stage variable.
 *
 * It holds the full ARN of the function: API Gateway answers the short form, with the variable in place of the
 * ARN, with `Invalid lambda function` when the integration is made.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html
 *
 * @param stageVariable name of the variable, letters and digits
 */
export function stageVariableUri(target: AwsTarget, stageVariable: string): string {
  return integrationUri(target, variable(stageVariable));
}

/**
 * The address of an integration whose function is fixed, and whose alias the stage variable `alias` names: AWS
 * looks whether the function is there when the integration is made.
 */
export function aliasVariableUri(target: AwsTarget, functionName: string): string {
  return integrationUri(target, `${functionName}:${variable("alias")}`);
}

/** `$${` is Terraform's way of writing `${`, which is API Gateway's to resolve. */
function variable(name: string): string {
  return `$\${stageVariables.${name}}`;
}
