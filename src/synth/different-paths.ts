import type { PackageFiles } from "./handler-files";

/** The paths of files that only one of two packages has, or that differ, in order. */
export function differentPaths(one: PackageFiles, other: PackageFiles): string[] {
  const paths = [...new Set([...one.keys(), ...other.keys()])].sort();
  return paths.filter((path) => {
    const [here, there] = [one.get(path), other.get(path)];
    return here === undefined || there === undefined || Buffer.compare(here, there) !== 0;
  });
}
