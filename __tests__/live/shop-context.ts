import { readService } from "../../src/release/file";
import { formatProblem } from "../../src/release/problem";
import { filesOnDisk } from "../../src/release/project-files";
import type { ReleaseContext } from "../../src/release/release-context";
import { createProject, type Files } from "../support/project";

/** The shop of these files, read as the release command reads it. @throws when they have problems */
export function contextOf(files: Files): ReleaseContext {
  return readContext(createProject(files));
}

/** The shop of a project on disk. @throws when it has problems */
export function readContext(project: string): ReleaseContext {
  const { context, problems } = readService(filesOnDisk(project), "dev", "shop");
  if (context === undefined) throw new Error(problems.map(formatProblem).join("\n"));
  return context;
}
