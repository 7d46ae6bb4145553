import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toolkit } from "../release/aws/toolkit";
import { findProject } from "../release/files/project";
import type { Cli } from "./verb";

export function addSynth({ program, end }: Cli): void {
  program
    .command("synth")
    .description(
      `check every release file, and write the stacks, as '${toolkit.name} synth' does without its banner`,
    )
    .action(async () => {
      const { synthesize, SynthesisFailed } = await import("../synth/synthesize.js");
      try {
        const output = synthesize(findProject());
        const { stacks } = JSON.parse(readFileSync(join(output, "manifest.json"), "utf8"));
        console.log(`synthesized ${Object.keys(stacks).join(", ")}`);
      } catch (error) {
        if (!(error instanceof SynthesisFailed)) throw error;
        // It has printed why: something was found.
        end(1);
      }
    });
}
