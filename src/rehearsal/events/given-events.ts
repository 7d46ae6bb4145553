import { z } from "zod";
import { integer, map, object, text } from "../../release/schema/fields";
import { readGiven } from "../given-file";

const json = z.record(z.string(), z.unknown(), { error: "must be an object" });

const given = object({
  trigger: text("the name of a trigger", /^\S+$/, 256).optional(),
  body: z.unknown().optional(),
  attributes: map(
    text("the name of an attribute", /^\S+$/, 256),
    z.union([z.string(), z.number()], { error: "must be text or a number" }),
  ).optional(),
  event: json.optional(),
  count: integer(1, 10_000, "times").default(1),
});

const eventsFile = z.array(given, { error: "must be a list of events" }).min(1, {
  error: "must be a list of one event or more",
});

/** An event of a file, which stands for as many as its `count`. */
export type GivenEvent = z.output<typeof given>;

export interface GivenEvents {
  /** The file's path, as it was given. */
  readonly path: string;
  readonly events: readonly GivenEvent[];
}

/**
 * Reads events to play.
 *
 * @throws {Unable} where the file is not there or not valid, with a line for each problem
 */
export function readEvents(path: string): GivenEvents {
  return { path, events: readGiven(path, eventsFile) };
}
