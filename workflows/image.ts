import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { changeOf, writeChange } from "../release/cli/change";
import { type ReadRelease, Unable } from "../release/cli/project";
import { imageRepositoriesStackName } from "../release/environment";
import { functionsInFile } from "../release/release";
import { Refusal } from "../release/transitions";
import { StackFolder } from "./terraform";

/**
 * Builds the container image of a service and pushes it, unless its repository has that tag already: a tag there
 * never moves. Its digest goes into the release file.
 *
 * @returns the image by its digest
 */
export function releaseImage(read: ReadRelease, tag: string): string {
  const { context, project, name } = read;
  const { service, environment } = context;
  const folder = join(project, "lambdas", service);
  if (!existsSync(join(folder, "Dockerfile")))
    throw new Refusal(`${name} has no lambdas/${service}/Dockerfile to build an image of`);
  const repository = repositoryOf(read);
  const image = `${repository}:${tag}`;
  const lookUp = () => digestOf(repository, tag, environment.region);
  const digest = lookUp() ?? build(image, folder, architectureOf(read), environment.region) ?? lookUp();
  if (digest === undefined) throw new Unable(`${image} is not there after it was pushed`);
  const byDigest = `${repository}@${digest}`;
  if (context.file.image !== byDigest) writeChange(changeOf(read, [{ field: ["image"], value: byDigest }]));
  return byDigest;
}

function repositoryOf({ project, context }: ReadRelease): string {
  const { service, environment } = context;
  const stack = new StackFolder(project, imageRepositoriesStackName(environment.name));
  stack.init();
  const urls = (stack.outputs()["repository_urls"] ?? {}) as Record<string, string>;
  const url = urls[service];
  if (url === undefined) throw new Unable(`${stack.stack} has no repository of ${service}: deploy it first`);
  return url;
}

function architectureOf({ context }: ReadRelease): string {
  const [lambda] = functionsInFile(context);
  return lambda?.settings.architecture === "arm64" ? "linux/arm64" : "linux/amd64";
}

function digestOf(repository: string, tag: string, region: string): string | undefined {
  const name = repository.slice(repository.indexOf("/") + 1);
  const query = ["--query", "imageDetails[0].imageDigest", "--output", "text", "--region", region];
  const args = ["ecr", "describe-images", "--repository-name", name, "--image-ids", `imageTag=${tag}`];
  const { status, stdout, stderr, error } = spawnSync("aws", [...args, ...query], { encoding: "utf8" });
  if (error !== undefined) throw new Unable(`aws cannot be run: ${error.message}`);
  if (status === 0) return stdout.trim();
  if (stderr.includes("ImageNotFoundException")) return undefined;
  throw new Unable(`aws ecr describe-images fails: ${stderr.trim()}`);
}

function build(image: string, folder: string, platform: string, region: string): undefined {
  const [registry = ""] = image.split("/");
  const password = run("aws", ["ecr", "get-login-password", "--region", region]);
  run("docker", ["login", "--username", "AWS", "--password-stdin", registry], password);
  // Lambda takes one image, and no index of an image and its provenance.
  run("docker", ["build", "--platform", platform, "--provenance=false", "--tag", image, folder]);
  run("docker", ["push", image]);
}

function run(command: string, args: readonly string[], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", input });
  if (error !== undefined) throw new Unable(`${command} cannot be run: ${error.message}`);
  if (status !== 0) throw new Unable(`${command} ${args.slice(0, 2).join(" ")} fails: ${stderr.trim()}`);
  return stdout;
}
