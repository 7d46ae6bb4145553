import { generatedId } from "../account";

/** A Lambda authorizer: a function that decides who may call. */
export interface LambdaAuthorizer {
  readonly type: "TOKEN" | "REQUEST";
  readonly name: string;
  /** Part of the ARN as which it invokes the function. */
  readonly id: string;
  /** The function's address, with stage variables. */
  readonly uri: string;
  /** `method.request.header.Authorization` and the like. */
  readonly identitySources: readonly string[];
  readonly cacheSeconds: number;
  /** What a token must match. @default - every token goes to the function */
  readonly validation?: RegExp;
}

/** What a security scheme asks of a caller. */
export type Scheme = "cognito" | "api key" | LambdaAuthorizer;

type Json = Readonly<Record<string, unknown>>;

const authtype = "x-amazon-apigateway-authtype";
const authorizerKey = "x-amazon-apigateway-authorizer";

/**
 * The security schemes of a document by name.
 *
 * @throws on what the rehearsal does not know: it may change whom the API admits
 */
export function parseSchemes(components: Json, document: string): ReadonlyMap<string, Scheme> {
  const schemes = (components["securitySchemes"] ?? {}) as Record<string, Json>;
  return new Map(Object.entries(schemes).map(([name, one]) => [name, parseScheme(name, one, document)]));
}

function parseScheme(name: string, scheme: Json, document: string): Scheme {
  const { type, providerARNs, ...authorizer } = (scheme[authorizerKey] ?? {}) as Json;
  if (type === "cognito_user_pools") return "cognito";
  const isKey = scheme[authtype] === undefined && scheme[authorizerKey] === undefined;
  if (isKey && String(scheme["name"]).toLowerCase() === "x-api-key") return "api key";
  if (scheme[authtype] !== "custom" || (type !== "token" && type !== "request")) {
    throw new Error(`API definition: the rehearsal does not know the security scheme '${name}'`);
  }
  const {
    authorizerUri,
    authorizerResultTtlInSeconds: cacheSeconds = 300,
    identitySource,
    identityValidationExpression: validation,
    ...unknown
  } = authorizer;
  const [other] = Object.keys(unknown);
  if (other !== undefined) {
    throw new Error(`API definition: the rehearsal does not know '${name}.${authorizerKey}.${other}'`);
  }
  const sources = type === "token" ? `method.request.header.${scheme["name"]}` : String(identitySource ?? "");
  return {
    type: type === "token" ? "TOKEN" : "REQUEST",
    name,
    // Deployments of one definition have one authorizer.
    id: generatedId(`${name} ${document}`, 6),
    uri: String(authorizerUri),
    identitySources: sources.split(/,\s*/).filter((one) => one !== ""),
    cacheSeconds: Number(cacheSeconds),
    validation: validation === undefined ? undefined : new RegExp(String(validation)),
  };
}
