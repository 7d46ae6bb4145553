import { codeBlock, printable } from "../../src/terminal/printable";
import { bin, projectFolder, run } from "../support/command";
import { createProject, shop } from "../support/project";

test.each([
  ["a line break", "a\nb", "a\\u000ab"],
  ["a line that is written anew", "a\rb", "a\\u000db"],
  ["an escape sequence", "\u001b]0;title\u0007", "\\u001b]0;title\\u0007"],
  ["text that is shown in another order", "a\u202eb\u2066", "a\\u202eb\\u2066"],
  ["what ends a line elsewhere", "a\u2028b\u0085", "a\\u2028b\\u0085"],
])("%s is shown and does nothing", (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("nothing in a block of code ends it", () => {
  expect(codeBlock("a\n```\n::error::b")).toBe("````text\na\n```\n::error::b\n````");
});

/** What a program prints of a text, in a run of GitHub's or elsewhere. */
async function printed(text: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const script =
    'require("./src/terminal/printable").guardPrinting(); process.stdout.write(process.env.TEXT)';
  const node = [process.execPath, "--import", "tsx", "-e", script];
  const { stdout } = await run(projectFolder, node[0] as string, node.slice(1), { ...variables, TEXT: text });
  return stdout;
}

test("no line of a run of GitHub's is a command, and a program's own drawing passes", async () => {
  const text = '\u001b[31mred\u001b[39m\u001b[2A\n  ::error::a\n{"a":"##[group]b"}\n\u001b[8mhidden';
  expect(await printed(text, { GITHUB_ACTIONS: "true" })).toBe(
    '\u001b[31mred\u001b[39m\u001b[2A\n  \\u003a:error::a\n{"a":"#\\u0023[group]b"}\n\\u001b[8mhidden',
  );
  expect(await printed("::a ##[b]\u202e\u001b]0;c\u0007\rd", { GITHUB_ACTIONS: "" })).toBe(
    "::a ##[b]\\u202e\\u001b]0;c\\u0007\\u000dd",
  );
});

test("the name of a file is no command of the log that prints it", async () => {
  const project = createProject(shop({}, { "releases/dev/a\n::error::b.json": "{}" }));
  const { stdout, stderr } = await run(project, process.execPath, [bin, "list"], { GITHUB_ACTIONS: "true" });
  expect(`${stdout}${stderr}`).toContain("b.json");
  expect(`${stdout}${stderr}`).not.toMatch(/^::/m);
});
