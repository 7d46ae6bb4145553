import type { DeployedFunction } from "../release/functions/deployed-function";
import { bundleFunctions } from "../synth/bundle";
import { written } from "../synth/handler-files";

/**
 * The files that each handler in TypeScript or JavaScript is bundled of, by the function's name in AWS: paths relative
 * to the project, those of packages among them. Nothing where it cannot be bundled.
 */
export async function bundledFiles(
  project: string,
  functions: readonly DeployedFunction[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ofNode = functions.flatMap(written).filter(({ source }) => source.language === "node");
  const { inputs } = await bundleFunctions(project, ofNode, { withInputs: true });
  return inputs;
}
