import { type BlockList, isIPv6 } from "node:net";
import { matchesWildcard } from "../wildcard";
import { addressRanges } from "./address-ranges";

/**
 * An API's resource policy: who may call which routes. A part of it that is not known is refused: it may change
 * whom the API admits.
 */
export type ResourcePolicy = readonly Statement[];

interface Statement {
  readonly effect: "Allow" | "Deny";
  /** ARNs of requests, with wildcards. */
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Whether the caller's address is in the ranges, or with `isNot` outside them. */
interface Condition {
  readonly ranges: BlockList;
  readonly isNot: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * @param executionArn the API's: `execute-api:/dev/*` is short for `<execution arn>/dev/*`
 * @throws on what the rehearsal does not know
 */
export function parseResourcePolicy(text: string, executionArn: string): ResourcePolicy {
  const { Version, Id, Statement, ...unknown } = JSON.parse(text) as Json;
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw unknownPart(other);
  return listOf(Statement).map((one, index) =>
    parseStatement(one as Json, `Statement.${index}`, executionArn),
  );
}

function parseStatement(statement: Json, place: string, executionArn: string): Statement {
  const { Sid, Effect, Principal, Action, Resource, Condition, ...unknown } = statement;
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw unknownPart(`${place}.${other}`);
  if (Effect !== "Allow" && Effect !== "Deny") throw unknownPart(`${place}.Effect`, Effect);
  const principals =
    isObject(Principal) && Object.keys(Principal).join() === "AWS" ? Principal["AWS"] : Principal;
  if (listOf(principals).join() !== "*") throw unknownPart(`${place}.Principal`, Principal);
  for (const action of listOf(Action)) {
    if (!["execute-api:Invoke", "execute-api:*", "*"].includes(String(action)))
      throw unknownPart(`${place}.Action`, action);
  }
  return {
    effect: Effect,
    resources: listOf(Resource).map((resource) => {
      const pattern = String(resource).replace(/^execute-api:(?=\/)/, executionArn);
      if (pattern !== "*" && !pattern.startsWith("arn:")) throw unknownPart(`${place}.Resource`, resource);
      return pattern;
    }),
    conditions: parseConditions((Condition ?? {}) as Json, `${place}.Condition`),
  };
}

function parseConditions(operators: Json, place: string): Condition[] {
  return Object.entries(operators).flatMap(([operator, keys]) => {
    if (operator !== "IpAddress" && operator !== "NotIpAddress") throw unknownPart(`${place}.${operator}`);
    return Object.entries(keys as Json).map(([key, values]) => {
      const at = `${place}.${operator}.${key}`;
      if (key.toLowerCase() !== "aws:sourceip") throw unknownPart(at);
      return { ranges: addressRanges(listOf(values).map(String), at), isNot: operator === "NotIpAddress" };
    });
  });
}

/** What a policy says to a request: a denial goes before an allowance, and without either it is not admitted. */
export type Decision = "allowed" | "denied" | "not allowed";

/**
 * @param requestArn `<execution arn>/<stage>/<METHOD>/<path>`
 * @param address the caller's
 */
export function decide(policy: ResourcePolicy, requestArn: string, address: string): Decision {
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  const applying = policy.filter(
    ({ resources, conditions }) =>
      resources.some((pattern) => matchesWildcard(pattern, requestArn)) &&
      conditions.every(({ ranges, isNot }) => ranges.check(address, family) !== isNot),
  );
  if (applying.some(({ effect }) => effect === "Deny")) return "denied";
  return applying.length > 0 ? "allowed" : "not allowed";
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function unknownPart(place: string, value?: unknown): Error {
  const given = value === undefined ? "" : ` ${JSON.stringify(value)}`;
  return new Error(`the rehearsal does not know the resource policy's '${place}'${given}`);
}
