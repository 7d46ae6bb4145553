import { shown } from "./answer-headers";
import { parseAuthorizerPolicy, type ResourcePolicy } from "./resource-policy";

/** What an authorizer's function says of a caller. */
export interface AuthorizerAnswer {
  readonly policy: ResourcePolicy;
  /** What the route's function gets of it: every value is text. */
  readonly context: Readonly<Record<string, string>>;
  /** The API key that counts for the caller, where the API takes keys from authorizers. @default - none */
  readonly usageKey?: string;
}

/** An answer that API Gateway takes for none. The message says why. */
export class BrokenAnswer extends Error {}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
const longestResource = 512;

/**
 * Reads the answer of an authorizer's function.
 *
 * @throws BrokenAnswer
 * @throws on parts of its policy that the rehearsal does not know
 */
export function authorizerAnswer(answer: unknown, executionArn: string): AuthorizerAnswer {
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = objectOf(answer, "the answer");
  if (typeof principalId !== "string" || principalId === "") {
    throw new BrokenAnswer(`the answer's principalId is ${shown(principalId)}`);
  }
  const document = objectOf(policyDocument, "the answer's policyDocument");
  checkStatements(document["Statement"]);
  return {
    policy: parseAuthorizerPolicy(document, executionArn),
    context: { principalId, ...contextOf(context) },
    ...(typeof usageIdentifierKey === "string" && { usageKey: usageIdentifierKey }),
  };
}

function checkStatements(statements: unknown): void {
  const all = Array.isArray(statements) ? statements : [statements];
  for (const one of all) {
    const { Effect, Action, Resource } = objectOf(one, "a statement of the answer's policy");
    if (Effect !== "Allow" && Effect !== "Deny") {
      throw new BrokenAnswer(`the answer's policy has the Effect ${shown(Effect)}`);
    }
    if (!isTexts(Action)) throw new BrokenAnswer(`the answer's policy has the Action ${shown(Action)}`);
    if (!isTexts(Resource)) throw new BrokenAnswer(`the answer's policy has the Resource ${shown(Resource)}`);
    if ([Resource].flat().some((resource) => resource.length > longestResource)) {
      throw new BrokenAnswer(`the answer's policy has a Resource of more than ${longestResource} characters`);
    }
  }
}

function contextOf(context: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(objectOf(context, "the answer's context")).map(([key, value]) => {
      if (!["string", "number", "boolean"].includes(typeof value)) {
        throw new BrokenAnswer(
          `the answer's context.${key} is ${shown(value)}: it must be text, a number or a boolean`,
        );
      }
      return [key, String(value)];
    }),
  );
}

function isTexts(value: unknown): value is string | string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.length > 0 && all.every((one) => typeof one === "string");
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new BrokenAnswer(`${what} is ${shown(value)}, not an object`);
}
