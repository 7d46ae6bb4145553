import { plainPath } from "../release/definition/route-match";
import { Unable } from "../release/files/project";
import { isServedByApi, type Release } from "../release/release";
import { StackFolder } from "./terraform";

/**
 * Where users call a deployed service, by the outputs of its stack: on the environment's domain, or else at API
 * Gateway's own address.
 *
 * @throws {Unable} where nothing is deployed
 */
export function deployedUrl(project: string, { name }: Pick<Release, "name">, { init = false } = {}): string {
  const stack = new StackFolder(project, name);
  if (init) stack.init();
  const { url, api_endpoint } = stack.outputs();
  const address = url ?? api_endpoint;
  if (typeof address !== "string")
    throw new Unable(`${name} has neither the output 'url' nor 'api_endpoint': deploy it, or give --url`);
  return address;
}

/**
 * A route that can be called as it is.
 *
 * @param isCaller whether headers are sent that may admit a caller: no header alone is a signature for AWS_IAM
 */
export function callablePath(release: Release, isCaller: boolean): string | undefined {
  const routes = isServedByApi(release) ? release.definition.routes : [];
  const open = plainPath(routes, ({ authorization, apiKey = false }) => authorization === "NONE" && !apiKey);
  if (open !== undefined || !isCaller) return open;
  return plainPath(routes, ({ authorization }) => authorization !== "AWS_IAM");
}
