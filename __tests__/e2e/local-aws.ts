import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { temporaryFolder } from "../support/project";
import { stopProviders } from "../support/provider-process";
import { installPython } from "./python-environment";

const folder = join(__dirname, "local-aws");
const environment = join(folder, ".venv");

/** An endpoint that answers as AWS does. */
export interface LocalAws {
  readonly endpoint: string;
  stop(): void;
}

type Variables = Readonly<Record<string, string>>;

/**
 * The endpoint of AWS_ENDPOINT_URL, or a LocalStack of its own that ends with the tests.
 *
 * @param settings of LocalStack
 */
export async function startLocalAws(settings?: Variables): Promise<LocalAws> {
  const given = process.env["AWS_ENDPOINT_URL"];
  return given === undefined ? startLocalStack({}, settings) : { endpoint: given, stop: stopProviders };
}

/**
 * @param variables what the environment of every function has beside its own
 * @param settings of LocalStack
 */
export async function startLocalStack(
  variables: Variables = {},
  settings: Variables = {},
): Promise<LocalAws> {
  installLocalStack();
  const port = await freePort();
  const root = temporaryFolder();
  for (const name of ["usr/lib/localstack", "var/lib/localstack"])
    mkdirSync(join(root, name), { recursive: true });
  const log = join(root, "log");
  const child = spawn(join(environment, "bin/python"), ["-m", "localstack.runtime.main"], {
    cwd: root,
    env: {
      PATH: process.env["PATH"],
      HOME: root,
      TMPDIR: root,
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      SERVICES: "apigateway,lambda,iam,sts,logs,s3,cloudwatch,events,sns,sqs,ssm",
      FILESYSTEM_ROOT: root,
      SKIP_SSL_CERT_DOWNLOAD: "1",
      DISABLE_EVENTS: "1",
      LOCALSTACK_INTERNAL_TEST_RUN: "1",
      LAMBDA_RUNTIME_EXECUTOR: "child-process",
      RUNTIME_NODE: join(folder, "runtime.js"),
      RUNTIME_PYTHON: join(projectFolder, "src/rehearsal/lambda/python-runtime.py"),
      // Lambda's Node brings the AWS SDK.
      FUNCTION_ENVIRONMENT: JSON.stringify({ NODE_PATH: join(projectFolder, "node_modules"), ...variables }),
      ...settings,
    },
    stdio: ["ignore", openSync(log, "w"), openSync(log, "a")],
    detached: true,
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = () => {
    stopProviders();
    endGroup(child);
  };
  process.on("exit", stop);
  await untilHealthy(`${endpoint}/_localstack/health`, child, log);
  return { endpoint, stop };
}

/** Installs LocalStack into a virtual environment of its own, once for each list of requirements. */
export function installLocalStack(): void {
  const executorFolder = join(folder, "executor");
  const sources = readdirSync(executorFolder).filter((name) => name.endsWith(".py"));
  const paths = sources.sort().map((source) => join(executorFolder, source));
  installPython(folder, "LocalStack", paths, (pip) => {
    // From a copy: building leaves files beside the sources.
    const root = temporaryFolder();
    const executor = join(root, "executor");
    cpSync(executorFolder, executor, { recursive: true });
    pip(executor);
    // No test file's end does it.
    rmSync(root, { recursive: true });
  });
}

/** @param health an address that answers when it is there */
export async function untilHealthy(health: string, child: ChildProcess, log: string): Promise<void> {
  for (let waited = 0; waited < 120_000; waited += 250) {
    if (child.exitCode !== null) break;
    const healthy = await fetch(health).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  endGroup(child);
  throw new Error(`the local AWS does not start: ${readFileSync(log, "utf8").slice(-2000)}`);
}

/** Ends the process with the functions that it started. */
export function endGroup({ pid, exitCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
