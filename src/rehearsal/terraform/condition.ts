/**
 * Terraform's expressions, as far as conditions use them: https://developer.hashicorp.com/terraform/language/expressions
 * What is not known here is refused when it is read, so that nothing is guessed.
 */

/** The value of an attribute of the block at an address. */
export type AttributeOf = (address: string, attribute: string) => unknown;

/** An expression, or a function, that is not known here. */
export class Unknown extends Error {}

/** An expression that has no value: `try` and `can` ask for it. */
class Failure extends Error {}

type Scope = ReadonlyMap<string, unknown>;
type Expression = (scope: Scope) => unknown;
type Operator = (a: unknown, b: unknown) => unknown;

/** The value of a text with expressions: of one that is nothing else, the expression's. @throws {Unknown} */
export function evaluateText(text: string, attributeOf: AttributeOf): unknown {
  const reader = new Reader(text, attributeOf);
  return reader.template("")(new Map());
}

const functions: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
  length: (value) => {
    if (typeof value === "string") return [...value].length;
    if (typeof value !== "object" || value === null) throw new Failure("length of what has none");
    return Array.isArray(value) ? value.length : Object.keys(value).length;
  },
  join: (separator, list) => listOf(list).map(textOf).join(textOf(separator)),
  jsondecode: (text) => {
    try {
      return JSON.parse(textOf(text));
    } catch {
      throw new Failure("this is no JSON");
    }
  },
  timecmp: (a, b) => Math.sign(timeOf(a) - timeOf(b)),
  tonumber: (value) => {
    const number = typeof value === "number" ? value : Number(textOf(value) || "no number");
    if (Number.isNaN(number)) throw new Failure(`"${value}" is not a number`);
    return number;
  },
};

/** By how tightly they bind, the loosest first. */
const operators: readonly Readonly<Record<string, Operator>>[] = [
  // Before 1.12 Terraform asks both sides, also where the first one decides.
  { "||": (a, b) => [truthOf(a), truthOf(b)].includes(true) },
  { "&&": (a, b) => ![truthOf(a), truthOf(b)].includes(false) },
  { "==": (a, b) => a === b, "!=": (a, b) => a !== b },
  {
    "<=": (a, b) => numberOf(a) <= numberOf(b),
    ">=": (a, b) => numberOf(a) >= numberOf(b),
    "<": (a, b) => numberOf(a) < numberOf(b),
    ">": (a, b) => numberOf(a) > numberOf(b),
  },
];

