import { readFileSync } from "node:fs";
import { join } from "node:path";
import { services } from "../../../../src/rehearsal/rollout/ecs/services";
import { readStack } from "../../../../src/rehearsal/terraform/configuration";
import { projectFolder } from "../../../support/command";
import { createProject, type Files, synthesizeProject } from "../../../support/project";
import { type Play, type Rehearsed, rehearse, type Synthesized } from "../rehearsed-shift";

const image = (digit: number) => `registry.example.com/web@sha256:${String(digit).repeat(64)}`;

/** A server that tells its version, and does what its variables say. */
export const server = `
const { createServer } = require("node:http");
const { PORT, VERSION, STATUS = "200", ENDS_AFTER = "Infinity" } = process.env;
let answered = 0;
const server = createServer((request, response) => {
  const status = request.url === "/health" ? 200 : Number(STATUS);
  response.writeHead(status, { "x-version": VERSION }).end(VERSION);
  if (++answered >= Number(ENDS_AFTER)) process.exit(1);
});
server.listen(Number(PORT));
process.on("SIGTERM", () => server.close());
`;

/** Asks the test port once. */
const askTestPort = `import { taskHook } from "lambda-release/hooks";
export const handler = taskHook(async () => {
  const { status } = await fetch(\`\${process.env["TEST_ENDPOINT"]}/\`);
  if (status !== 200) throw new Error(\`the test port answers \${status}\`);
});
`;

/** A version with these fields of its container. */
export function version(digit: number, container: object = {}): object {
  return { container: { image: image(digit), ...container } };
}

const stacks = new Map<string, Promise<Synthesized>>();

/**
 * A service of one task that CodeDeploy moves to v2, without a wait or hooks unless it is given some. The same one is
 * synthesized once.
 */
export function serviceStack(release: object = {}, files: Files = {}): Promise<Synthesized> {
  const key = JSON.stringify([release, files]);
  const stack = stacks.get(key) ?? synthesizedService(release, files);
  stacks.set(key, stack);
  return stack;
}

async function synthesizedService(release: object, files: Files): Promise<Synthesized> {
  const hooks = ["lambdas/hooks/end-to-end.ts"];
  const project = createProject({
    "releases/dev/environment.json": { region: "eu-central-1" },
    "releases/dev/web.json": {
      strategy: "ecs-blue-green",
      versions: { v1: version(1), v2: version(2) },
      stable: "v1",
      ecs: { count: 1, healthCheck: { path: "/health" } },
      ...release,
    },
    "containers/web/Dockerfile":
      'FROM node:22\nARG VERSION\nENV VERSION=$VERSION\nCMD ["node", "server.js"]\n',
    "containers/web/server.js": server,
    "lambdas/hooks/ask-test-port.ts": askTestPort,
    ...Object.fromEntries(hooks.map((path) => [path, readFileSync(join(projectFolder, path), "utf8")])),
    ...files,
  });
  return { configuration: readStack(await synthesizeProject(project), "web-dev"), project };
}

/** Plays a shift of a service, with each stack applied after the one before. */
export function rehearseService(stacks: readonly Synthesized[], play: Play = {}): Promise<Rehearsed> {
  return rehearse(services, stacks, { rate: 0.5, ...play });
}
