/** One of the six fields of a cron expression. */
interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of the values, the least first. @default - numbers alone */
  readonly names?: readonly string[];
  /** What may stand in place of a value. @default - nothing */
  readonly other?: RegExp;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
const fields: readonly CronField[] = [
  { name: "minutes", least: 0, most: 59 },
  { name: "hours", least: 0, most: 23 },
  { name: "day of month", least: 1, most: 31, other: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  {
    name: "month",
    least: 1,
    most: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  {
    name: "day of week",
    least: 1,
    most: 7,
    names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    other: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/,
  },
  { name: "year", least: 1970, most: 2199 },
];

/**
 * What EventBridge would refuse of a cron expression: `hours must be 0 to 23`.
 *
 * @param expression `cron(0 6 * * ? *)`, with six fields
 * @returns nothing where it is valid
 */
export function cronFault(expression: string): string | undefined {
  const given = expression.slice("cron(".length, -1).split(" ");
  for (const [index, field] of fields.entries()) {
    if (!(given[index] ?? "").split(",").every((one) => isOf(field, one)))
      return `${field.name} must be ${allowed(field)}`;
  }
  return undefined;
}

/** A value, a range, or either with a step. */
function isOf(field: CronField, given: string): boolean {
  if (field.other?.test(given)) return true;
  const [values = "", step, ...more] = given.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (values === "*") return true;
  const ends = values.split("-");
  return ends.length <= 2 && ends.every((end) => isValue(field, end));
}

function isValue({ least, most, names }: CronField, given: string): boolean {
  if (names?.includes(given)) return true;
  return /^\d{1,4}$/.test(given) && Number(given) >= least && Number(given) <= most;
}

function allowed({ least, most, names }: CronField): string {
  return `${least} to ${most}${names === undefined ? "" : `, ${names[0]} to ${names.at(-1)}`}`;
}
