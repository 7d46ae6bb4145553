import { authorizerOf, type Definition, isGuarded } from "../src/release/definition/definition";
import { fingerprint } from "../src/release/definition/fingerprint";
import { ownPolicySid } from "../src/release/definition/own-policy";
import { preflightRoutes } from "../src/release/definition/preflight";
import type { Environment } from "../src/release/environment/environment";
import { literalText } from "./literal-text";

/** A stage that only callers of these ranges of addresses may call. */
export interface ClosedStage {
  /** Name of the stage. */
  readonly name: string;
  /** Ranges of addresses that may call it, as CIDR. */
  readonly sources: readonly string[];
}

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Resource: readonly string[];
  readonly Condition?: object;
}

/**
 * The API's resource policy, which API Gateway snapshots in a deployment with the definition: it holds for
 * deployments made after it. A policy admits nobody whom it does not name, so it allows every route, but not
 * those with AWS_IAM: allowed here, they would be open to each principal of the account. Nor those with a Lambda
 * authorizer: allowed here, they would be open to each caller whom the authorizer does not deny.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 *
 * Where a document has a policy of its own, that one says what is allowed: nothing is allowed beside it.
 *
 * @returns `undefined` where there is nothing to close and no such route that a former policy could open
 */
export function resourcePolicy(
  executionArn: string,
  definition: Definition,
  closedStage: ClosedStage | undefined,
  security?: Environment["api"],
): string | undefined {
  const put = `${fingerprint(definition)}${asSid(security)}`;
  if (definition.policy !== undefined)
    return documentPolicy(executionArn, definition.policy, closedStage, put);
  const isAnyGuarded = definition.routes.some(isGuarded);
  if (closedStage === undefined && !isAnyGuarded) return undefined;
  const allowed = isAnyGuarded ? otherRoutes(executionArn, definition) : [`${executionArn}/*`];
  // What is put takes the policy away: the Sid changes with it, so Terraform attaches it again.
  const sid = `OpenRoutes${put}`;
  const statements: Statement[] = [
    ...(allowed.length > 0 ? [{ Sid: sid, Effect: "Allow" as const, Resource: allowed }] : []),
    denial(executionArn, closedStage),
  ];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((one) => ({ ...one, Principal: "*", Action: "execute-api:Invoke" })),
  });
}

/** A Sid has letters and digits alone. */
function asSid(security: Environment["api"]): string {
  return Object.values(security ?? {})
    .join("")
    .replace(/\W|_/g, "");
}

/** The document's policy, and what closes a stage. Its Sid changes with what is put, as above. */
function documentPolicy(
  executionArn: string,
  given: object,
  closedStage: ClosedStage | undefined,
  put: string,
): string {
  const { Statement, ...policy } = JSON.parse(literalText(JSON.stringify(given)));
  // AWS writes the short form of a resource out, and each plan would show that as a change.
  const whole = (resource: string) => resource.replace(/^execute-api:(?=\/)/, executionArn);
  const statements = (Statement as { Resource: string | string[] }[]).map((one) => ({
    ...one,
    Resource: [one.Resource].flat().map(whole),
  }));
  const own = {
    ...denial(executionArn, closedStage),
    Sid: `${ownPolicySid}${put}`,
    Principal: "*",
    Action: "execute-api:Invoke",
  };
  return JSON.stringify({ ...policy, Statement: [...statements, own] });
}

/** Without a closed stage it denies no one: a policy has one statement at least. */
function denial(executionArn: string, closedStage: ClosedStage | undefined): Statement {
  const { name, sources } = closedStage ?? { name: "*", sources: ["0.0.0.0/0", "::/0"] };
  return {
    Sid: ownPolicySid,
    Effect: "Deny",
    Resource: [`${executionArn}/${name}/*`],
    Condition: { NotIpAddress: { "aws:SourceIp": sources } },
  };
}

function otherRoutes(executionArn: string, { routes, cors }: Definition): string[] {
  const open = routes.filter((route) => !isGuarded(route)).map(({ method, path }) => [method, path] as const);
  const mocks = preflightRoutes({ routes, cors }).map(({ path }) => path);
  const preflights =
    cors === undefined
      ? []
      : routes
          // The ANY of an authorizer answers OPTIONS too, unless there is a mock.
          .filter(
            ({ authorization, path }) => authorizerOf(authorization) === undefined || mocks.includes(path),
          )
          .map(({ path }) => ["OPTIONS", path] as const);
  const requests = [...open, ...preflights].map(([method, path]) => {
    const pattern = path.replace(/\{[^}]*\}/g, "*");
    return `${executionArn}/*/${method === "ANY" ? "*" : method}${pattern}`;
  });
  return [...new Set(requests)];
}
