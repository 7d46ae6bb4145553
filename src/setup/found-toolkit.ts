import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cdktf, cdktn, type Toolkit, toolkit } from "../release/aws/toolkit";
import { manifestOf } from "../synth/installed-package";

/** Which toolkit a project has, cdktf or cdktn. */
export interface FoundToolkit {
  readonly found: string;
  /** What to do. @default - it is the one that this package is made for, and there is no other */
  readonly remedy?: string;
}

/** Compares what a project has with what this package is made for. The CLI of the other toolkit does no harm. */
export function foundToolkit(project: string): FoundToolkit {
  const has = packagesOf(project);
  const { name, ownPackage } = toolkit;
  const other = toolkit === cdktf ? cdktn : cdktf;
  const others = namesOf(other).filter(has);
  if (others.length === 0)
    return has(name) ? { found: name } : { found: "none", remedy: `npm install ${name}` };
  if (has(name))
    return {
      found: `${name}, and ${others.join(", ")}`,
      remedy: `npm uninstall ${others.join(" ")}; import "${name}", "${toolkit.awsProvider}" and "${ownPackage}" in their place`,
    };
  return {
    found: `${others.join(", ")}; ${ownPackage} is for ${name}`,
    remedy: `npm uninstall ${ownPackage}, and install ${other.ownPackage}${toolkit === cdktn ? "; or move the project to cdktn, as docs/moving-to-cdktn.md says" : ""}`,
  };
}

const namesOf = ({ name, awsProvider, archiveProvider, ownPackage }: Toolkit) => [
  name,
  awsProvider,
  archiveProvider,
  ownPackage,
];

/** By the project's package.json; where that names none of them, as in a workspace, by what is installed. */
function packagesOf(project: string): (name: string) => boolean {
  const file = join(project, "package.json");
  const { dependencies, devDependencies } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const asked = Object.keys({ ...dependencies, ...devDependencies });
  if ([cdktf, cdktn].flatMap(namesOf).some((name) => asked.includes(name)))
    return (name) => asked.includes(name);
  return (name) => manifestOf(join(project, "main.ts"), name) !== undefined;
}
