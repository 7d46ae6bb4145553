import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/project";
import { endGroup, freePort, type LocalAws, untilHealthy } from "./local-aws";

const folder = join(__dirname, "local-ecs");
const environment = join(folder, ".venv");
const server = join(folder, "server.py");

/** moto's server, which answers for networks, load balancers and ECS, and forgets all when it ends. */
export async function startLocalEcs(): Promise<LocalAws> {
  install();
  const port = await freePort();
  const root = temporaryFolder();
  const log = join(root, "log");
  const child = spawn(join(environment, "bin/python"), [server, "-H", "127.0.0.1", "-p", String(port)], {
    cwd: root,
    env: { PATH: process.env["PATH"], HOME: root, TMPDIR: root },
    stdio: ["ignore", openSync(log, "w"), openSync(log, "a")],
    detached: true,
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = () => endGroup(child);
  process.on("exit", stop);
  await untilHealthy(`${endpoint}/moto-api/data.json`, child, log);
  return { endpoint, stop };
}

/** Installs moto into a virtual environment of its own, once for each list of requirements. */
function install(): void {
  const requirements = join(folder, "requirements.txt");
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const stamp = join(environment, "installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  process.stderr.write("Installing moto into a virtual environment: this takes a minute.\n");
  execFileSync("python3", ["-m", "venv", "--clear", environment], { stdio: "ignore" });
  execFileSync(join(environment, "bin/pip"), ["install", "--quiet", "--requirement", requirements], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(stamp, digest);
}
