import type { FieldPath } from "../problem";

/** What a check finds in a release file: a problem that does not know its file and position yet. */
export interface Finding {
  /** Path of the field: `["canary", "percent"]`. */
  readonly field: FieldPath;
  /** What the field must be, without its name. */
  readonly message: string;
  readonly value?: unknown;
}
