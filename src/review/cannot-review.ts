/** The review could not be made, and why, a line for each reason: no finding about the change itself. */
export class CannotReview extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join("\n"));
  }
}

export function cannotReview(...lines: string[]): never {
  throw new CannotReview(lines);
}
