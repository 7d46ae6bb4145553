import { whyNotInstallable } from "../support/terraform-providers";

/** Finds out whether there is anything to plan with, before a test is defined. */
export default function setup(): void {
  const reason = whyNotInstallable("aws");
  if (reason === undefined) return;
  const message = `PLAN TESTS SKIPPED: ${reason}`;
  if (process.env["CI"] !== undefined) throw new Error(message);
  const line = "!".repeat(Math.min(message.length, 100));
  process.stderr.write(`\n${line}\n${message}\n${line}\n\n`);
  process.env["PLANS_SKIPPED_BECAUSE"] = reason;
}
