import type { Command } from "commander";
import { findProject } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import { servicesOf } from "../release/files/releases-folder";
import { trainNames } from "../release/files/together";

/** Adds `completion <shell>`, which prints a shell's script, and `complete`, which that script asks. */
export async function addCompletion(release: Command): Promise<void> {
  const { default: tab } = await import("@bomb.sh/tab/commander");
  const { commands } = tab(release, { completionCommandName: "completion" });
  for (const { arguments: all } of commands.values()) {
    const service = all.get("service") ?? all.get("services");
    if (service !== undefined)
      service.handler = (complete) => {
        for (const name of services()) complete(name, "");
      };
  }
}

function services(): string[] {
  const files = filesOnDisk(findProject());
  const services = files
    .entries("releases")
    .folders.flatMap((environment) => servicesOf(files, environment).map((name) => `${environment}/${name}`));
  return [...services, ...trainNames(files)];
}
