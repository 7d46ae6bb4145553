import { findProject } from "../release/files/project";
import type { Release } from "../release/release";
import type { Cli } from "./verb";

export function addReview({ program, now, end }: Cli): void {
  program
    .command("review")
    .description("compare the working tree with a commit, and Terraform's plans with both, in traffic terms")
    .requiredOption("--base <git ref>", "the branch to compare with: what is live")
    .option(
      "--plan <file...>",
      "what 'terraform show -json' prints of a stack's plan (default: no plan is checked)",
    )
    .option("--environment <name>", "one environment (default: all)")
    .option("--skip", "let a planned step, or its bake time, be skipped", false)
    .option("--json", "for scripts", false)
    .action(async (options) => {
      const { reviewCommand } = await import("../review/command.js");
      // The AWS SDK is loaded where AWS is asked.
      const liveShare = async (release: Release) =>
        (await import("../live/live-share.js")).readLiveShare(release);
      end(await reviewCommand(findProject(), options, now, liveShare));
    });
}
