import { regionOf } from "../aws/arn";
import { entriesAmong, expectedEntry } from "../functions/entry-files";
import { containerMoments, hookFolder, hooksInFile, isArn } from "../functions/hooks";
import type { ReleaseContext } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/** Each hook of this project is one file, and another one than the other hooks. */
export function checkHooks(context: ReleaseContext): Finding[] {
  const { file, hookFiles } = context;
  const hooks = hooksInFile(context);
  return hooks.flatMap(([moment, name], index) => {
    const field = ["hooks", moment];
    if (containerMoments.includes(moment) && modelOf(file).versionKind !== "container") {
      const message = `must not be given with ${file.strategy}: a function has no test port; use 'beforeTraffic', which runs before any user traffic`;
      return [{ field, message }];
    }
    if (moment === "beforeTraffic" && modelOf(file).movedBy === "ecs") {
      const message = `must not be given with ${file.strategy}: use 'afterAllowTestTraffic', which runs before any user traffic`;
      return [{ field, message }];
    }
    if (isArn(name)) return [];
    const present = entriesAmong(hookFiles, name);
    if (present.length === 0) {
      const message = `must have its handler in ${hookFolder}/: ${expectedEntry(name)}`;
      return [{ field, message, value: name }];
    }
    if (present.length > 1) {
      const message = `must have one handler in ${hookFolder}/, but has ${present.join(" and ")}`;
      return [{ field, message, value: name }];
    }
    const other = hooks.slice(0, index).find(([, one]) => one === name)?.[0];
    if (other === undefined) return [];
    return [{ field, message: `must differ from '${other}'`, value: name }];
  });
}

/** CodeDeploy and ECS call functions of their own region: Lambda answers that others are not reachable. */
export function checkHookRegions(context: ReleaseContext): Finding[] {
  const { region } = context.environment;
  return hooksInFile(context).flatMap(([moment, name]) => {
    if (!isArn(name) || regionOf(name) === region) return [];
    const message = `must be a function in the service's region, ${region}`;
    return [{ field: ["hooks", moment], message, value: name }];
  });
}
