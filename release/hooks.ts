import { type HandlerSource, type Language, settingsWithDefaults } from "./function-settings";
import type { DeployedFunction } from "./release";
import type { ReleaseContext } from "./release-context";

/** Where the hooks of all services stand. */
export const hookFolder = "lambdas/hooks";

/** Functions that CodeDeploy asks whether it may go on. */
export interface Hooks {
  /** Asked before the new version gets any traffic. @default - nobody is asked */
  readonly beforeTraffic?: DeployedFunction;
  /** Asked when the new version has all traffic. @default - nobody is asked */
  readonly afterTraffic?: DeployedFunction;
}

type HookContext = Pick<ReleaseContext, "service" | "environment" | "file" | "hookFiles">;

export function hooksOf(context: HookContext): Hooks {
  const { beforeTraffic, afterTraffic } = context.file.hooks ?? {};
  return { beforeTraffic: hook(context, beforeTraffic), afterTraffic: hook(context, afterTraffic) };
}

/** The same without what they are asked. */
export function hookFunctions(context: HookContext): readonly DeployedFunction[] {
  const { beforeTraffic, afterTraffic } = hooksOf(context);
  return [beforeTraffic, afterTraffic].filter((one) => one !== undefined);
}

/**
 * The name of a hook in AWS: AWS's own policies for CodeDeploy let it invoke functions of this prefix.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambda.html
 */
export function hookName(
  { service, environment }: Pick<HookContext, "service" | "environment">,
  hook: string,
): string {
  return `CodeDeployHook_${service}-${environment.name}-${hook}`;
}

function hook(context: HookContext, name: string | undefined): DeployedFunction | undefined {
  if (name === undefined) return undefined;
  const language: Language = context.hookFiles.includes(`${name}.py`) ? "python" : "node";
  const file = `${name}.${language === "python" ? "py" : "ts"}`;
  const source: HandlerSource = { folder: hookFolder, file, handler: `${name}.handler`, language };
  const awsName = hookName(context, name);
  const { timeoutSeconds } = context.file.hooks ?? {};
  const settings = settingsWithDefaults({ memoryMb: 256, timeoutSeconds }, {}, language);
  return { awsName, ownName: awsName, adopted: false, settings, source };
}
