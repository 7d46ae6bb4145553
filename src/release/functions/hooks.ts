import { always } from "../always";
import type { ReleaseContext } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { DeployedFunction } from "./deployed-function";
import { entriesAmong, languageOfEntry } from "./entry-files";
import { type HandlerSource, settingsWithDefaults } from "./function-settings";
import { roleOf } from "./role";

/** Where the hooks of all services stand. */
export const hookFolder = "lambdas/hooks";

/** What CodeDeploy calls the moments of the hooks, in their order. https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html */
export const hookEvents = {
  afterInstall: "AfterInstall",
  afterAllowTestTraffic: "AfterAllowTestTraffic",
  beforeTraffic: "BeforeAllowTraffic",
  afterTraffic: "AfterAllowTraffic",
} as const;

export type HookMoment = keyof typeof hookEvents;
export const hookMoments = Object.keys(hookEvents) as readonly HookMoment[];

/** A moment's words: `before-traffic` for `beforeTraffic`. */
export function inWords(moment: string, between: "-" | "_"): string {
  return moment.replace(/[A-Z]/g, (letter) => `${between}${letter.toLowerCase()}`);
}

/** The moments at which there are tasks of the new version and no users yet: those alone that have a load balancer know them. */
export const containerMoments: readonly HookMoment[] = ["afterInstall", "afterAllowTestTraffic"];

/**
 * The stage of an ECS deployment at which each is asked. AWS has none before the first user but after the test port:
 * its stage before each step of a shift would ask again and again.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
export const hookStages = {
  afterInstall: "POST_SCALE_UP",
  afterAllowTestTraffic: "POST_TEST_TRAFFIC_SHIFT",
  afterTraffic: "POST_PRODUCTION_TRAFFIC_SHIFT",
} as const satisfies Partial<Record<HookMoment, string>>;

/** A function that CodeDeploy or ECS asks whether it may go on: the stack's own, or one that is there already. */
export type Hook = DeployedFunction | { readonly arn: string };

/** By the moment at which they are called; at other moments nothing is called. */
export type Hooks = Readonly<Partial<Record<HookMoment, Hook>>>;

type HookContext = Pick<ReleaseContext, "service" | "environment" | "file" | "hookFiles">;

export function hooksOf(context: HookContext): Hooks {
  const given = hooksInFile(context).map(([moment, name]) => [moment, hook(context, name)]);
  return Object.fromEntries(given);
}

/** What the file names, in the order of the moments. */
export function hooksInFile({
  file,
}: Pick<ReleaseContext, "file">): readonly (readonly [HookMoment, string])[] {
  return hookMoments.flatMap((moment) => {
    const name = file.hooks?.[moment];
    return name === undefined ? [] : [[moment, name] as const];
  });
}

/** Those that are deployed with the release. */
export function deployedHooks(hooks: Hooks): readonly DeployedFunction[] {
  return Object.values(hooks).filter((one) => isDeployed(one));
}

export function isDeployed(hook: Hook): hook is DeployedFunction {
  return !("arn" in hook);
}

/** How CodeDeploy names it: by a name or an ARN. */
export function nameOfHook(hook: Hook): string {
  return isDeployed(hook) ? hook.awsName : hook.arn;
}

/** Whether the file gives the ARN of a function that is there. */
export function isArn(name: string): boolean {
  return name.startsWith("arn:");
}

/**
 * The name of a hook in AWS: AWS's own policies for CodeDeploy let it invoke functions of this prefix.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambda.html
 */
export function hookName(
  { service, environment }: Pick<HookContext, "service" | "environment">,
  hook: string,
  asker: HookAsker = "CodeDeploy",
): string {
  return `${asker}Hook_${service}-${environment.name}-${hook}`;
}

/** Who asks the hooks, as their names in AWS begin. */
export type HookAsker = "CodeDeploy" | "Ecs";

export function askerOf(file: HookContext["file"]): HookAsker {
  return modelOf(file).movedBy === "ecs" ? "Ecs" : "CodeDeploy";
}

function hook(context: HookContext, name: string): Hook {
  if (isArn(name)) return { arn: name };
  const [file = `${name}.ts`] = entriesAmong(context.hookFiles, name);
  const language = languageOfEntry(file);
  const source: HandlerSource = { folder: hookFolder, file, handler: `${name}.handler`, language };
  const awsName = hookName(context, name, askerOf(context.file));
  const { timeoutSeconds } = always(context.file, "hooks");
  const settings = settingsWithDefaults({ memoryMb: 256, timeoutSeconds }, {}, language);
  const role = roleOf(awsName, context.environment);
  return { awsName, ownName: awsName, role, adopted: false, settings, source };
}
