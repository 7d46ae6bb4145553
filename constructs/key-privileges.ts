import { domainOf } from "../src/release/aws/aws-regions";
import type { Environment } from "../src/release/environment/environment";
import { allow, type Statement } from "./policy-document";

/**
 * What a plan and a deploy do with the keys of functions' environment variables, by Lambda and in no other way: without
 * Decrypt a plan sees no variables, and would set them again.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
 */
export const keyActions = {
  review: ["kms:Decrypt"],
  deploy: ["kms:CreateGrant", "kms:Encrypt"],
} as const;

/** @returns nothing where no function has a key */
export function keyPrivileges(
  actions: readonly string[],
  keys: readonly string[],
  { region }: Environment,
): Statement[] {
  if (keys.length === 0) return [];
  return [
    allow(actions, keys, { StringEquals: { "kms:ViaService": `lambda.${region}.${domainOf(region)}` } }),
  ];
}
