/** A pattern of EventBridge, Lambda's event filters or SNS: fields, and the values that they may have. */
export type Pattern = Readonly<Record<string, unknown>>;

type Operator = readonly [
  does: (operand: unknown, value: unknown) => boolean,
  sample: (operand: unknown) => unknown,
];

const isText = (value: unknown): value is string => typeof value === "string";

/** What a rule may say beside a value: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const operators: Readonly<Record<string, Operator>> = {
  prefix: [(start, value) => isText(value) && value.startsWith(String(start)), String],
  suffix: [(end, value) => isText(value) && value.endsWith(String(end)), String],
  "equals-ignore-case": [
    (text, value) => isText(value) && value.toLowerCase() === String(text).toLowerCase(),
    String,
  ],
  wildcard: [
    (text, value) => isText(value) && anyText(String(text)).test(value),
    (text) => String(text).replaceAll("*", ""),
  ],
  exists: [(wanted, value) => (value !== undefined) === wanted, (wanted) => (wanted ? "sample" : undefined)],
  "anything-but": [
    (others, value) => value !== undefined && ![others].flat().some((other) => fits(other, value)),
    () => "sample",
  ],
  numeric: [
    (ranges, value) => typeof value === "number" && rangesOf(ranges).every(([is, limit]) => is(value, limit)),
    (ranges) => inRange(rangesOf(ranges).map(([, limit]) => limit)),
  ],
};

function anyText(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "=": (value, limit) => value === limit,
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

function rangesOf(ranges: unknown): (readonly [(value: number, limit: number) => boolean, number])[] {
  const parts = [ranges].flat();
  return parts.flatMap((part, index) => {
    const is = comparisons[String(part)];
    return index % 2 === 0 && is !== undefined ? [[is, Number(parts[index + 1])] as const] : [];
  });
}

/** Between two limits; beside one nobody knows on which side, so the limit and both its neighbours are tried. */
function inRange([low = 0, high]: readonly number[]): number {
  return high === undefined ? low : (low + high) / 2;
}

/** @throws on what is not known here, so that no event is dropped or played wrongly */
export function checkPattern(whose: string, pattern: unknown): void {
  if (Array.isArray(pattern)) {
    for (const rule of pattern) checkRule(whose, rule);
    return;
  }
  for (const [field, wanted] of Object.entries((pattern ?? {}) as Pattern)) {
    if (field === "$or") for (const one of [wanted].flat()) checkPattern(whose, one);
    else checkPattern(whose, wanted);
  }
}

function checkRule(whose: string, rule: unknown): void {
  if (typeof rule !== "object" || rule === null) return;
  const [[name = "", operand] = []] = Object.entries(rule);
  const isKnown = operators[name] !== undefined && Object.keys(rule).length === 1;
  const isNested =
    isKnown && name !== "anything-but" && typeof operand === "object" && !Array.isArray(operand);
  if (!isKnown || isNested || (name === "numeric" && !isNumeric(operand)))
    throw new Error(`${whose}: the rehearsal does not know the filter rule ${JSON.stringify(rule)}`);
  if (name === "anything-but") for (const other of [operand].flat()) checkRule(whose, other);
}

function isNumeric(operand: unknown): boolean {
  return Array.isArray(operand) && operand.length > 0 && rangesOf(operand).length * 2 === operand.length;
}

/** Whether a value has every field as a pattern wants it. */
export function matchesPattern(pattern: Pattern, value: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === "$or") return [wanted].flat().some((one) => matchesPattern(one as Pattern, value));
    const found = (value as Pattern | null | undefined)?.[field];
    if (Array.isArray(wanted)) return isOneOf(wanted, found);
    // Of a list of objects one must fit as a whole.
    const all = Array.isArray(found) ? found : [found];
    return all.some((one) => (one === undefined || isObject(one)) && matchesPattern(wanted as Pattern, one));
  });
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isOneOf(rules: readonly unknown[], found: unknown): boolean {
  const values =
    Array.isArray(found) && found.length > 0 ? found : [Array.isArray(found) ? undefined : found];
  return rules.some((rule) => values.some((value) => fits(rule, value)));
}

function fits(rule: unknown, value: unknown): boolean {
  if (typeof rule !== "object" || rule === null) return rule === value;
  const [[name = "", operand] = []] = Object.entries(rule);
  return operators[name]?.[0](operand, value) === true;
}

/** A value that a pattern matches, of the first rule of each field. @returns nothing where such a value does not fit */
export function sampleOf(pattern: Pattern): Pattern | undefined {
  const sample = sampled(pattern);
  return matchesPattern(pattern, sample) ? sample : undefined;
}

function sampled(pattern: Pattern): Pattern {
  const fields = Object.entries(pattern).flatMap(([field, wanted]): [string, unknown][] => {
    if (field === "$or") return Object.entries(sampled([wanted].flat()[0] as Pattern));
    return [[field, Array.isArray(wanted) ? sampleOfRules(wanted) : sampled(wanted as Pattern)]];
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function sampleOfRules(rules: readonly unknown[]): unknown {
  const [rule] = rules;
  if (typeof rule !== "object" || rule === null) return rule;
  const [[name = "", operand] = []] = Object.entries(rule);
  const sample = operators[name]?.[1](operand);
  if (typeof sample !== "number") return sample;
  return [sample, sample + 1, sample - 1].find((one) => fits(rule, one)) ?? sample;
}
