import type { FieldPath } from "../../problem";
import { isGuarded, type Route } from "../definition";
import { ownPolicySid } from "../own-policy";
import { preflightRoutes } from "../preflight";
import type { RoutePattern } from "../route-match";
import type { Reader } from "./integrations";
import { anyPart, overlap } from "./overlap";
import { asObject, isObject, type Json, type Report } from "./report";

export const policyKey = "x-amazon-apigateway-policy";

/** The form of policies that AWS goes on with. */
const version = "2012-10-17";

const elements = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];
const actions = ["execute-api:invoke", "execute-api:*", "*"];

interface Statement {
  readonly index: number;
  readonly effect: unknown;
  readonly isForEverybody: boolean;
  /** Patterns of requests: `dev/GET/orders/*`. */
  readonly requests: readonly string[];
}

/**
 * The resource policy of a document: who may call which routes of which stages. The project adds to it what closes a
 * temporary stage, and nothing that allows anything.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
 *
 * @returns the policy with its statements in a list, or nothing where the document has none
 */
export function policyOf(
  document: Json,
  routes: readonly Route[],
  report: Report,
  { stages = [anyPart], cors }: Pick<Reader, "stages" | "cors">,
): Json | undefined {
  const policy = document[policyKey];
  if (policy === undefined) return undefined;
  if (!isObject(policy)) {
    report([policyKey], "must be a policy, an object", Array.isArray(policy) ? "a list" : policy);
    return undefined;
  }
  for (const key of Object.keys(policy))
    if (!["Version", "Id", "Statement"].includes(key))
      report([policyKey, key], "must be Version, Id or Statement: a policy has nothing else");
  if (policy["Version"] !== version)
    report([policyKey, "Version"], `must be "${version}"`, policy["Version"] ?? null);
  const given = policy["Statement"];
  const list = listOf(given);
  if (given === undefined || list.length === 0 || !list.every(isObject)) {
    report([policyKey, "Statement"], "must be a statement, or a list of one or more");
    return undefined;
  }
  const placeOf = (index: number): FieldPath =>
    Array.isArray(given) ? [policyKey, "Statement", index] : [policyKey, "Statement"];
  const statements = list.map((one, index) => statementOf(asObject(one), index, placeOf(index), report));
  checkSids(list as Json[], placeOf, report);
  checkAllowances(statements, routes, placeOf, report);
  const open = [...routes.filter((route) => !isGuarded(route)), ...preflightRoutes({ routes, cors })];
  checkReach(statements, open, stages, report);
  return { ...policy, Statement: list };
}

function statementOf(statement: Json, index: number, place: FieldPath, report: Report): Statement {
  for (const key of Object.keys(statement)) {
    if (elements.includes(key)) continue;
    const message = /^Not(Principal|Action|Resource)$/.test(key)
      ? `must not be given: name what it is about with '${key.slice(3)}', so that it can be checked whom it admits`
      : `must be one of ${elements.join(", ")}`;
    report([...place, key], message);
  }
  const { Effect, Principal, Action, Resource, Condition } = statement;
  if (Effect !== "Allow" && Effect !== "Deny")
    report([...place, "Effect"], 'must be "Allow" or "Deny"', Effect ?? null);
  for (const action of texts(Action))
    if (!actions.includes(String(action).toLowerCase()))
      report([...place, "Action"], "must be execute-api:Invoke, execute-api:* or *", action);
  const principals = isObject(Principal) ? Object.values(Principal).flatMap(texts) : texts(Principal);
  if (
    principals.some((one) => typeof one !== "string") ||
    (!isObject(Principal) && principals.join() !== "*")
  )
    report(
      [...place, "Principal"],
      'must be "*", or an object such as { "AWS": "arn:..." }',
      Principal ?? null,
    );
  if (Condition !== undefined && !Object.values(asObject(Condition)).every(isObject))
    report([...place, "Condition"], "must be an object of operators, each an object of keys", Condition);
  const requests = texts(Resource).map((one) => requestsIn(one));
  if (requests.some((one) => one === undefined))
    report(
      [...place, "Resource"],
      "must be *, or begin with execute-api:/ or with arn: and have the form arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>",
      Resource ?? null,
    );
  return {
    index,
    effect: Effect,
    isForEverybody: principals.includes("*"),
    requests: requests.filter((one) => one !== undefined),
  };
}

/** `execute-api:/dev/*` gives `dev/*`. @returns nothing for what is no resource of an API */
function requestsIn(resource: unknown): string | undefined {
  if (resource === "*") return "*";
  const [, requests] =
    /^(?:execute-api:|arn:[^:/]*:execute-api:[^:/]*:[^:/]*:[^:/]*)\/(.+)$/.exec(String(resource)) ?? [];
  return requests;
}

/** AWS wants them to differ. */
function checkSids(statements: readonly Json[], placeOf: (index: number) => FieldPath, report: Report): void {
  const seen = new Set<unknown>();
  for (const [index, { Sid }] of statements.entries()) {
    if (Sid === undefined) continue;
    const place = [...placeOf(index), "Sid"];
    if (seen.has(Sid)) report(place, "must be a Sid that no other statement has", Sid);
    if (typeof Sid !== "string" || Sid.startsWith(ownPolicySid))
      report(
        place,
        `must be text that does not begin with ${ownPolicySid}, which the project's own has`,
        Sid,
      );
    seen.add(Sid);
  }
}

/**
 * What a policy allows to everybody, IAM and an authorizer no longer decide: allowed is also whom they do not name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
function checkAllowances(
  statements: readonly Statement[],
  routes: readonly Route[],
  placeOf: (index: number) => FieldPath,
  report: Report,
): void {
  const guarded = routes.filter(isGuarded);
  for (const { index, effect, isForEverybody, requests } of statements) {
    if (effect !== "Allow" || !isForEverybody) continue;
    const opened = guarded.find((route) => requests.some((one) => overlap(one, requestOf(route, anyPart))));
    if (opened === undefined) continue;
    report(
      [...placeOf(index), "Resource"],
      `must not allow ${opened.method} ${opened.path} to everybody: AWS_IAM or the authorizer of the route would no ` +
        "longer decide alone; leave the route out, and what is to be refused to Deny",
    );
  }
}

/** A policy closes each route that it does not allow, but those that IAM or an authorizer guards. */
function checkReach(
  statements: readonly Statement[],
  open: readonly RoutePattern[],
  stages: readonly string[],
  report: Report,
): void {
  const allowed = statements
    .filter(({ effect, isForEverybody }) => effect === "Allow" && isForEverybody)
    .flatMap(({ requests }) => requests);
  const closed = open.flatMap((route) =>
    stages
      .filter((stage) => !allowed.some((one) => overlap(one, requestOf(route, stage))))
      .map((stage) => ({ ...route, stage })),
  );
  const [first, ...others] = closed;
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `, and ${others.length} more of the kind`;
  const at = first.stage === anyPart ? "" : ` of the stage ${first.stage}`;
  report(
    [policyKey, "Statement"],
    `must allow ${first.method} ${first.path}${at}${more}: a route that no statement allows to everybody could not be called`,
  );
}

function requestOf({ method, path }: RoutePattern, stage: string): string {
  const parts = path.replace(/\{[^}]*\+\}/g, "*").replace(/\{[^}]*\}/g, anyPart);
  return `${stage}/${method === "ANY" ? anyPart : method}${parts}`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Of a field that must be there: nothing counts as one that is no text. */
function texts(value: unknown): readonly unknown[] {
  const all = listOf(value);
  return all.length === 0 ? [undefined] : all;
}
