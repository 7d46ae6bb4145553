import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCommit } from "../../src/review/git";
import { handler, shop, temporaryFolder } from "../support/project";
import { Repository } from "../support/repository";

const release = (stable: string) => shop({ stable });

test.each([
  ["the repository", ""],
  ["a folder of the repository", "apps/shop"],
])("reads a commit's files and what differs from them, where the project is %s", (_, folder) => {
  const repository = new Repository({ ...release("v1"), ".gitignore": "ignored.txt\n" }, folder);
  const { project } = repository;
  rmSync(join(project, "lambdas/shop/v2/shop.ts"));
  writeFileSync(join(project, "releases/dev/shop.json"), "{}");
  writeFileSync(join(project, "lambdas/new, with a tab\t.ts"), "");
  writeFileSync(join(project, "ignored.txt"), "");

  const { files, changed } = readCommit(project, "main");
  expect(changed).toEqual([
    "lambdas/new, with a tab\t.ts",
    "lambdas/shop/v2/shop.ts",
    "releases/dev/shop.json",
  ]);
  expect(JSON.parse(files.read("releases/dev/shop.json") ?? "")).toMatchObject({ stable: "v1" });
  expect(files.read("releases/dev/other.json")).toBeUndefined();
  expect(files.entries("releases")).toEqual({ folders: ["dev"], files: [] });
  expect(files.entries("releases/dev")).toEqual({ folders: [], files: ["environment.json", "shop.json"] });
  expect(files.entries("lambdas/shop")).toEqual({ folders: ["v1", "v2"], files: [] });
  expect(files.entries("lambdas/nothing")).toEqual({ folders: [], files: [] });
});

test("takes a link for what it leads to, and text for bytes", () => {
  const repository = new Repository({ ...release("v1"), "releases/dev/aside.txt": "größer\n" });
  symlinkSync("dev", join(repository.project, "releases/test"));
  symlinkSync("shop.json", join(repository.project, "releases/dev/zero.json"));
  repository.commitAll();
  const { files } = readCommit(repository.project, "main");
  expect(files.entries("releases").folders).toEqual(["dev", "test"]);
  expect(files.read("releases/dev/zero.json")).toBe(files.read("releases/dev/shop.json"));
  expect(files.read("releases/dev/aside.txt")).toBe("größer\n");
});

test.each(["", "apps/shop"])(
  "reads what a release file names elsewhere, where the project is in '%s'",
  (folder) => {
    const repository = new Repository({ ...release("v1"), "api/openapi.yaml": "openapi: 3.0.1\n" }, folder);
    symlinkSync("openapi.yaml", join(repository.project, "api/linked.yaml"));
    symlinkSync("/nowhere.yaml", join(repository.project, "api/outside.yaml"));
    repository.commitAll();
    const { files } = readCommit(repository.project, "main");
    expect(files.read("api/openapi.yaml")).toBe("openapi: 3.0.1\n");
    expect(files.read("api/linked.yaml")).toBe("openapi: 3.0.1\n");
    expect(files.read("lambdas/shop/v1/shop.ts")).toContain("handler");
    expect(files.read("api/outside.yaml")).toBeUndefined();
    expect(files.trouble?.("api/outside.yaml")).toContain("must not be a link that leads out");
    expect(files.trouble?.("api/other.yaml")).toBe("must exist and be readable");
  },
);

test("tells every text that a file had", () => {
  const repository = new Repository(release("v1"), "apps/shop");
  repository.commit(release("v2"));
  repository.commit({ ...release("v2"), "lambdas/shop/v2/shop.ts": handler("v2 again") });
  const texts = readCommit(repository.project, "main").textsOf("releases/dev/shop.json");
  expect(texts.map((text) => JSON.parse(text).stable)).toEqual(["v2", "v1"]);
});

describe("what cannot be read is told in one line", () => {
  const repository = new Repository(release("v1"));

  test.each([
    ["a branch that is not there", "nope"],
    ["nothing", ""],
    ["an option", "--help"],
    ["a file", "HEAD:releases"],
  ])("%s", (_, ref) => {
    expect(() => readCommit(repository.project, ref)).toThrow(
      `'--base' must be a commit of this repository, got "${ref}"; a shallow clone has to fetch it first`,
    );
  });

  test("no repository", () => {
    expect(() => readCommit(temporaryFolder(), "main")).toThrow(
      /^the project must be in a git repository: not a git repository [^\n]*$/,
    );
  });
});
