import { spawn } from "node:child_process";

/** How an installer ended. */
export interface Installed {
  /** @default - it could not be started */
  readonly status?: number;
  /** What it printed on stdout. */
  readonly stdout: string;
  /** All that it printed. */
  readonly output: string;
}

/** Runs npm, pip or uv to its end, without a terminal. */
export function runInstaller(command: string, args: readonly string[], cwd: string): Promise<Installed> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: ownEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
      // npm is a script there.
      shell: process.platform === "win32",
    });
    let [stdout, output] = ["", ""];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (stream === child.stdout) stdout += text;
      });
    child.on("error", (error) => resolve({ stdout, output: error.message }));
    child.on("close", (status) => resolve({ status: status ?? 1, stdout, output }));
  });
}

/** Without the workspace that this program was started for by npm: an installer is not in it. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(
    ([name]) => !/^npm_config_(include_)?workspace/i.test(name),
  );
  return Object.fromEntries(others);
}

const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|NewConnectionError|NameResolutionError|ConnectTimeoutError|ProxyError|Max retries exceeded|dns error|Failed to fetch/;

/** Whether it failed because nothing can be downloaded. */
export function isUnreachable(output: string): boolean {
  return unreachable.test(output);
}
