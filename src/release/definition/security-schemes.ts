import {
  type Authorization,
  type Authorizer,
  authorizerOf,
  type CognitoAuthorization,
  type Definition,
  type DocumentAuthorization,
  isCognito,
  type Route,
} from "./definition";
import { stageVariableOf } from "./stage-variable";

/** Who may call, in the parts of an OpenAPI document: of a method, and of the document. */

type Json = Record<string, unknown>;

const keyScheme = "api_key";

/** What a method says of its callers. An API key stands beside what else is asked: API Gateway wants both. */
export function authorizationOf({ authorization, apiKey = false }: Route): Json {
  const keys = apiKey ? [{ [keyScheme]: [] }] : [];
  if (typeof authorization === "string") {
    const auth = { "x-amazon-apigateway-auth": { type: authorization } };
    return keys.length > 0 ? { ...auth, security: keys } : auth;
  }
  // A document says it in its operations.
  if ("schemes" in authorization) return {};
  return { security: [securityOf(authorization), ...keys] };
}

function securityOf(authorization: Exclude<Authorization, string | DocumentAuthorization>): Json {
  if (isCognito(authorization)) return { [schemeName(authorization)]: authorization.scopes };
  return { [authorization.authorizer]: [] };
}

/** API keys, and an authorizer of API Gateway for each list of user pools and each Lambda authorizer that a route names. */
export function securitySchemes(
  { routes, authorizers = {} }: Definition,
  integrationUri: (stageVariable: string) => string,
): Json {
  const pools = routes.map(({ authorization }) => authorization).filter(isCognito);
  const named = routes.map(({ authorization }) => authorizerOf(authorization));
  return Object.fromEntries([
    ...pools.map((one) => [schemeName(one), cognitoScheme(one)]),
    ...Object.entries(authorizers)
      .filter(([name]) => named.includes(name))
      .map(([name, one]) => [name, lambdaScheme(one, integrationUri)]),
    ...(routes.some(({ apiKey }) => apiKey)
      ? [[keyScheme, { type: "apiKey", name: "x-api-key", in: "header" }]]
      : []),
  ]);
}

function cognitoScheme({ cognitoUserPoolArns }: CognitoAuthorization): Json {
  return {
    type: "apiKey",
    name: "Authorization",
    in: "header",
    "x-amazon-apigateway-authtype": "cognito_user_pools",
    "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: cognitoUserPoolArns },
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html */
function lambdaScheme(authorizer: Authorizer, integrationUri: (stageVariable: string) => string): Json {
  const { type, identitySources, cacheSeconds, identityValidation } = authorizer;
  const [only, ...others] = identitySources;
  const source =
    others.length > 0 ? undefined : /^method\.request\.(header|querystring)\.(.+)$/.exec(only ?? "");
  return {
    type: "apiKey",
    // "Unused" is AWS's word where it is not one header or one parameter of the query.
    name: source?.[2] ?? "Unused",
    in: source?.[1] === "querystring" ? "query" : "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
      type: type.toLowerCase(),
      authorizerUri: integrationUri(stageVariableOf(authorizer.function)),
      authorizerResultTtlInSeconds: cacheSeconds,
      // AWS reads the header of a token from the scheme's own name.
      ...(type === "REQUEST" && identitySources.length > 0 && { identitySource: identitySources.join(", ") }),
      ...(identityValidation !== undefined && { identityValidationExpression: identityValidation }),
    },
  };
}

/** `cognito-eu-central-1_a1b2c3`: the ids of the pools, which are unique. API Gateway names the authorizer so. */
export function schemeName({ cognitoUserPoolArns }: { cognitoUserPoolArns: readonly string[] }): string {
  return ["cognito", ...cognitoUserPoolArns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1))].join("-");
}
