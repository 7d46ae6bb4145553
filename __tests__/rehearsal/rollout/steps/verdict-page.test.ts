import { copyOfProject } from "../../../support/command";
import { handler, writeFiles } from "../../../support/project";
import { blocksOf, readPage } from "../../../support/readme";
import { release } from "../../../support/release-command";
import { withServedApp } from "../../../support/served-app";
import { shape } from "../../../support/shape";

jest.setTimeout(180_000);

const page = readPage("docs/verdict.md");

test("the verdict's page shows what a rehearsal of a step that waits for it prints", async () => {
  const project = withServedApp(copyOfProject(["dev/greeting"]));
  const file = blocksOf(page).find(({ note }) => note === "rehearsed file");
  writeFiles(project, {
    "releases/dev/shop.json": JSON.parse(file?.text ?? ""),
    "lambdas/shop/v1/shop.ts": handler("v1"),
    "lambdas/shop/v2/shop.ts": handler("v2"),
  });
  const block = blocksOf(page).find(({ note }) => note?.startsWith("rehearsed --"));
  const args = (block?.note ?? "").replace("rehearsed ", "").split(" ");
  const { exitCode, stdout, stderr } = await release(project, ["rehearse", "dev/shop", ...args]);
  expect([exitCode, stderr]).toEqual([1, ""]);
  // What the charts show depends on when each failure comes.
  const [told] = stdout.split("\nshare of version");
  expect(shape(told ?? "")).toBe(shape(block?.text ?? ""));
});
