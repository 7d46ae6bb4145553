import { AwsError } from "./aws-error";

/** What was found where AWS was held against the files of a release. */
export interface Comparison {
  /** A line for each thing in which AWS is not as the files say. */
  readonly differences: readonly string[];
  /** What cannot be compared at all, such as the code of a version whose source is not here. */
  readonly unknown: readonly string[];
  /** What could not be compared this time, such as a call that the credentials may not make. */
  readonly troubles: readonly string[];
}

export const nothingCompared: Comparison = { differences: [], unknown: [], troubles: [] };

export function joined(parts: readonly Comparison[]): Comparison {
  return {
    differences: parts.flatMap(({ differences }) => differences),
    unknown: parts.flatMap(({ unknown }) => unknown),
    troubles: parts.flatMap(({ troubles }) => troubles),
  };
}

/**
 * Makes one comparison; a call that AWS refuses becomes a line, so that the others are still made.
 *
 * @param what is compared, for that line
 */
export async function compared(
  what: string,
  compare: () => Promise<Partial<Comparison>>,
): Promise<Comparison> {
  try {
    return { ...nothingCompared, ...(await compare()) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { ...nothingCompared, troubles: [`${what}: ${error.message}`] };
  }
}
