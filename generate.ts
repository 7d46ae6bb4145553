import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { jsonSchemas } from "./release/json-schema";

/** Writes what is made from the sources: `npm run generate`. Tests fail where it is not current. */
for (const [path, text] of jsonSchemas()) writeFileSync(join(__dirname, path), text);
