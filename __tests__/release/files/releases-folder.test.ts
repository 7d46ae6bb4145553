import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readReleases } from "../../../src/release/files/file";
import { filesOnDisk } from "../../../src/release/files/project-files";
import { formatProblem } from "../../../src/release/problem";
import { bin, run } from "../../support/command";
import { createProject, shop } from "../../support/project";
import { Repository } from "../../support/repository";

/** A valid project in which something stands beside its files. */
function projectWith(put: (project: string) => void): string {
  const project = createProject(shop({}));
  put(project);
  return project;
}

function linesOf(project: string): string[] {
  return readReleases(filesOnDisk(project)).problems.map(formatProblem);
}

const file = (path: string, text: string | Buffer = "{}") => {
  return (project: string) => {
    mkdirSync(join(project, path, ".."), { recursive: true });
    writeFileSync(join(project, path), text);
  };
};
const folder = (path: string) => (project: string) =>
  void mkdirSync(join(project, path), { recursive: true });
const link = (path: string, to: string) => (project: string) => symlinkSync(to, join(project, path));
const pipe = (path: string) => (project: string) => void execFileSync("mkfifo", [join(project, path)]);

const misnamed = "must be named <service>.json; the only other files here are environment.json and *.md";

describe("whatever stands in releases/ is used or refused", () => {
  test.each<[string, (project: string) => void, string]>([
    [
      "a dead link",
      link("releases/dev/svc.json", "gone.json"),
      "releases/dev/svc.json must not be a broken link",
    ],
    [
      "a link to itself",
      link("releases/dev/svc.json", "svc.json"),
      "releases/dev/svc.json must not be a circular link",
    ],
    ["a folder", folder("releases/dev/svc.json"), "releases/dev/svc.json must be a file, but is a folder"],
    ["a pipe", pipe("releases/dev/svc.json"), "releases/dev/svc.json must be a file, but is a pipe"],
    [
      "a device",
      link("releases/dev/svc.json", "/dev/zero"),
      "releases/dev/svc.json must be a file, but is a device",
    ],
    [
      "bytes that are no text",
      file("releases/dev/svc.json", Buffer.from([0x7b, 0xff, 0x7d])),
      "releases/dev/svc.json must be UTF-8 text",
    ],
    ["another spelling", file("releases/dev/svc.JSON"), `releases/dev/svc.JSON ${misnamed}`],
    ["another ending", file("releases/dev/svc.json.bak"), `releases/dev/svc.json.bak ${misnamed}`],
    ["a link without an ending", link("releases/dev/svc", "gone"), `releases/dev/svc ${misnamed}`],
    [
      "a nested folder",
      file("releases/dev/team/svc.json"),
      "releases/dev/team must not be a folder: release files belong in releases/dev/ itself",
    ],
    [
      "a release file beside the environments",
      file("releases/svc.json"),
      "releases/svc.json must be in an environment's folder, releases/<environment>/",
    ],
    [
      "an environment file beside the environments",
      file("releases/environment.json"),
      "releases/environment.json must be in an environment's folder, releases/<environment>/",
    ],
    [
      "an environment that is a dead link",
      link("releases/prod", "gone"),
      "releases/prod must be an environment's folder; the only other files here are *.schema.json and *.md",
    ],
    [
      "a version's folder that is a dead link",
      link("lambdas/shop/v3", "gone"),
      "lambdas/shop/v3 must not be a broken link",
    ],
    [
      "a pipe beside a handler",
      pipe("lambdas/shop/v1/data"),
      "lambdas/shop/v1/data must be a file, but is a pipe",
    ],
  ])("%s is refused", (_, put, line) => {
    expect(linesOf(projectWith(put))).toEqual([line]);
  });

  test("an environment file that is a pipe is refused, and not waited for", () => {
    const project = createProject({ "lambdas/shop/v1/shop.ts": "" });
    mkdirSync(join(project, "releases/dev"), { recursive: true });
    pipe("releases/dev/environment.json")(project);
    expect(linesOf(project)).toEqual(["releases/dev/environment.json must be a file, but is a pipe"]);
  });

  test.each([
    file("releases/dev/.shop.json.swp"),
    link("releases/dev/.#shop.json", "user@host.1"),
    file("releases/dev/shop.json~"),
    file("releases/dev/#shop.json#"),
    file("releases/dev/README.md"),
    file("releases/README.md"),
    file("releases/.gitkeep"),
    file("releases/other.schema.json"),
    folder("releases/dev/.cache"),
  ])("what editors and people leave beside is passed over (%#)", (put) => {
    expect(linesOf(projectWith(put))).toEqual([]);
  });
});

/** The command for which modes count, as they do not for the superuser. */
function withoutPrivilege(project: string, ...args: string[]) {
  const dropped = "-dac_override,-dac_read_search";
  const drop = ["setpriv", `--inh-caps=${dropped}`, `--bounding-set=${dropped}`];
  const [command = "node", ...rest] = [...(process.getuid?.() === 0 ? drop : []), "node", bin, ...args];
  return run(project, command, rest);
}

test("an environment's folder that cannot be read is no empty one", async () => {
  const project = createProject(shop({}));
  execFileSync("chmod", ["000", join(project, "releases/dev")]);
  const { exitCode, stderr } = await withoutPrivilege(project, "list");
  execFileSync("chmod", ["755", join(project, "releases/dev")]);
  expect([exitCode, stderr]).toEqual([2, "error: releases/dev must be a folder that can be read: EACCES\n"]);
});

test("the command tells of a service whose file cannot be used", async () => {
  const project = projectWith(pipe("releases/dev/svc.json"));
  const line = "error: releases/dev/svc.json must be a file, but is a pipe\n";
  expect(await run(project, "node", [bin, "status", "dev/svc"])).toMatchObject({ exitCode: 2, stderr: line });
  const listed = await run(project, "node", [bin, "list"]);
  expect(listed).toMatchObject({ exitCode: 2, stderr: line });
  expect(listed.stdout).toContain("dev/svc    (not valid)");
});

test("a review does not take a link that it cannot follow in a commit for a service that was not there", async () => {
  const repository = new Repository(shop({}));
  const { project } = repository;
  writeFileSync(join(project, "shared.json"), "{}");
  symlinkSync("../../shared.json", join(project, "releases/dev/svc.json"));
  repository.commitAll();
  execFileSync("rm", [join(project, "releases/dev/svc.json")]);
  const { exitCode, stderr } = await run(project, "node", [bin, "review", "--base", "main"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("releases/dev/svc.json must not be a link that leads out of releases/");
});
