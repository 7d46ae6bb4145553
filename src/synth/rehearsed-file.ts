import { readFileSync } from "node:fs";
import { type ProjectFiles, withText } from "../release/files/project-files";

/** Names a file with a `RehearsedFile`, in an app that a rehearsal starts. */
export const rehearsedVariable = "LAMBDA_RELEASE_REHEARSED_FILE";

/** A release file as a later step of the release has it. */
export interface RehearsedFile {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
}

/** The project's files, one of them as the rehearsal that started this app has it. */
export function asRehearsed(files: ProjectFiles): ProjectFiles {
  const given = process.env[rehearsedVariable];
  if (given === undefined || given === "") return files;
  const { path, text } = JSON.parse(readFileSync(given, "utf8")) as RehearsedFile;
  return withText(files, path, text);
}
