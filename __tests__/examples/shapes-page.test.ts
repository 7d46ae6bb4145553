import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { type Shape, shapes } from "./shapes";

const page = join(projectFolder, "docs/shapes.md");
const marked = /(<!-- shapes -->\n)[\s\S]*?(<!-- end -->)/;

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;

const folderOf = (service: string, { project = "examples" }: Shape) => `${project}/lambdas/${service}`;

function told(service: string, shape: Shape): string[] {
  const { title, brings, publish, asked, alsoRehearsed, alsoDeployed } = shape;
  const what = asked.some(({ event }) => event) ? "batches" : "requests";
  const count = asked.length === 1 ? `1 ${what.replace(/e?s$/, "")}` : `${asked.length} ${what}`;
  const also = (more?: string) => (more === undefined ? count : `${count}; ${more}`);
  return [
    title,
    `[${service}](../${folderOf(service, shape)})`,
    brings,
    publish.join(" / "),
    also(alsoRehearsed),
    also(alsoDeployed),
  ];
}

test("docs/shapes.md says of each shape where it is, and how it is proved", () => {
  const head = [
    "shape",
    "service",
    "v2 brings",
    "publish v2",
    "asked in the rehearsal",
    "asked in the local AWS",
  ];
  const rows = Object.entries(shapes).map(([service, shape]) => told(service, shape));
  const table = [row(head), row(head.map(() => "---")), ...rows.map(row)].join("");
  const text = readFileSync(page, "utf8");
  const written = text.replace(marked, (_, before, after) => `${before}\n${table}${after}`);
  if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(page, written);
  else expect(text).toBe(written);
});

test("each has a folder in examples/, a release file, and a line in its README", () => {
  const readme = readFileSync(join(projectFolder, "examples/README.md"), "utf8");
  for (const [service, shape] of Object.entries(shapes)) {
    const file = `${shape.project ?? "examples"}/releases/dev/${service}.json`;
    expect([service, existsSync(join(projectFolder, file))]).toEqual([service, true]);
    expect(readme).toContain(`](${folderOf(service, shape).replace("examples/", "")})`);
  }
});
