import { isDeepStrictEqual } from "node:util";
import type { Authorization, Definition, Route } from "../../release/definition/definition";
import { anyMethods, matchRoute } from "../../release/definition/route-match";

/** What becomes of a route or of the whole API. */
export interface DefinitionDifference {
  /** `GET /offers`; `API` for what is of the whole. */
  readonly what: string;
  /** `comes`, `goes`, or what changes, as the end of a sentence. */
  readonly change: string;
  /** Whether a client that the former version answered could be refused, or understand less. */
  readonly couldBreak: boolean;
}

/** What a client meets that comes from one definition to another. */
export function definitionDifferences(before: Definition, after: Definition): DefinitionDifference[] {
  const found = [
    ...ofRoutes(before, after),
    ...ofCors(before, after),
    ...ofBinaryTypes(before, after),
    ...ofAuthorizers(before, after),
    ...ofPolicy(before, after),
  ];
  const isOther = !isDeepStrictEqual(before.document, after.document);
  if (found.length > 0 || !isOther) return found;
  return [{ what: "API", change: "has another document, beside its operations", couldBreak: true }];
}

function ofAuthorizers(
  { authorizers: before = {} }: Definition,
  { authorizers: after = {} }: Definition,
): DefinitionDifference[] {
  return Object.keys(after)
    .filter((name) => name in before && !isDeepStrictEqual(before[name], after[name]))
    .map((name) => ({ what: "API", change: `asks the authorizer ${name} in another way`, couldBreak: true }));
}

function ofPolicy({ policy: before }: Definition, { policy: after }: Definition): DefinitionDifference[] {
  if (isDeepStrictEqual(before, after)) return [];
  return [{ what: "API", change: "has another resource policy", couldBreak: after !== undefined }];
}

function ofRoutes(before: Definition, after: Definition): DefinitionDifference[] {
  const [old, now] = [byName(before), byName(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort(byPath);
  return names.flatMap((name): DefinitionDifference[] => {
    const [one, other] = [old.get(name), now.get(name)];
    if (one === undefined) return [{ what: name, change: "comes", couldBreak: false }];
    if (other === undefined) {
      const answering = answeringRoutes(one, after.routes);
      const change = answering === undefined ? "goes" : `goes, and ${answering} answers`;
      return [{ what: name, change, couldBreak: answering === undefined }];
    }
    return [...ofRoute(name, one, other), ...ofOperation(name, one, before, after)];
  });
}

function ofRoute(what: string, before: Route, after: Route): DefinitionDifference[] {
  const differences: DefinitionDifference[] = [];
  const add = (change: string, couldBreak: boolean) => differences.push({ what, change, couldBreak });
  const [old, now] = [callersText(before.authorization), callersText(after.authorization)];
  if (after.authorization === "NONE" && before.authorization !== "NONE") add(`no longer needs ${old}`, false);
  else if (!isDeepStrictEqual(before.authorization, after.authorization))
    add(old === now ? `needs ${now} in another way` : `needs ${now}, and needed ${old}`, true);
  const [hadKey = false, hasKey = false] = [before.apiKey, after.apiKey];
  if (hadKey !== hasKey) add(hasKey ? "needs an API key" : "no longer needs an API key", hasKey);
  if (before.function !== after.function)
    add(`is answered by ${after.function ?? "no function"}, not ${before.function ?? "no function"}`, false);
  if (before.timeoutSeconds !== after.timeoutSeconds)
    add(
      `times out after ${after.timeoutSeconds} s, not ${before.timeoutSeconds} s`,
      after.timeoutSeconds < before.timeoutSeconds,
    );
  if ((before.stream ?? false) !== (after.stream ?? false))
    add(after.stream ? "streams its answer" : "no longer streams its answer", false);
  return differences;
}

type Json = Readonly<Record<string, unknown>>;

/** What a document says of an operation beside its route: parameters, bodies, validators. */
function ofOperation(what: string, { method, path }: Route, before: Definition, after: Definition) {
  const [one, other] = [before, after].map(({ document }) => operationIn(document, method, path));
  if (one === undefined || other === undefined || isDeepStrictEqual(one, other)) return [];
  const required = requiredOf(other).filter((name) => !requiredOf(one).includes(name));
  if (required.length > 0) return [{ what, change: `requires ${required.join(", ")}`, couldBreak: true }];
  const isChecked = "x-amazon-apigateway-request-validator" in other || hasValidator(after);
  return [
    {
      what,
      change: `has another description in the document${isChecked ? ", which checks requests" : ""}`,
      couldBreak: isChecked,
    },
  ];
}

function operationIn(document: Definition["document"], method: string, path: string): Json | undefined {
  const key = method === "ANY" ? "x-amazon-apigateway-any-method" : method.toLowerCase();
  const item = asJson(asJson(asJson(document)["paths"])[path]);
  return item[key] === undefined ? undefined : asJson(item[key]);
}

function hasValidator({ document }: Definition): boolean {
  return asJson(document)["x-amazon-apigateway-request-validator"] !== undefined;
}

/** `the query string parameter page`, `a body` */
function requiredOf(operation: Json): string[] {
  const parameters = Array.isArray(operation["parameters"]) ? operation["parameters"].map(asJson) : [];
  return [
    ...parameters
      .filter((one) => one["required"] === true && one["in"] !== "path")
      .map((one) => `the ${one["in"]} parameter ${one["name"]}`),
    ...(asJson(operation["requestBody"])["required"] === true ? ["a body"] : []),
  ];
}

function asJson(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function ofCors({ cors: before }: Definition, { cors: after }: Definition): DefinitionDifference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (after === undefined)
    return [{ what: "API", change: "no longer answers browsers of other origins (cors)", couldBreak: true }];
  if (before === undefined)
    return [{ what: "API", change: "answers browsers of other origins (cors)", couldBreak: false }];
  return [
    { what: "API", change: "answers browsers of other origins in another way (cors)", couldBreak: true },
  ];
}

function ofBinaryTypes(before: Definition, after: Definition): DefinitionDifference[] {
  const [old, now] = [before, after].map(({ binaryMediaTypes }) => [...binaryMediaTypes].sort().join(", "));
  if (old === now) return [];
  return [
    { what: "API", change: `takes as binary ${now || "nothing"}, not ${old || "nothing"}`, couldBreak: true },
  ];
}

function byName({ routes }: Definition): ReadonlyMap<string, Route> {
  return new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
}

function byPath(one: string, other: string): number {
  const [[methodA = "", pathA = ""], [methodB = "", pathB = ""]] = [one.split(" "), other.split(" ")];
  return pathA.localeCompare(pathB) || methodA.localeCompare(methodB);
}

/** The other route that answers all that a route answered. @returns nothing where some of it has no answer */
function answeringRoutes({ method, path }: Route, routes: readonly Route[]): string | undefined {
  // A greedy part stands for paths of any depth: one more part than it says is enough to tell.
  const asked = path.replace(/\{[^}]+\+\}/g, "x/x").replace(/\{[^}]+\}/g, "x");
  const methods = method === "ANY" ? anyMethods : [method];
  const found = methods.map((one) => matchRoute(routes, one, asked)?.route);
  if (found.includes(undefined)) return undefined;
  return [...new Set(found.map((route) => `${route?.method} ${route?.path}`))].join(", ");
}

function callersText(authorization: Authorization): string {
  if (authorization === "NONE") return "nothing";
  if (typeof authorization === "string") return authorization;
  if ("cognitoUserPoolArns" in authorization) return "a user of Cognito";
  if ("schemes" in authorization) return authorization.schemes.join(" and ");
  return `the authorizer ${authorization.authorizer}`;
}
