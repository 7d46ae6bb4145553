import { join, relative, sep } from "node:path";
import { shifted } from "./source-map-columns";

/** Where packages are on this machine, and where they belong in the project. */
export interface PackagesPlace {
  /** Absolute path of the folder that holds `node_modules`. */
  readonly home: string;
  /** Absolute path of the folder that `node_modules` belongs in. */
  readonly here: string;
}

/**
 * esbuild writes the paths of what it bundles into the bundle, relative to the project. Those of packages are told as
 * if they stood where they belong, so that a bundle is the same on every machine.
 */
export class ToldPaths {
  private readonly renames: readonly (readonly [string, string])[];

  constructor(project: string, places: readonly PackagesPlace[]) {
    const told = (folder: string) => relative(project, join(folder, "node_modules")).replaceAll(sep, "/");
    this.renames = places.map(({ home, here }) => [`${told(home)}/`, `${told(here)}/`] as const);
  }

  /** A path, or a text with paths in it. */
  in(text: string): string {
    return this.renames.reduce((all, [from, to]) => all.replaceAll(from, to), text);
  }

  /**
   * The source map of a bundle: its paths, and its columns behind the paths in the bundle.
   *
   * @param code the bundle as esbuild made it
   */
  inSourceMap(text: string, code: string): string {
    if (this.renames.every(([from]) => !code.includes(from))) return this.in(text);
    const { mappings } = JSON.parse(text) as { mappings: string };
    const lines = code.split("\n");
    const right = mappings.split(";").map((line, index) => shifted(line, this.shifts(lines[index] ?? "")));
    // What is in quotes here is the same text there: the names of the fields stand in no other one.
    return this.in(text.replace(JSON.stringify(mappings), () => JSON.stringify(right.join(";"))));
  }

  /** The columns of a line from which on all is shifted, and by how many. */
  private shifts(line: string): readonly (readonly [number, number])[] {
    return this.renames.flatMap(([from, to]) =>
      [...line.matchAll(new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "g"))].map(
        ({ index }) => [index + from.length, to.length - from.length] as const,
      ),
    );
  }
}
