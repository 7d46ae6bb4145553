import { findProject } from "../release/files/project";
import { table } from "../terminal/table";
import type { Cli } from "./verb";

export function addDoctor({ program, end }: Cli): void {
  program
    .command("doctor")
    .description("check whether this machine and project fit, and print what to do")
    .option("--json", "for scripts", false)
    .action(async ({ json }) => {
      const { diagnose } = await import("../setup/doctor.js");
      const found = diagnose(findProject());
      if (json) console.log(JSON.stringify(found));
      else {
        console.log(
          table(
            ["", "found", ""],
            found.map(({ what, found, isFine }) => [what, found, isFine ? "ok" : "does not fit"]),
          ),
        );
        const remedies = found.flatMap(({ what, remedy, isFine }) => (isFine ? [] : [`${what}: ${remedy}`]));
        if (remedies.length > 0) console.log(`\n${remedies.join("\n")}`);
      }
      if (found.some(({ isFine }) => !isFine)) end(1);
    });
}
