import type { Problem } from "../problem";
import type { ProjectFiles } from "./project-files";

const root = "releases";
const environmentFileName = "environment.json";

/**
 * The services that an environment has release files of, in the order of their names. Whatever is named as a release
 * file counts, so that one that cannot be read is refused.
 */
export function servicesOf(files: ProjectFiles, environment: string): readonly string[] {
  return namesIn(files, `${root}/${environment}`)
    .filter((name) => name.endsWith(".json") && name !== environmentFileName)
    .map((name) => name.replace(/\.json$/, ""));
}

/**
 * What stands in releases/ and is not used. Names that begin with a dot, the backups of editors (`name~`, `#name#`)
 * and notes (`*.md`) may stand anywhere; the editors' schemas stand in releases/ itself.
 *
 * @param only one environment. @default - all, and releases/ itself
 */
export function strayProblems(files: ProjectFiles, only?: string): Problem[] {
  const { folders } = files.entries(root);
  const strays = only === undefined ? straysOfRoot(files) : [];
  const environments = only === undefined ? folders : [only];
  return [...strays, ...environments.flatMap((environment) => straysOf(files, environment))];
}

function straysOfRoot(files: ProjectFiles): Problem[] {
  const { folders, trouble } = files.entries(root);
  if (trouble !== undefined) return [{ file: root, field: [], message: trouble }];
  const strays = namesIn(files, root).filter(
    (name) => !folders.includes(name) && !isNote(name) && !name.endsWith(".schema.json"),
  );
  return strays.map((name) => {
    const message = name.endsWith(".json")
      ? `must be in an environment's folder, ${root}/<environment>/`
      : "must be an environment's folder; the only other files here are *.schema.json and *.md";
    return { file: `${root}/${name}`, field: [], message };
  });
}

function straysOf(files: ProjectFiles, environment: string): Problem[] {
  const folder = `${root}/${environment}`;
  const { folders, trouble } = files.entries(folder);
  if (trouble !== undefined) return [{ file: folder, field: [], message: trouble }];
  const strays = namesIn(files, folder).filter((name) => !name.endsWith(".json"));
  return strays
    .filter((name) => folders.includes(name) || !isNote(name))
    .map((name) => {
      const message = folders.includes(name)
        ? `must not be a folder: release files belong in ${folder}/ itself`
        : `must be named <service>.json; the only other files here are ${environmentFileName} and *.md`;
      return { file: `${folder}/${name}`, field: [], message };
    });
}

function namesIn(files: ProjectFiles, folder: string): string[] {
  const { folders, files: own, others = [] } = files.entries(folder);
  return [...folders, ...own, ...others].filter((name) => !isPassedOver(name)).sort();
}

function isPassedOver(name: string): boolean {
  return name.startsWith(".") || name.endsWith("~") || /^#.*#$/.test(name);
}

function isNote(name: string): boolean {
  return name.endsWith(".md");
}
