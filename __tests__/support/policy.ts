import { matchesWildcard } from "../../src/rehearsal/wildcard";

export interface Policy {
  readonly Statement: readonly PolicyStatement[];
}

interface PolicyStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A call as IAM judges it. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  /** What the call tells of itself, by condition key. @default - nothing */
  readonly context?: Readonly<Record<string, string>>;
}

/** A call in a table of calls. */
export type Row = readonly [action: string, resource: string, context?: Record<string, string>];

/** Those of the calls that a policy by itself allows. */
export function judge(policy: Policy, rows: readonly Row[]): Row[] {
  return rows.filter(([action, resource, context]) => isAllowed(policy, { action, resource, context }));
}

/** Whether a policy by itself allows a call: one statement does, and none denies it. */
export function isAllowed({ Statement }: Policy, call: Call): boolean {
  const effects = Statement.filter((statement) => applies(statement, call)).map(({ Effect }) => Effect);
  return effects.includes("Allow") && !effects.includes("Deny");
}

function applies({ Action, Resource, Condition }: PolicyStatement, call: Call): boolean {
  return (
    [Action].flat().some((pattern) => matchesWildcard(pattern, call.action)) &&
    [Resource].flat().some((pattern) => matchesWildcard(pattern, call.resource)) &&
    Object.entries(Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, value]) =>
        [value].flat().some((one) => isMet(operator, call.context?.[key], one)),
      ),
    )
  );
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function isMet(operator: string, told: string | undefined, value: string | readonly string[]): boolean {
  // One of several values is enough.
  if (typeof value !== "string") return value.some((one) => isMet(operator, told, one));
  if (operator === "StringEquals") return told === value;
  // Both take wildcards.
  if (operator === "ArnLike" || operator === "ArnEquals")
    return told !== undefined && matchesWildcard(value, told);
  if (operator === "Null") return (told === undefined) === (value === "true");
  // All of none are as they must be.
  if (operator === "ForAllValues:StringEquals") return told === undefined || told === value;
  if (operator === "ForAllValues:StringLike") return told === undefined || matchesWildcard(value, told);
  throw new Error(`the condition operator ${operator} is not known here`);
}

/** A synthesized policy as it would be in an account of this partition. */
export function policyIn(json: string, partition = "aws"): Policy {
  return JSON.parse(
    json
      .replace(/\$\{data\.aws_partition\.[\w-]+\.partition\}/g, partition)
      .replace(/\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}/g, "111122223333"),
  );
}
