import type { ShiftPlatform } from "../scene";
import { AliasScene } from "./alias-scene";
import { movedAliases } from "./versions";

/** Lambda, where an alias is moved. */
export const aliases: ShiftPlatform = {
  moved: "alias",
  movedIn: movedAliases,
  scene: (options) => new AliasScene(options),
};
