/** A field that two versions do not have alike. */
export interface FieldDifference {
  /** `environment.TABLE` */
  readonly field: string;
  /** As JSON. @default - it has none */
  readonly from?: string;
  readonly to?: string;
}

/** The fields that differ, those of objects one by one, in the order of their names. */
export function fieldDifferences(before: unknown, after: unknown, field = ""): FieldDifference[] {
  if (isFields(before) && isFields(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) =>
      fieldDifferences(before[name], after[name], field === "" ? name : `${field}.${name}`),
    );
  }
  const [from, to] = [JSON.stringify(before), JSON.stringify(after)];
  return from === to ? [] : [{ field, from, to }];
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
