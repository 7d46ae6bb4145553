import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { startProviderRelay } from "./provider-relay";

/** The AWS provider, kept running for many runs of Terraform: otherwise each starts it, several times. */
export interface ProviderProcess {
  /** What leads Terraform to it. */
  readonly variables: { readonly TF_REATTACH_PROVIDERS: string };
  stop(): void;
}

const running = new Set<() => void>();

/** Ends those that a failed test has left behind. */
export function stopProviders(): void {
  for (const stop of running) stop();
}

/**
 * @param folder of the stacks that it serves, where `terraform init` has installed it
 * @param variables what it is told of AWS. Whatever this machine says of that is none of the test's business
 */
export async function startProvider(
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<ProviderProcess> {
  const provider = await start(folder, variables);
  const relay = await startProviderRelay(provider.socket);
  const stop = () => {
    relay.stop();
    provider.stop();
    running.delete(stop);
  };
  running.add(stop);
  return {
    variables: { TF_REATTACH_PROVIDERS: provider.reattach.replaceAll(provider.socket, relay.socket) },
    stop,
  };
}

interface Started {
  /** What it prints for Terraform, as JSON. */
  readonly reattach: string;
  readonly socket: string;
  stop(): void;
}

function start(folder: string, variables: Readonly<Record<string, string>>): Promise<Started> {
  const installed = join(folder, ".terraform/providers/registry.terraform.io/hashicorp/aws");
  const [version = ""] = readdirSync(installed);
  const [platform = ""] = readdirSync(join(installed, version));
  const binaries = join(installed, version, platform);
  const binary = readdirSync(binaries).find((name) => name.startsWith("terraform-provider-aws")) ?? "";
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const child = spawn(join(binaries, binary), ["-debug"], {
    // It reads the packages of functions by the stack's own paths.
    cwd: folder,
    env: { ...Object.fromEntries(own), ...variables },
    stdio: ["ignore", "pipe", "ignore"],
  });
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      const reattach = /TF_REATTACH_PROVIDERS='(.*)'/.exec(output)?.[1];
      const socket = /"String":"([^"]+)"/.exec(reattach ?? "")?.[1];
      if (reattach !== undefined && socket !== undefined)
        resolve({ reattach, socket, stop: () => child.kill() });
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the AWS provider ended with exit code ${code}`)));
  });
}
