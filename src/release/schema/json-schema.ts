import { z } from "zod";
import { environmentFile } from "./environment";
import { releaseFile } from "./release";

/** The JSON schemas that editors use, by their paths in the project. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  return new Map([
    ["schemas/release.schema.json", jsonSchema(releaseFile, "Release of one service in one environment")],
    [
      "schemas/environment.schema.json",
      jsonSchema(environmentFile, "What the services of an environment share"),
    ],
  ]);
}

function jsonSchema(schema: z.ZodType, title: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
