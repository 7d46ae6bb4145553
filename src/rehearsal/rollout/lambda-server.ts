import type { IncomingMessage } from "node:http";
import type { AliasRouting } from "../codedeploy/lambda-api";
import type { Alias } from "../lambda/alias";
import type { LambdaService } from "../lambda/lambda-service";
import { type Answer, bodyOf, json, LoopbackServer } from "../loopback";

export interface LambdaServerOptions {
  readonly lambda: LambdaService;
  /** Called before an alias moves, and waited for. @default - nobody waits */
  readonly beforeMove?: () => Promise<void>;
  /** Called when it has moved. @default - nobody is told */
  readonly onMove?: (routing: AliasRouting) => void;
}

/** Of an invocation: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const mostBytes = 6 * 1024 * 1024;

/**
 * As much of Lambda's API as CodeDeploy and hooks need, over HTTP, in front of a rehearsal's functions:
 * https://docs.aws.amazon.com/lambda/latest/api/
 */
export class LambdaServer {
  private readonly server = new LoopbackServer((request) => this.answer(request));
  /** Those that nobody waits for. */
  private readonly started = new Set<Promise<unknown>>();

  constructor(private readonly options: LambdaServerOptions) {}

  /** @returns the address */
  listen(): Promise<string> {
    return this.server.listen();
  }

  /** Waits until every function that was started has ended. */
  async idle(): Promise<void> {
    while (this.started.size > 0) await Promise.all(this.started);
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://lambda");
    const [, name = "", alias, invoked] =
      /^\/2015-03-31\/functions\/([^/]+)\/(?:aliases\/([^/]+)|(invocations))$/.exec(pathname) ?? [];
    const functionName = decodeURIComponent(name).replace(/^arn:.*:function:/, "");
    const body = await bodyOf(request, mostBytes);
    if (body === undefined) {
      const message = `Request must be smaller than ${mostBytes} bytes for the operation`;
      return refuse(413, "RequestTooLargeException", message);
    }
    const input = parsed(body.toString());
    if (input === undefined) {
      return refuse(400, "InvalidRequestContentException", "Could not parse request body into json");
    }
    if (alias !== undefined && request.method === "GET") return this.getAlias(functionName, alias);
    if (alias !== undefined && request.method === "PUT") return this.moveAlias(functionName, alias, input);
    if (invoked === undefined || request.method !== "POST") {
      return refuse(404, "UnknownOperationException", `${request.method} ${pathname} is not played`);
    }
    const isEvent = request.headers["x-amz-invocation-type"] === "Event";
    return this.invoke(functionName, searchParams.get("Qualifier") ?? undefined, input, isEvent);
  }

  private getAlias(functionName: string, name: string): Answer {
    const lambda = this.options.lambda.current.get(functionName);
    const alias = lambda?.aliases.get(name);
    if (lambda === undefined || alias === undefined) {
      return notFound(`Cannot find alias arn: ${functionName}:${name}`);
    }
    return json(described(alias, lambda.arn));
  }

  private async moveAlias(
    functionName: string,
    name: string,
    input: Record<string, unknown>,
  ): Promise<Answer> {
    const { lambda, beforeMove, onMove } = this.options;
    const found = lambda.current.get(functionName);
    if (found?.aliases.has(name) !== true) return notFound(`Cannot find alias arn: ${functionName}:${name}`);
    const { FunctionVersion, RoutingConfig } = input as {
      FunctionVersion: string;
      RoutingConfig?: { AdditionalVersionWeights?: Record<string, number> };
    };
    const weights = RoutingConfig?.AdditionalVersionWeights ?? {};
    const missing = [FunctionVersion, ...Object.keys(weights)].find((one) => !found.versions.has(one));
    if (missing !== undefined) return notFound(`Function not found: ${found.arn}:${missing}`);
    const [additional] = Object.entries(weights).map(([version, weight]) => ({ version, weight }));
    await beforeMove?.();
    const alias: Alias = { name, version: FunctionVersion, additional };
    lambda.moveAlias(functionName, alias);
    onMove?.({ version: FunctionVersion, weights });
    return json(described(alias, found.arn));
  }

  private async invoke(
    functionName: string,
    qualifier: string | undefined,
    event: object,
    isEvent: boolean,
  ): Promise<Answer> {
    const reached = this.options.lambda.reach({ functionName, qualifier });
    if ("refused" in reached) return notFound(reached.refused);
    const invocation = reached.invoke(event);
    if (isEvent) {
      const ended: Promise<unknown> = invocation.then(() => this.started.delete(ended));
      this.started.add(ended);
      return { status: 202 };
    }
    const outcome = await invocation;
    if (outcome.ok) return json(outcome.answer);
    const headers = { "x-amz-function-error": "Unhandled" };
    return json({ errorMessage: messageOf(outcome.error) }, { headers });
  }
}

/** Lambda tells an error's message apart from its stack, which Node's errors end with and Python's begin with. */
function messageOf(error: string): string {
  if (error.startsWith("Traceback ")) return error.split("\n").at(-1) ?? error;
  const lines = error.split("\n");
  const stack = lines.findIndex((line, index) => index > 0 && /^\s+at /.test(line));
  return lines.slice(0, stack === -1 ? undefined : stack).join("\n");
}

function described({ name, version, additional }: Alias, functionArn: string): object {
  return {
    AliasArn: `${functionArn}:${name}`,
    Name: name,
    FunctionVersion: version,
    ...(additional && {
      RoutingConfig: { AdditionalVersionWeights: { [additional.version]: additional.weight } },
    }),
  };
}

/** @returns `undefined` for what is no JSON */
function parsed(body: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(body === "" ? "{}" : body));
  } catch {
    return undefined;
  }
}

function notFound(message: string): Answer {
  return refuse(404, "ResourceNotFoundException", message);
}

function refuse(status: number, code: string, Message: string): Answer {
  return json({ Type: "User", Message }, { status, headers: { "x-amzn-errortype": code } });
}
