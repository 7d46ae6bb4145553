import { Option } from "commander";
import { toolkit } from "../release/aws/toolkit";
import { findProject, serviceName } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import { strategies } from "../release/strategies/names";
import { modelOf } from "../release/strategies/strategies";
import type { FirstRelease } from "../setup/first-release";
import { languages } from "../setup/handlers";
import { table } from "../terminal/table";
import { type Cli, serviceArgument } from "./verb";

export function addNew({ program }: Cli): void {
  program
    .command("new")
    .description("write the first release of a service, with its handler or container")
    .argument("<service>", serviceArgument)
    .addOption(
      new Option("--strategy <name>", "how its versions share the users")
        .choices(strategies)
        .default("canary-stage"),
    )
    .addOption(new Option("--language <name>", "of its handler").choices(languages).default("typescript"))
    .option("--route <method and path...>", 'what it answers, such as "GET /orders/{id}" (default: GET /)')
    .option("--openapi <path>", "its OpenAPI document, from the project's folder, in place of routes")
    .option("--no-api", "without an API: others invoke its alias live (weighted-alias, codedeploy-alias)")
    .option(
      "--image <uri>",
      "the first version's container image, by its digest (ecs-blue-green, ecs-native)",
    )
    .option("--region <name>", "the region of an environment that is not there yet")
    .action((service, options) => newService(findProject(), service, options));
}

type Options = Omit<FirstRelease, "environment" | "service" | "routes" | "provider"> & {
  readonly route?: readonly string[];
};

async function newService(project: string, name: string, { route, ...options }: Options): Promise<void> {
  const { firstRelease } = await import("../setup/first-release.js");
  const { writeMissing } = await import("../setup/write-missing.js");
  const { awsProviderOf } = await import("../synth/installed-package.js");
  const { environment, service } = serviceName(name);
  const provider = awsProviderOf(project);
  const given = { ...options, environment, service, routes: route, provider };
  for (const line of writeMissing(project, firstRelease(filesOnDisk(project), given))) console.log(line);
  const rehearsed =
    modelOf(options).movedBy === "codedeploy"
      ? "rehearses its first shift, once it has a canary"
      : modelOf(options).movedBy === "ecs"
        ? "rehearses its first shift"
        : "rehearses it here";
  const first = ["next", `npx lambda-release rehearse ${name}`, rehearsed];
  const second = ["", `npx ${toolkit.name} deploy ${service}-${environment}`, "creates it in AWS"];
  console.log(`\n${table(first, [second])}`);
}
