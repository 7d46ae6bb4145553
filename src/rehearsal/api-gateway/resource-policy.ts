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
  /** ARNs and numbers of accounts. @default - everybody */
  readonly principals?: readonly string[];
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
  const reader = new PolicyReader("the resource policy", executionArn);
  return reader.statements(JSON.parse(text)).map(({ Principal, ...statement }, index) => {
    const principals =
      isObject(Principal) && Object.keys(Principal).join() === "AWS" ? Principal["AWS"] : Principal;
    const place = `Statement.${index}`;
    if (listOf(principals).includes("*")) return reader.statement(statement, place);
    const isNamed = principals !== Principal && listOf(principals).every((one) => typeof one === "string");
    if (!isNamed) throw reader.unknownPart(`${place}.Principal`, Principal);
    return { ...reader.statement(statement, place), principals: listOf(principals).map(String) };
  });
}

/**
 * The policy that an authorizer's function gives for one caller: its statements name none.
 *
 * @throws on what the rehearsal does not know
 */
export function parseAuthorizerPolicy(document: Json, executionArn: string): ResourcePolicy {
  const reader = new PolicyReader("the authorizer's policy", executionArn);
  return reader
    .statements(document)
    .map((statement, index) => reader.statement(statement, `Statement.${index}`));
}

class PolicyReader {
  /** @param whose names the policy in errors */
  constructor(
    private readonly whose: string,
    private readonly executionArn: string,
  ) {}

  statements({ Version, Id, Statement, ...unknown }: Json): Json[] {
    const [other] = Object.keys(unknown);
    if (other !== undefined) throw this.unknownPart(other);
    return listOf(Statement) as Json[];
  }

  statement({ Sid, Effect, Action, Resource, Condition, ...unknown }: Json, place: string): Statement {
    const [other] = Object.keys(unknown);
    if (other !== undefined) throw this.unknownPart(`${place}.${other}`);
    if (Effect !== "Allow" && Effect !== "Deny") throw this.unknownPart(`${place}.Effect`, Effect);
    for (const action of listOf(Action)) {
      // IAM does not tell small letters from capitals here.
      if (!["execute-api:invoke", "execute-api:*", "*"].includes(String(action).toLowerCase()))
        throw this.unknownPart(`${place}.Action`, action);
    }
    return {
      effect: Effect,
      resources: listOf(Resource).map((resource) => {
        const pattern = String(resource).replace(/^execute-api:(?=\/)/, this.executionArn);
        if (pattern !== "*" && !pattern.startsWith("arn:"))
          throw this.unknownPart(`${place}.Resource`, resource);
        return pattern;
      }),
      conditions: this.conditions((Condition ?? {}) as Json, `${place}.Condition`),
    };
  }

  private conditions(operators: Json, place: string): Condition[] {
    return Object.entries(operators).flatMap(([operator, keys]) => {
      if (operator !== "IpAddress" && operator !== "NotIpAddress")
        throw this.unknownPart(`${place}.${operator}`);
      return Object.entries(keys as Json).map(([key, values]) => {
        const at = `${place}.${operator}.${key}`;
        if (key.toLowerCase() !== "aws:sourceip") throw this.unknownPart(at);
        return { ranges: addressRanges(listOf(values).map(String), at), isNot: operator === "NotIpAddress" };
      });
    });
  }

  unknownPart(place: string, value?: unknown): Error {
    const given = value === undefined ? "" : ` ${JSON.stringify(value)}`;
    return new Error(`the rehearsal does not know ${this.whose}'s '${place}'${given}`);
  }
}

/** What a policy says to a request: a denial goes before an allowance, and without either it is not admitted. */
export type Decision = "allowed" | "denied" | "not allowed";

/**
 * @param requestArn `<execution arn>/<stage>/<METHOD>/<path>`
 * @param address the caller's
 * @param userArn who signed the request. @default - nobody did
 */
export function decide(
  policy: ResourcePolicy,
  requestArn: string,
  address: string,
  userArn?: string,
): Decision {
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  const applying = policy.filter(
    ({ principals, resources, conditions }) =>
      (principals === undefined || principals.some((one) => isOf(one, userArn))) &&
      resources.some((pattern) => matchesWildcard(pattern, requestArn)) &&
      conditions.every(({ ranges, isNot }) => ranges.check(address, family) !== isNot),
  );
  if (applying.some(({ effect }) => effect === "Deny")) return "denied";
  return applying.length > 0 ? "allowed" : "not allowed";
}

/**
 * Whether a principal is a caller: by the ARN, as its account, or as the role of its session.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function isOf(principal: string, userArn: string | undefined): boolean {
  if (userArn === undefined) return false;
  const [, partition, , , account] = userArn.split(":");
  const [, role] = /:assumed-role\/(.+)\/[^/]+$/.exec(userArn) ?? [];
  const names = [userArn, account, `arn:${partition}:iam::${account}:root`];
  // A session's ARN has no path of its role.
  const isRole =
    role !== undefined &&
    principal.startsWith(`arn:${partition}:iam::${account}:role/`) &&
    principal.endsWith(`/${role}`);
  return isRole || names.includes(principal);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}
