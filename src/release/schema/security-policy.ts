import { object, oneOf } from "./fields";

/**
 * API Gateway's policies for regional APIs and domains that have TLS 1.3.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
 */
export const enhancedPolicies = [
  "SecurityPolicy_TLS13_1_3_2025_09",
  "SecurityPolicy_TLS13_1_3_FIPS_2025_09",
  "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_2021_06",
] as const;

export const endpointAccessMode = oneOf(["BASIC", "STRICT"])
  .describe(
    '"STRICT" refuses requests whose TLS handshake names another host than the request. Required with a policy that has TLS 1.3, and for no other.',
  )
  .optional();

/** What callers of an API must speak. */
export const apiSecurity = object({
  securityPolicy: oneOf(["TLS_1_0", ...enhancedPolicies]).describe(
    'What TLS callers may use, by the domain too: "TLS_1_0", or a policy with TLS 1.3, such as "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09".',
  ),
  endpointAccessMode,
});
