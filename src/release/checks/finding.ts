import type { FieldPath } from "../problem";

/** What a check finds in a release file: a problem that does not know its file and position yet. */
export interface Finding {
  readonly field: FieldPath;
  readonly message: string;
  readonly value?: unknown;
}
