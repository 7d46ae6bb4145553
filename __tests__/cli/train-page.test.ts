import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { createProject } from "../support/project";
import { release } from "../support/release-command";
import { train } from "../support/train";

const page = readFileSync(join(projectFolder, "docs/trains.md"), "utf8");
const blocks = [...page.matchAll(/<!-- train (.*) -->\n```text\n([^`]*)```/g)].map(
  ([, command = "", text = ""]) => [command, text] as const,
);
const environment = JSON.parse(/```json\n([^`]*)```/.exec(page)?.[1] ?? "");

test.each(blocks)(
  "docs/trains.md shows what '%s' prints, with its environment file",
  async (command, text) => {
    const project = createProject(train({ "releases/dev/environment.json": environment }));
    const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word = ""]) => quoted ?? word);
    const { stdout } = await release(project, args, { now: new Date("2026-11-27T10:30:00Z") });
    expect(stdout).toBe(text);
  },
);
