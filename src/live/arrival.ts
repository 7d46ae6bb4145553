import { AwsError } from "./aws-error";

/**
 * What to throw for a call that changes something and has failed: where its answer was lost, it may have been done.
 *
 * @param found what is known of it, and what to do: `but the stage dev has not moved by now`
 */
export function mayHaveArrived(error: unknown, found: string): unknown {
  if (!(error instanceof AwsError && error.passing === "lost")) return error;
  const message = `${error.message}. AWS may have received the call, ${found}`;
  return new AwsError(error.code, message, error.passing, { cause: error });
}
