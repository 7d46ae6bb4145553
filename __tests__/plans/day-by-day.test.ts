import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { played } from "../support/day-by-day";
import { describePlans, terraform } from "./describe-plans";

const page = join(projectFolder, "docs/a-release-day-by-day.md");

describePlans("a release, day by day", () => {
  test("goes as the page tells it", async () => {
    const text = readFileSync(page, "utf8");
    const found = await played(text, (folder, applied) => terraform().planJson(folder, applied));
    if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(page, found);
    else expect(found).toBe(text);
  }, 1_200_000);
});
