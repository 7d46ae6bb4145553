import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ReadRelease, Unable } from "../release/files/project";
import { Refusal } from "../release/verbs/transitions";

/**
 * Builds the container image of a service and pushes it, unless its repository has that tag already: a tag there
 * never moves.
 *
 * @returns the image by its digest, as a release file names it
 */
export function pushImage({ release, project, name }: ReadRelease, tag: string): string {
  const { service, environment } = release;
  const folder = join(project, "lambdas", service);
  if (!existsSync(join(folder, "Dockerfile")))
    throw new Refusal(`${name} has no lambdas/${service}/Dockerfile to build an image of`);
  const ecr = ecrOf(environment.region, `${service}-${environment.name}`);
  const repository = ecr.address();
  const pushed = () => ecr.digestOf(tag);
  let digest = pushed();
  if (digest === undefined) {
    const [lambda] = "functions" in release ? release.functions : [];
    const platform = lambda?.settings.architecture === "arm64" ? "linux/arm64" : "linux/amd64";
    const [registry = ""] = repository.split("/");
    run("docker", ["login", "--username", "AWS", "--password-stdin", registry], ecr.password());
    // Lambda takes one image, and no index of an image and its provenance.
    const image = ["--provenance=false", "--tag", `${repository}:${tag}`];
    run("docker", ["build", "--platform", platform, ...image, folder]);
    run("docker", ["push", `${repository}:${tag}`]);
    digest = pushed();
  }
  if (digest === undefined) throw new Unable(`${repository}:${tag} is missing after the push`);
  return `${repository}@${digest}`;
}

function ecrOf(region: string, repository: string) {
  const ecr = (command: string, ...options: string[]) =>
    call("aws", ["ecr", command, "--region", region, "--output", "text", ...options]);
  return {
    address: () =>
      done(
        ecr(
          "describe-repositories",
          "--repository-names",
          repository,
          "--query",
          "repositories[0].repositoryUri",
        ),
      ),
    password: () => done(ecr("get-login-password")),
    digestOf(tag: string): string | undefined {
      const image = ["--repository-name", repository, "--image-ids", `imageTag=${tag}`];
      const called = ecr("describe-images", ...image, "--query", "imageDetails[0].imageDigest");
      return called.stderr.includes("ImageNotFoundException") ? undefined : done(called);
    },
  };
}

function run(command: string, args: readonly string[], input = ""): string {
  return done(call(command, args, input));
}

function call(command: string, args: readonly string[], input = "") {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    input,
    env: process.env,
  });
  if (error !== undefined) throw new Unable(`${command} cannot be run: ${error.message}`);
  return { name: `${command} ${args.slice(0, 2).join(" ")}`, status, stdout, stderr };
}

/** @throws {Unable} where it failed */
function done({ name, status, stdout, stderr }: ReturnType<typeof call>): string {
  if (status !== 0) throw new Unable(`${name} fails: ${stderr.trim()}`);
  return stdout.trim();
}
