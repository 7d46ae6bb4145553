import { posix } from "node:path";
import type { Layer } from "../schema/code";

/** A layer of the project: the stack makes one for each function that names it. */
export interface ProjectLayer {
  /** Its name among the function's layers. */
  readonly name: string;
  /** Its name in AWS. */
  readonly awsName: string;
  /** A folder or zip file, relative to the project. */
  readonly path: string;
}

/** By which two layers of a function are one: without the version of an ARN, and the last part of a path. */
export function nameOfLayer(layer: Layer): string {
  if (typeof layer === "string") return layer.slice(0, layer.lastIndexOf(":"));
  return posix.basename(layer.path).replace(/\.zip$/, "");
}

/**
 * Those of a function's layers that are part of the project.
 *
 * @param folder that of the function, relative to the project
 * @param ownName the function's, which the names of its layers begin with
 */
export function projectLayersOf(layers: readonly Layer[], folder: string, ownName: string): ProjectLayer[] {
  return layers.flatMap((layer) => {
    if (typeof layer === "string") return [];
    const name = nameOfLayer(layer);
    return [{ name, awsName: `${ownName}-${name}`, path: posix.join(folder, layer.path) }];
  });
}
