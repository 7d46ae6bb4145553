import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./project";

let server: ChildProcess | undefined;
const socket = join(temporaryFolder(), "app.sock");
afterAll(() => void server?.kill());

/**
 * Has one process synthesize a project, and its commits, as often as a file of tests asks for it: cdktf is loaded once.
 * For tests of what is made of the output. That the app runs as cdktf.json says, with the packages of the project, is
 * tested by `main.test.ts`, `launch.test.ts` and `own-service.test.ts`.
 *
 * @returns the project
 */
export function withServedApp(project: string): string {
  server ??= spawn(process.execPath, [join(__dirname, "app-server.js"), socket], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const file = join(project, "cdktf.json");
  const settings = JSON.parse(readFileSync(file, "utf8"));
  const app = `node ${join(__dirname, "app-client.js")} ${socket}`;
  writeFileSync(file, JSON.stringify({ ...settings, app }, null, 2));
  return project;
}
