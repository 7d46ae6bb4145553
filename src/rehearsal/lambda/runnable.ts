import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runtimeLanguage } from "../../release/functions/runtimes";
import { executableOf } from "../../synth/executable";
import type { FunctionVersion } from "./function";

/** Where the code of a version stands, and its layers. */
export interface Unpacked {
  readonly folder: string;
  /** What is in `/opt` in AWS. @default - it has no layers */
  readonly opt?: string;
}

/** A version of a function that this machine cannot run, though AWS would. */
export interface Skipped {
  readonly functionName: string;
  readonly version: string;
  readonly reason: string;
}

/** A line for each function and reason, with the versions that it holds for. */
export function skippedLines(skipped: readonly Skipped[]): string[] {
  const versions = new Map<string, string[]>();
  for (const { functionName, version, reason } of skipped) {
    const text = `cannot be run here, though it can in AWS: ${reason}`;
    const line = JSON.stringify([functionName, text]);
    versions.set(line, [...(versions.get(line) ?? []), ...(version === "$LATEST" ? [] : [version])]);
  }
  return [...versions].map(([line, of]) => {
    const [functionName, text] = JSON.parse(line);
    return `${functionName}${of.length > 0 ? ` version ${of.join(" and ")}` : ""} ${text}`;
  });
}

/** Why a version cannot be run here, as far as its settings tell. @returns nothing where they tell nothing */
export function refusalOfSettings(version: FunctionVersion): string | undefined {
  const { runtime, handler, environment, code, layers = [] } = version;
  const wrapper = environment["AWS_LAMBDA_EXEC_WRAPPER"];
  const arn = layers.find((one) => typeof one === "string");
  const language = runtimeLanguage(runtime);
  if (code === undefined) return "its code is in S3 and not here";
  if (arn !== undefined) return `its layer ${arn} is not part of the project`;
  if (wrapper !== undefined) return `it is started by AWS_LAMBDA_EXEC_WRAPPER, ${wrapper}`;
  if (handler.startsWith("/opt/")) return `its handler ${handler} is in a layer`;
  if (language !== undefined && !rehearsed.has(language)) return `runtime ${runtime} is not rehearsed`;
  return undefined;
}

const rehearsed: ReadonlySet<string> = new Set(["node", "python", "os"]);

/** The same, as far as its unpacked code tells. */
export function refusalOfCode({ runtime }: FunctionVersion, { folder, opt }: Unpacked): string | undefined {
  if (opt !== undefined && existsSync(join(opt, "extensions")))
    return "a layer brings an extension, which is not started here";
  if (runtimeLanguage(runtime) !== "os") return undefined;
  const places = [folder, ...(opt === undefined ? [] : [opt])].map((one) => join(one, "bootstrap"));
  const bootstrap = places.find((path) => existsSync(path));
  if (bootstrap === undefined) return "its package has no bootstrap";
  const found = executableOf(readFileSync(bootstrap));
  if (found.kind === "script") return undefined;
  const here = { x64: "x86_64", arm64: "arm64" }[process.arch as string] ?? process.arch;
  const built = found.kind === "elf" ? `Linux on ${found.architecture}` : "another system";
  if (found.kind === "elf" && process.platform === "linux" && found.architecture === here) return undefined;
  return `its bootstrap is built for ${built}, and this machine is ${process.platform} on ${here}`;
}

/**
 * What tells a function's process of its layers. Lambda has them in /opt, which a rehearsal cannot make.
 * https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
 */
export function layerVariables(
  { runtime, environment }: FunctionVersion,
  { folder, opt }: Unpacked,
): Readonly<Record<string, string>> {
  if (opt === undefined) return {};
  const [, python = ""] = /^python(.+)$/.exec(runtime) ?? [];
  const [, node = ""] = /^nodejs(\d+)/.exec(runtime) ?? [];
  const paths = (...all: (string | undefined)[]) =>
    all.filter((one) => one !== undefined && one !== "").join(":");
  return {
    PATH: paths(process.env["PATH"], join(opt, "bin")),
    LD_LIBRARY_PATH: paths(environment["LD_LIBRARY_PATH"], folder, join(folder, "lib"), join(opt, "lib")),
    NODE_PATH: paths(
      environment["NODE_PATH"],
      join(opt, `nodejs/node${node}/node_modules`),
      join(opt, "nodejs/node_modules"),
    ),
    PYTHONPATH: paths(
      environment["PYTHONPATH"],
      join(opt, "python"),
      join(opt, `python/lib/python${python}/site-packages`),
    ),
    REHEARSAL_OPT: opt,
  };
}
