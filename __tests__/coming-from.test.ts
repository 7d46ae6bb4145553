import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./support/command";

const page = (name: string) => readFileSync(join(projectFolder, "docs", name), "utf8");

/** The fields that the reference lists: `settings.permissions`, `api.routes[].path`. */
const known = new Set([...page("release-file.md").matchAll(/^ *- `([^`]+)` \(/gm)].map(([, name]) => name));

/** What stands in the second column of the tables. */
const named = page("coming-from.md")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("|---"))
  .flatMap((line) => [...(line.split(" | ").at(-1) ?? "").matchAll(/`([a-z][A-Za-z.[\]<>]*)`/g)])
  .map(([, name = ""]) => name)
  .filter((name) =>
    /^(settings|api|stage|rollout|alarms|hooks|triggers|canary|domain|versions|image|tags)\b/.test(name),
  );

test("the tables name fields that there are", () => {
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test("the defaults that it names are those of the reference", () => {
  const reference = page("release-file.md");
  const defaults = [...page("coming-from.md").matchAll(/\| `(settings\.\w+)`: (\d+) /g)];
  expect(defaults).toHaveLength(3);
  for (const [, name, value] of defaults)
    expect(reference).toMatch(new RegExp(`\`${name}\` \\([^\n]*Default: ${value}\\.`));
});
