/** A field that is always there once a file is read with its defaults, though not every strategy's file has it. */
export function always<T extends object, F extends keyof T>(holder: T, field: F): NonNullable<T[F]> {
  const value = holder[field];
  if (value === undefined || value === null)
    throw new Error(`'${String(field)}' was read without its default`);
  return value;
}
