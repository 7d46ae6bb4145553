import { z } from "zod";
import { list, map, name, object, oneOf } from "./fields";

const services = () => list(name(), 2, 20, "service names");

const train = object({
  services: services().describe("Services of this environment, in the order in which they are deployed."),
  onFailure: oneOf(["stop", "take-back"])
    .describe(
      'What the deploy does where one of them fails: "stop", or "take-back", which returns to the former share those that it moved. Default: stop.',
    )
    .default("stop"),
});

export const trains = map(
  name(),
  z.union([services(), train], { error: "must be a list of 2 to 20 different service names, or an object" }),
)
  .describe(
    "Services that are released together, by the name of their train; a list is short for its `services`. See docs/trains.md. Default: none.",
  )
  .default({});
