import type { ShiftPlatform } from "../scene";
import { movedServices } from "./moved-service";
import { ServiceScene } from "./service-scene";

/** ECS, where the tasks of a service are replaced. */
export const services: ShiftPlatform = {
  moved: "service",
  movedIn: movedServices,
  scene: (options) => new ServiceScene(options),
};
