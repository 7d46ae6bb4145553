import { readService } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { formatProblem } from "../../src/release/problem";
import type { Release } from "../../src/release/release";
import { createProject, type Files } from "../support/project";

/** The shop of these files, read as the release command reads it. @throws when they have problems */
export function releaseOf(files: Files): Release {
  return readShop(createProject(files));
}

/** The shop of a project on disk. @throws when it has problems */
export function readShop(project: string): Release {
  const { release, problems } = readService(filesOnDisk(project), "dev", "shop");
  if (release === undefined) throw new Error(problems.map(formatProblem).join("\n"));
  return release;
}
