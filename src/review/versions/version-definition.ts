import { type Definition, definitionOf } from "../../release/definition/definition";
import { fingerprint } from "../../release/definition/fingerprint";
import { definitionIn } from "../../release/files/past-text";
import type { ReadRelease } from "../../release/files/project";
import { type ProjectFiles, withText } from "../../release/files/project-files";
import { readCommit } from "../git";
import { logOfFile } from "../git-log";

/**
 * Finds the API definitions that versions were published with. A release file has the definition of the newest one
 * alone, and of the others a fingerprint: git has the files that they were made of.
 *
 * @returns what finds a definition by its fingerprint, or `undefined` where neither the project nor git has it
 */
export function definitionFinder({
  files,
  project,
  path,
  release,
}: Pick<ReadRelease, "files" | "project" | "path" | "release">): (wanted: string) => Definition | undefined {
  const { service, environment } = release;
  const known = new Map<string, Definition>();
  const add = (definition: Definition | undefined) => {
    if (definition !== undefined) known.set(fingerprint(definition), definition);
  };
  add(definitionOf(undefined, service));
  add(definitionIn(files, environment.name, service));
  const past = pastFiles();
  return (wanted) => {
    while (!known.has(wanted)) {
      const next = past.next();
      if (next.done === true) return undefined;
      add(definitionIn(next.value, environment.name, service));
    }
    return known.get(wanted);
  };

  /** The project at each commit of the release file, the newest first. */
  function* pastFiles(): Generator<ProjectFiles> {
    for (const { id, text } of [...logOfFile(project, path).commits].reverse()) {
      if (text === undefined) continue;
      yield withText(files, path, text);
      // An OpenAPI document stands beside the release file, and has its own past.
      if (text.includes('"openapi"')) yield readCommit(project, id).files;
    }
  }
}
