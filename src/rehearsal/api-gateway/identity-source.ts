import type { IncomingMessage } from "node:http";

/** What of an authorizer's event holds identity sources besides headers. */
interface Sources {
  readonly queryStringParameters: Readonly<Record<string, string>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly requestContext: object;
}

/**
 * The value that a request has for an identity source such as `method.request.header.Authorization`.
 *
 * @returns nothing where it has none, or an empty one
 */
export function identityValue(
  source: string,
  { headers }: IncomingMessage,
  { queryStringParameters, stageVariables, requestContext }: Sources,
): string | undefined {
  const [, place, name = ""] = /^(method\.request\.\w+|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  const value =
    place === "context"
      ? valueAt(requestContext, name.split("."))
      : place === "stageVariables"
        ? stageVariables[name]
        : place === "method.request.querystring"
          ? queryStringParameters[name]
          : [headers[name.toLowerCase()]].flat()[0];
  return value === undefined || value === null || value === "" ? undefined : String(value);
}

function valueAt(object: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (one, key) =>
      typeof one === "object" && one !== null ? (one as Record<string, unknown>)[key] : undefined,
    object,
  );
}
