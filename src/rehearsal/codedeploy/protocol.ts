import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Answer, bodyOf } from "../loopback";
import { misshapen } from "./input-shapes";

/** The exceptions of AWS's service model. */
export type ExceptionName = Extract<keyof typeof import("@aws-sdk/client-codedeploy"), `${string}Exception`>;

/** A refusal, with the code that AWS's service model has for it. */
export class ApiError extends Error {
  constructor(
    readonly code: ExceptionName,
    message: string,
  ) {
    super(message);
  }
}

/** Operations by name; each gets the input and gives the output that AWS's service model has for it. */
export type Operations = Readonly<Record<string, (input: never) => object | undefined | Promise<object>>>;

const service = "CodeDeploy_20141006.";
/** More than any call takes. */
const mostMegabytes = 6;

/** Answers a request of CodeDeploy's protocol: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export async function answer(request: IncomingMessage, operations: Operations): Promise<Answer> {
  const { status, body } = await perform(request, operations);
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
    body: body && JSON.stringify(onTheWire(body)),
  };
}

async function perform(request: IncomingMessage, operations: Operations) {
  const target = String(request.headers["x-amz-target"] ?? "");
  const name = target.startsWith(service) ? target.slice(service.length) : "";
  const body = await bodyOf(request, mostMegabytes * 1024 * 1024);
  if (body === undefined) {
    const message = `the body must have at most ${mostMegabytes} MB`;
    return failure(413, "RequestEntityTooLargeException", message);
  }
  if (!Object.hasOwn(operations, name)) {
    return failure(400, "UnknownOperationException", `this endpoint has no operation "${target}"`);
  }
  const input = parsed(body.toString());
  if (input === undefined) {
    return failure(400, "SerializationException", "the body must be a JSON object");
  }
  const problem = misshapen(input);
  if (problem !== undefined) return failure(400, "SerializationException", problem);
  try {
    return { status: 200, body: await operations[name]?.(input as never) };
  } catch (error) {
    if (error instanceof ApiError) return failure(400, error.code, error.message);
    return failure(500, "InternalFailure", (error as Error).message);
  }
}

/** A field that is null is not given. */
function parsed(body: string): object | undefined {
  try {
    const value = JSON.parse(body === "" ? "{}" : body, (_, one) => (one === null ? undefined : one));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function failure(status: number, code: string, message: string) {
  return { status, body: { __type: code, message } };
}

/** Times are seconds there. */
function onTheWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(onTheWire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, onTheWire(one)]));
}
