import { nameOnIndex } from "./requirements";

/**
 * What pip says of hashes, in one line with what to write. One hash in a requirements file makes pip ask for that of
 * every package: https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode
 *
 * @param output what pip printed
 * @returns nothing where it failed for another reason
 */
export function hashProblem(output: string): string | undefined {
  const lines = output.split("\n").map((line) => line.trim());
  if (output.includes("Hashes are required")) {
    const missing = lines.filter((line) => /^\S+ --hash=/.test(line));
    return `must give the hash of every package, because one has a hash: add ${missing.join(", ")}`;
  }
  if (output.includes("must have their versions pinned")) {
    const wheels = lines.flatMap((line) => {
      const [, name, version] = / from \S+\/([^/\s-]+)-([^/\s-]+)-[^/\s]*\.whl /.exec(line) ?? [];
      return name === undefined ? [] : [`${nameOnIndex(name)}==${version}`];
    });
    return `must pin all that is installed, also what its packages need, with hashes: add ${wheels.join(", ")}`;
  }
  if (output.includes("DO NOT MATCH THE HASHES")) {
    const [requirement] = lines.flatMap((line) => /^(\S+) from /.exec(line)?.[1] ?? []);
    const [got] = lines.flatMap((line) => /^Got +(\S+)$/.exec(line)?.[1] ?? []);
    return `must give the hash of what is installed: ${requirement} has sha256:${got}; if you did not change the version, the package may have been tampered with`;
  }
  return undefined;
}
