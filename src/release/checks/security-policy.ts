import type { FieldPath } from "../problem";
import type { EnvironmentFile } from "../schema/environment";
import { enhancedPolicies } from "../schema/security-policy";
import type { Finding } from "./finding";

/** The fields that say what TLS callers may use. */
type Secured = Pick<NonNullable<EnvironmentFile["domain"]>, "securityPolicy" | "endpointAccessMode">;

/** Whether a policy has TLS 1.3. */
export function isEnhanced(policy: Secured["securityPolicy"]): boolean {
  return enhancedPolicies.some((one) => one === policy);
}

/**
 * A policy with TLS 1.3 needs its access mode, and no other has one.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
 *
 * @param faulty fields that were left out of the file, because they have a problem of their own
 */
export function checkAccessMode(
  of: "api" | "domain",
  { securityPolicy, endpointAccessMode }: Secured,
  faulty: readonly FieldPath[],
): Finding[] {
  if (faulty.some(([place]) => place === of)) return [];
  const field = [of, "endpointAccessMode"];
  if (isEnhanced(securityPolicy) && endpointAccessMode === undefined)
    return [{ field, message: `must be "BASIC" or "STRICT" with ${securityPolicy}` }];
  if (isEnhanced(securityPolicy) || endpointAccessMode === undefined) return [];
  const message = `must not be given without a '${of}.securityPolicy' that has TLS 1.3`;
  return [{ field, message, value: endpointAccessMode }];
}

/** What the APIs of an environment speak. */
export function checkApiSecurity({ api }: EnvironmentFile, faulty: readonly FieldPath[]): Finding[] {
  return api === undefined ? [] : checkAccessMode("api", api, faulty);
}
