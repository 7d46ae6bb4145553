/** The value of a metric, or of an expression, in a period. @default - there is no data */
export type Value = number | undefined;

/** An expression of CloudWatch's metric math, as a function of the metrics' values. */
export type MetricMath = (read: (id: string) => Value) => Value;

const infix: readonly Readonly<Record<string, (a: number, b: number) => Value>>[] = [
  { OR: (a, b) => Number(a !== 0 || b !== 0) },
  { AND: (a, b) => Number(a !== 0 && b !== 0) },
  {
    "<=": (a, b) => Number(a <= b),
    ">=": (a, b) => Number(a >= b),
    "<": (a, b) => Number(a < b),
    ">": (a, b) => Number(a > b),
    "==": (a, b) => Number(a === b),
    "!=": (a, b) => Number(a !== b),
  },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => (b === 0 ? undefined : a / b) },
];

/**
 * Reads an expression of numbers, ids, arithmetic, comparisons, AND, OR, IF(condition, then, else) and FILL(value, other).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 *
 * What is computed of missing data is missing, and so is what is divided by 0.
 *
 * @returns nothing where it has something else
 */
export function parseMetricMath(text: string): MetricMath | undefined {
  const tokens = [...text.matchAll(/\s*([a-zA-Z_]\w*|\d+(?:\.\d+)?|[<>=!]=|[-+*/<>(),]|\S)/g)].map(
    ([, token = ""]) => token,
  );
  let next = 0;
  try {
    const math = level(0);
    return next === tokens.length ? math : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }

  function take(expected?: string): string {
    const token = tokens[next++];
    if (token === undefined || (expected !== undefined && token !== expected)) throw new Unreadable();
    return token;
  }

  function level(depth: number): MetricMath {
    const operators = infix[depth];
    if (operators === undefined) return operand();
    let left = level(depth + 1);
    for (let operator = operators[tokens[next] ?? ""]; operator; operator = operators[tokens[next] ?? ""]) {
      next++;
      left = both(left, level(depth + 1), operator);
    }
    return left;
  }

  function operand(): MetricMath {
    const token = take();
    if (token === "(") {
      const inner = level(0);
      take(")");
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (token === "IF") return condition();
    if (token === "FILL") return filled();
    if (!/^[a-z]\w*$/.test(token)) throw new Unreadable();
    return (read) => read(token);
  }

  function condition(): MetricMath {
    take("(");
    const test = level(0);
    take(",");
    const then = level(0);
    take(",");
    const otherwise = level(0);
    take(")");
    return (read) => {
      const value = test(read);
      if (value === undefined) return undefined;
      return value === 0 ? otherwise(read) : then(read);
    };
  }

  function filled(): MetricMath {
    take("(");
    const value = level(0);
    take(",");
    const other = level(0);
    take(")");
    return (read) => value(read) ?? other(read);
  }
}

function both(left: MetricMath, right: MetricMath, operator: (a: number, b: number) => Value): MetricMath {
  return (read) => {
    const [a, b] = [left(read), right(read)];
    return a === undefined || b === undefined ? undefined : operator(a, b);
  };
}

class Unreadable extends Error {}
