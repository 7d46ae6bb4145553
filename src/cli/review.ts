import { findProject } from "../release/project";
import type { Cli } from "./verb";

export function addReview({ program, now, end }: Cli): void {
  program
    .command("review")
    .description(
      "hold the working tree against a commit, and Terraform's plans against both, in traffic terms",
    )
    .requiredOption("--base <git ref>", "what is live: the branch that this one goes into")
    .option(
      "--plan <file...>",
      "what 'terraform show -json' prints of a stack's plan (default: none is judged)",
    )
    .option("--environment <name>", "one environment (default: all)")
    .option("--skip", "let a planned step, or its bake time, be skipped", false)
    .option("--json", "for scripts", false)
    .action(async (options) => {
      const { reviewCommand } = await import("../review/command.js");
      end(await reviewCommand(findProject(), options, now));
    });
}
