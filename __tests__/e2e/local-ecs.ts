import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/project";
import { stopProviders } from "../support/provider-process";
import { endGroup, freePort, type LocalAws, untilHealthy } from "./local-aws";
import { installPython } from "./python-environment";

const folder = join(__dirname, "local-ecs");
const environment = join(folder, ".venv");
const server = join(folder, "server.py");

/** moto's server, which answers for networks, load balancers and ECS, and forgets all when it ends. */
export async function startLocalEcs(): Promise<LocalAws> {
  installMoto();
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
  const stop = () => {
    stopProviders();
    endGroup(child);
  };
  process.on("exit", stop);
  await untilHealthy(`${endpoint}/moto-api/data.json`, child, log);
  return { endpoint, stop };
}

/** Installs moto into a virtual environment of its own. */
export function installMoto(): void {
  installPython(folder, "moto");
}
