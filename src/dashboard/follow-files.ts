import { join } from "node:path";
import { SourceWatch } from "../rehearsal/source-watch";
import { outputFolder } from "../synth/output-folder";

/** How often what changes without a file is looked at: times, and commits. */
const pauseMs = 20_000;

/** Calls back when release files have changed, and every 20 seconds. */
export function followFiles(project: string, onChange: () => void): void {
  new SourceWatch(join(project, "releases"), outputFolder(project)).start(async () => onChange());
  setInterval(onChange, pauseMs);
}
