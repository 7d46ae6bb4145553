import { source, verdict } from "./sample-fields";

export const environment = {
  $schema: "../../schemas/environment.schema.json",
  region: "eu-central-1",
  newRegions: ["eu-central-9"],
  quotas: {
    apiResources: 400,
    apiAuthorizers: 11,
    apiPolicyCharacters: 9000,
    integrationTimeoutMs: 40_000,
    securityGroupRules: 100,
    roleManagedPolicies: 15,
  },
  allowedAccountIds: ["123456789012"],
  state: { s3: { bucket: "state", region: "eu-west-1", prefix: "one" } },
  tags: { team: "one" },
  throttling: { rateLimit: 20, burstLimit: 10 },
  protect: true,
  api: { securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "BASIC" },
  guard: {
    alarms: ["errors", "answers"],
    afterPromotionMinutes: 30,
    verdict: true,
    topics: [source("sns", "releases-one")],
  },
  verdict,
  auto: { merge: true },
  notifications: { topics: [source("sns", "notifications-one")] },
  dashboard: false,
  trains: { one: { services: ["shop", "basket"], onFailure: "take-back" } },
  imageRepositories: ["shop"],
  apiGatewayAccount: true,
  github: {
    organization: "example",
    repository: "shop",
    ids: { organization: 1, repository: 2 },
    defaultBranch: "trunk",
    accountHas: ["oidc-provider"],
  },
};

/** Its policies and roles are of any account: another account would have others. */
export const environmentWithFunctions = {
  region: "eu-central-1",
  trains: { one: ["shop", "basket"] },
  state: { s3: { bucket: "state" } },
  github: {
    organization: "example",
    repository: "shop",
    functions: {
      permissions: [
        { actions: ["s3:GetObject1"], resources: ["arn:aws:s3:::one/*"], reason: "it reads the one bucket" },
      ],
      managedPolicies: ["arn:aws:iam::123456789012:policy/one"],
      roleArns: ["arn:aws:iam::123456789012:role/one"],
    },
  },
};

/** A certificate is in one region: no other region is valid beside it. */
export const withDomain = {
  region: "eu-central-1",
  domain: {
    name: "one.example.com",
    certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1a",
    securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
    endpointAccessMode: "BASIC",
    routingRules: true,
    record: { hostedZoneId: "Z1" },
  },
};