class Reader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly attributeOf: AttributeOf,
  ) {}

  /** A text with expressions in it. @param end the sign after it, or nothing for the end of all */
  template(end: string): Expression {
    const parts: Expression[] = [];
    let plain = "";
    const keep = () => {
      const kept = plain;
      if (kept !== "") parts.push(() => kept);
      plain = "";
    };
    while (this.at < this.text.length && (end === "" || this.text[this.at] !== end)) {
      if (this.take("$${")) plain += "${";
      else if (this.take("${")) {
        keep();
        parts.push(this.expression());
        this.expect("}");
      } else if (this.text.startsWith("%{", this.at)) throw new Unknown("directives are not understood");
      else if (end !== "" && this.take("\\")) plain += unescaped(this.text[this.at++] ?? "");
      else plain += this.text[this.at++];
    }
    keep();
    const [only, ...others] = parts;
    if (only !== undefined && others.length === 0) return only;
    return (scope) => parts.map((part) => textOf(part(scope))).join("");
  }

  private expression(level = 0): Expression {
    const known = operators[level];
    if (known === undefined) return this.unary();
    let left = this.expression(level + 1);
    for (;;) {
      this.space();
      const sign = Object.keys(known).find((one) => this.text.startsWith(one, this.at));
      if (sign === undefined) return left;
      this.at += sign.length;
      const [a, b, does] = [left, this.expression(level + 1), known[sign] as Operator];
      left = (scope) => does(a(scope), b(scope));
    }
  }

  private unary(): Expression {
    this.space();
    if (this.text[this.at] !== "!" || this.text[this.at + 1] === "=") return this.primary();
    this.at++;
    const denied = this.unary();
    return (scope) => !truthOf(denied(scope));
  }

  private primary(): Expression {
    if (this.take("(")) {
      const inside = this.expression();
      this.expect(")");
      return inside;
    }
    if (this.take('"')) {
      const text = this.template('"');
      this.expect('"');
      return text;
    }
    if (this.take("[")) return this.list();
    const number = this.match(/\d+(\.\d+)?/y);
    if (number !== undefined) return () => Number(number);
    const name = this.name();
    if (name === "true" || name === "false") return () => name === "true";
    if (name === "null") return () => null;
    return this.take("(") ? this.attributes(this.call(name)) : this.traversal(name);
  }

  /** What is below a value: `.stops` */
  private attributes(of: Expression): Expression {
    const names: string[] = [];
    while (this.take(".")) names.push(this.name());
    return (scope) => below(of(scope), names);
  }

  private list(): Expression {
    if (this.match(/\s*for\s+/y) === undefined) {
      const items = this.items("]");
      return (scope) => items.map((item) => item(scope));
    }
    const variable = this.name();
    if (this.match(/\s*in\s+/y) === undefined) throw this.unknown();
    const source = this.expression();
    this.expect(":");
    const item = this.expression();
    const holds = this.match(/\s*if\s+/y) === undefined ? () => true : this.expression();
    this.expect("]");
    return (scope) => {
      const each = listOf(source(scope)).map((value) => new Map(scope).set(variable, value));
      return each.filter((inner) => truthOf(holds(inner))).map((inner) => item(inner));
    };
  }

  private items(end: string): Expression[] {
    const items: Expression[] = [];
    for (this.space(); !this.take(end); this.space()) {
      items.push(this.expression());
      this.space();
      if (this.text[this.at] !== end) this.expect(",");
    }
    return items;
  }

  private call(name: string): Expression {
    const given = this.items(")");
    if (name === "can") return (scope) => given.every((one) => found(one, scope) !== undefined);
    if (name === "try")
      return (scope) => {
        for (const one of given) {
          const it = found(one, scope);
          if (it !== undefined) return it.value;
        }
        throw new Failure("no call of try succeeded");
      };
    const does = functions[name];
    if (does === undefined) throw new Unknown(`the function ${name} is not understood`);
    return (scope) => does(...given.map((one) => one(scope)));
  }

  /** A variable of a `for`, or an attribute of a block, and what is below it. */
  private traversal(first: string): Expression {
    const names = [first];
    while (this.take(".")) names.push(this.name());
    return (scope) => {
      if (scope.has(first)) return below(scope.get(first), names.slice(1));
      const length = first === "data" ? 3 : 2;
      const attribute = names[length];
      if (attribute === undefined) throw new Failure(`${names.join(".")} is no attribute`);
      return below(this.attributeOf(names.slice(0, length).join("."), attribute), names.slice(length + 1));
    };
  }

  private name(): string {
    const name = this.match(/\s*[A-Za-z_][\w-]*/y)?.trim();
    if (name === undefined) throw this.unknown();
    return name;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private space(): void {
    this.match(/\s*/y);
  }

  private take(sign: string): boolean {
    if (!this.text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  private expect(sign: string): void {
    this.space();
    if (!this.take(sign)) throw this.unknown();
  }

  private unknown(): Unknown {
    return new Unknown(`'${this.text.slice(this.at, this.at + 20)}' is not understood`);
  }
}

/** @returns nothing where it has no value */
function found(expression: Expression, scope: Scope): { readonly value: unknown } | undefined {
  try {
    return { value: expression(scope) };
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function below(value: unknown, names: readonly string[]): unknown {
  return names.reduce((one, name) => {
    if (typeof one !== "object" || one === null || !Object.hasOwn(one, name))
      throw new Failure(`there is no attribute ${name}`);
    return (one as Record<string, unknown>)[name];
  }, value);
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Failure("this is no list");
  return value;
}

function textOf(value: unknown): string {
  if (typeof value === "object" || value === undefined) throw new Failure("this is no text");
  return String(value);
}

function truthOf(value: unknown): boolean {
  if (typeof value !== "boolean") throw new Failure("this is neither true nor false");
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== "number") throw new Failure("this is no number");
  return value;
}

/** https://developer.hashicorp.com/terraform/language/functions/timecmp */
function timeOf(value: unknown): number {
  const text = textOf(value);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = Date.parse(text);
  if (!isTime || Number.isNaN(time)) throw new Failure(`"${text}" is no time`);
  return time;
}

function unescaped(sign: string): string {
  return { n: "\n", t: "\t", r: "\r" }[sign] ?? sign;
}
