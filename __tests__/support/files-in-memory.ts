import type { ProjectFiles } from "../../src/release/files/project-files";
import type { Files } from "./project";

/** Files of a project that stand nowhere. */
export function filesInMemory(files: Files): ProjectFiles {
  return {
    read(path) {
      const content = files[path];
      return typeof content === "object" ? JSON.stringify(content, null, 2) : content;
    },
    entries(folder) {
      const below = Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1).split("/"));
      const names = (found: string[][]) => [...new Set(found.map(([name = ""]) => name))].sort();
      return {
        files: names(below.filter((path) => path.length === 1)),
        folders: names(below.filter((path) => path.length > 1)),
      };
    },
  };
}
