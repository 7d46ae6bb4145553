import type { Config } from "@jest/types";
import { startProvider } from "../support/provider-process";
import { canInstallArchiveProvider, installed } from "../support/terraform-providers";
import { AwsOfPlans } from "./aws-of-plans";
import { giveWorkers } from "./workers";

/** Starts an AWS provider and an AWS for each worker, or finds out that there is nothing to plan with. */
export default async function setup({ maxWorkers }: Config.GlobalConfig): Promise<void> {
  const withArchive = canInstallArchiveProvider();
  const found = installed(withArchive ? ["aws", "archive"] : ["aws"]);
  if ("folder" in found) {
    const { folder } = found;
    const workers = Array.from({ length: maxWorkers }, async () => ({
      variables: (await startProvider(folder)).variables,
      awsUrl: (await AwsOfPlans.start()).url,
    }));
    giveWorkers({ initialized: folder, withArchive, workers: await Promise.all(workers) });
    return;
  }
  const message = `PLAN TESTS SKIPPED: ${found.reason}`;
  if (process.env["CI"] !== undefined) throw new Error(message);
  const line = "!".repeat(Math.min(message.length, 100));
  process.stderr.write(`\n${line}\n${message}\n${line}\n\n`);
  process.env["PLANS_SKIPPED_BECAUSE"] = found.reason;
}
