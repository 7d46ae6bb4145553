import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { bin, run } from "../support/command";
import { createProject, shop, temporaryFolder, writeFiles } from "../support/project";
import { release } from "../support/release-command";

jest.setTimeout(60_000);

const file = "releases/dev/shop.json";
const canary = { canary: { version: "v2", percent: 10 } };
const shifted = ["shift", "dev/shop", "25", "--yes"];

const textOf = (project: string) => readFileSync(join(project, file), "utf8");
const percentOf = (project: string) => JSON.parse(textOf(project)).canary.percent;
const filesOf = (project: string) => readdirSync(join(project, "releases/dev"));
const own = ["environment.json", "shop.json"];

function shift(project: string) {
  return release(project, shifted);
}

/** The shop, whose file is of some kilobytes. */
function largeShop() {
  const text = JSON.stringify({ strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1", ...canary });
  return shop({}, { [file]: `${text}${" ".repeat(9000)}\n` });
}

test("a limit on the size of files leaves the old file", async () => {
  const project = createProject(largeShop());
  const before = textOf(project);
  // A write takes the first 4 KB and is no error; the next one is.
  const limited = 'ulimit -f 4; exec node "$@"';
  const { exitCode, stderr } = await run(project, "bash", ["-c", limited, "bash", bin, ...shifted]);
  expect([exitCode, stderr]).toEqual([2, `error: ${file} cannot be written: EFBIG\n`]);
  expect(textOf(project)).toBe(before);
  expect(filesOf(project)).toEqual(own);
});

/** A small disk that only the superuser can mount. */
function mounted(folder: string, size: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const canMount = mounted(temporaryFolder(), "64k");

(canMount ? test : test.skip)("a disk that is nearly full leaves the old file", async () => {
  const project = temporaryFolder();
  mounted(project, "64k");
  writeFiles(project, largeShop());
  const before = textOf(project);
  const fill = () => writeFileSync(join(project, "filler"), Buffer.alloc(200_000));
  expect(fill).toThrow("ENOSPC");
  // One page is left, and the file needs three.
  execFileSync("truncate", ["--size=-4096", join(project, "filler")]);
  const { exitCode, stderr } = await shift(project);
  expect([exitCode, stderr]).toEqual([2, `error: ${file} cannot be written: ENOSPC\n`]);
  expect(textOf(project)).toBe(before);
  expect(filesOf(project)).toEqual(own);
});

afterAll(() => {
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
  for (const [, folder = ""] of mounts.map((line) => line.split(" ")))
    if (folder.includes("lambda-release-test-")) execFileSync("umount", [folder]);
});

test("a link stays, and the file that it leads to is written", async () => {
  const project = createProject(shop(canary));
  const elsewhere = join(project, "shared");
  mkdirSync(elsewhere);
  renameSync(join(project, file), join(elsewhere, "shop.json"));
  symlinkSync("../../shared/shop.json", join(project, file));
  expect((await shift(project)).exitCode).toBe(0);
  expect(readlinkSync(join(project, file))).toBe("../../shared/shop.json");
  expect(lstatSync(join(elsewhere, "shop.json")).isFile()).toBe(true);
  expect(percentOf(project)).toBe(25);
  expect([filesOf(project), readdirSync(elsewhere)]).toEqual([own, ["shop.json"]]);
});

test.each([0o600, 0o664, 0o755])("a file keeps its mode (%i)", async (mode) => {
  const project = createProject(shop(canary));
  chmodSync(join(project, file), mode);
  expect((await shift(project)).exitCode).toBe(0);
  expect(statSync(join(project, file)).mode & 0o777).toBe(mode);
});

test("a read-only file is left alone", async () => {
  const project = createProject(shop(canary));
  chmodSync(join(project, file), 0o444);
  expect(await shift(project)).toMatchObject({
    exitCode: 2,
    stderr: `error: ${file} cannot be written: it is read-only\n`,
  });
  expect([percentOf(project), filesOf(project)]).toEqual([10, own]);
});

test("while another command writes a file it is left alone, and what a killed one left is no obstacle", async () => {
  const project = createProject(shop(canary));
  const lock = join(project, "releases/dev/.shop.json.lock");
  writeFileSync(lock, "{");
  expect(await shift(project)).toMatchObject({
    exitCode: 2,
    stderr: `error: ${file} cannot be written: another command is writing it; try again\n`,
  });
  expect(percentOf(project)).toBe(10);
  utimesSync(lock, 0, 0);
  expect((await shift(project)).exitCode).toBe(0);
  expect([percentOf(project), filesOf(project)]).toEqual([25, own]);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s during the write leaves no file behind",
  async (signal) => {
    const project = createProject(shop(canary));
    const preload = join(project, "signal.js");
    writeFileSync(
      preload,
      `const fs = require("node:fs"); const { fsyncSync } = fs;
     fs.fsyncSync = (descriptor) => { process.kill(process.pid, "${signal}"); fsyncSync(descriptor); };`,
    );
    const child = spawn("node", ["-r", preload, bin, ...shifted], { cwd: project, stdio: "ignore" });
    const [, endedBy] = await once(child, "exit");
    expect(endedBy).toBe(signal);
    expect([percentOf(project), filesOf(project)]).toEqual([25, own]);
    expect(existsSync(join(project, "releases/dev/.shop.json.lock"))).toBe(false);
  },
);

test("of many commands at once each writes, or says why not", async () => {
  const project = createProject(shop(canary));
  const percents = [21, 22, 23, 24, 25, 26];
  const ended = await Promise.all(
    percents.map((percent) => run(project, "node", [bin, "shift", "dev/shop", String(percent), "--yes"])),
  );
  for (const { exitCode, stderr } of ended)
    if (exitCode !== 0) expect(stderr).toMatch(/changed by someone else|another command is writing it/);
  expect(ended.some(({ exitCode }) => exitCode === 0)).toBe(true);
  expect(percents).toContain(percentOf(project));
  expect(filesOf(project)).toEqual(own);
});
