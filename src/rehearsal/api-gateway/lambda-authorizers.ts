import type { IncomingMessage } from "node:http";
import type { LambdaService } from "../lambda/lambda-service";
import { type AuthorizerAnswer, authorizerAnswer, BrokenAnswer } from "./authorizer-answer";
import { accessDenied, authorizerError, failure, type GatewayAnswer } from "./gateway-response";
import { identityValue } from "./identity-source";
import { qualifiedName, targetOf } from "./integration-target";
import { type ProxyEventInput, proxyEvent } from "./proxy-event";
import { decide } from "./resource-policy";
import type { LambdaAuthorizer } from "./security-schemes";

/** A request that an authorizer decides on. */
export interface AskedRequest extends Omit<ProxyEventInput, "authorizer"> {
  readonly request: IncomingMessage;
  readonly executionArn: string;
  /** Whether the API's resource policy allows the request, so that an authorizer without a word admits it. */
  readonly isAllowedByPolicy: boolean;
}

/** What the route's function gets as `requestContext.authorizer`, or what the caller gets in place of an answer. */
export type Admission =
  | { readonly authorizer: Readonly<Record<string, unknown>>; readonly usageKey?: string }
  | GatewayAnswer;

interface Kept {
  readonly answer: AuthorizerAnswer;
  readonly until: number;
}

/**
 * The Lambda authorizers of an API, with the answers that API Gateway keeps.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 *
 * Kept answers are told apart by stage, authorizer and identity sources. Whether AWS also tells stable's from the
 * canary's is not known, and is taken for no: so a rehearsal shows what that would do.
 */
export class LambdaAuthorizers {
  private readonly kept = new Map<string, Kept>();

  /** @param now milliseconds of a clock that does not go back */
  constructor(
    private readonly lambda: LambdaService,
    private readonly now: () => number,
  ) {}

  async admit(authorizer: LambdaAuthorizer, asked: AskedRequest): Promise<Admission> {
    const event = requestEvent(asked);
    const identity = authorizer.identitySources.map((source) => identityValue(source, asked.request, event));
    const missing = authorizer.identitySources.find((_, index) => identity[index] === undefined);
    if (missing !== undefined) {
      return unauthorized(authorizer, `the request has no ${missing}`);
    }
    const [token = ""] = identity;
    if (authorizer.validation?.test(String(token)) === false) {
      return unauthorized(authorizer, "the token does not match its identityValidation");
    }
    const key = JSON.stringify([asked.stageName, authorizer.id, identity]);
    const kept = this.keptFor(key);
    if (kept !== undefined) return admission(authorizer, kept.answer, asked, 0);

    const methodArn = methodArnOf(asked);
    const given =
      authorizer.type === "TOKEN"
        ? { type: "TOKEN", methodArn, authorizationToken: token }
        : { type: "REQUEST", methodArn, ...event };
    const said = await this.ask(authorizer, asked, given);
    if ("response" in said) return said;
    if (authorizer.cacheSeconds > 0) {
      this.kept.set(key, { answer: said.answer, until: this.now() + authorizer.cacheSeconds * 1000 });
    }
    return admission(authorizer, said.answer, asked, said.tookMs);
  }

  private keptFor(key: string): Kept | undefined {
    const kept = this.kept.get(key);
    if (kept === undefined || kept.until > this.now()) return kept;
    this.kept.delete(key);
    return undefined;
  }

  /** Invokes the function of an authorizer. */
  private async ask(
    authorizer: LambdaAuthorizer,
    { variables, executionArn }: AskedRequest,
    event: object,
  ): Promise<{ readonly answer: AuthorizerAnswer; readonly tookMs: number } | GatewayAnswer> {
    const target = targetOf(authorizer.uri, variables);
    if ("reason" in target) return failed(authorizer, target.reason);
    const reached = this.lambda.reach(target, `${executionArn}/authorizers/${authorizer.id}`);
    if ("refused" in reached) return failed(authorizer, reached.refused);
    const result = await reached.invoke(event);
    const name = qualifiedName(target);
    if (!result.ok) {
      return messageOf(result.error) === "Unauthorized"
        ? unauthorized(authorizer, `${name} failed with "Unauthorized"`)
        : failed(authorizer, `${name}: ${result.error}`);
    }
    try {
      return { answer: authorizerAnswer(result.answer, executionArn), tookMs: Math.round(result.tookMs) };
    } catch (error) {
      if (!(error instanceof BrokenAnswer)) throw error;
      return failed(authorizer, `${name}: ${error.message}`);
    }
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html */
function admission(
  { name }: LambdaAuthorizer,
  { policy, context, usageKey }: AuthorizerAnswer,
  asked: AskedRequest,
  integrationLatency: number,
): Admission {
  const methodArn = methodArnOf(asked);
  const decision = decide(policy, methodArn, asked.request.socket.remoteAddress ?? "127.0.0.1");
  if (decision === "allowed" || (decision === "not allowed" && asked.isAllowedByPolicy)) {
    return { authorizer: { ...context, integrationLatency }, ...(usageKey !== undefined && { usageKey }) };
  }
  const explicitly = decision === "denied" ? " with an explicit deny" : "";
  return accessDenied(
    `User is not authorized to access this resource${explicitly}`,
    decision === "denied"
      ? `the authorizer ${name} denies ${methodArn}`
      : `the authorizer ${name} does not allow ${methodArn}`,
  );
}

function methodArnOf({ executionArn, stageName, httpMethod, target }: AskedRequest): string {
  return `${executionArn}/${stageName}/${httpMethod}${target.path}`;
}

/** The event of a route without its body; what the request does not have is empty, not null. */
function requestEvent(asked: AskedRequest) {
  const { body, isBase64Encoded, ...event } = proxyEvent(asked);
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, value ?? {}])) as {
    readonly [name in keyof typeof event]: NonNullable<(typeof event)[name]>;
  };
}

/** The message of an error as a runtime tells it: behind its type, first in Node, last in a Python traceback. */
function messageOf(error: string): string | undefined {
  const lines = error.split("\n");
  const line = error.startsWith("Traceback") ? lines.at(-1) : lines[0];
  return line?.replace(/^[\w.]+: /, "");
}

function unauthorized({ name }: LambdaAuthorizer, why: string): GatewayAnswer {
  return failure("UNAUTHORIZED", `the authorizer ${name}: ${why}`);
}

function failed({ name }: LambdaAuthorizer, why: string): GatewayAnswer {
  return authorizerError(`the authorizer ${name}: ${why}`);
}
