import "./testing-cdktf";
import { synthesizeTo } from "../../src/testing/synthesized";

/** Synthesizes a project into a folder as `main.ts` does. */
export async function synthesize(project: string, outdir: string): Promise<void> {
  await synthesizeTo(outdir, project);
}
