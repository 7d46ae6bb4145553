import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GitHub } from "./github";
import { reviewFile } from "./review";
import { writeComment } from "./sticky";

/**
 * Writes the reviews of all environments into the pull request's one comment.
 *
 * @param folder a folder for each environment, or none where nothing was reviewed
 */
export async function commentOn(github: GitHub, pullRequest: number, folder: string): Promise<void> {
  const environments = existsSync(folder) ? readdirSync(folder).sort() : [];
  const reviews = environments
    .map((environment) => join(folder, environment, reviewFile))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8").trim());
  const text = reviews.length > 0 ? reviews.join("\n\n") : undefined;
  await writeComment(github, pullRequest, text, "This pull request no longer changes a release.");
}
