import { createHash } from "node:crypto";

/** The account that a rehearsal plays. */
export const accountId = "123456789012";

/** Ids like API Gateway's, the same at every run: `seed` tells two things apart. */
export function generatedId(seed: string, length = 10): string {
  const digest = createHash("sha256").update(seed).digest();
  return [...digest.subarray(0, length)].map((byte) => (byte % 36).toString(36)).join("");
}
