import { type Configuration, readConfiguration, readStack, stackFiles } from "../terraform/configuration";
import { services } from "./ecs/services";
import { aliases } from "./lambda/aliases";
import type { ShiftPlatform } from "./scene";

const platforms: readonly ShiftPlatform[] = [aliases, services];

/** The platform of a stack that has something for CodeDeploy to move. @throws where it has nothing, with the stacks that do */
export function platformOf(outputFolder: string, stack: string): ShiftPlatform {
  const found = platformIn(readStack(outputFolder, stack));
  if (found !== undefined) return found;
  const others = [...stackFiles(outputFolder)].filter(([, file]) => platformIn(readConfiguration(file)));
  const names = others.map(([name]) => name);
  const which = names.length === 0 ? "and no other stack has one" : `there is one in ${names.join(" and ")}`;
  const what = platforms.map(({ moved }) => moved).join(" or ");
  throw new Error(`${stack} has no ${what} that CodeDeploy or ECS moves; ${which}`);
}

/** Whether a stack has something for CodeDeploy to move. */
export function hasShift(outputFolder: string, stack: string): boolean {
  return platformIn(readStack(outputFolder, stack)) !== undefined;
}

function platformIn(configuration: Configuration): ShiftPlatform | undefined {
  return platforms.find((platform) => platform.movedIn(configuration).length > 0);
}
