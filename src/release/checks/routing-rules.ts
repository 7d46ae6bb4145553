import { routingLimits } from "../aws/routing-limits";
import { routingRuleOf } from "../environment/routing-rule";
import { hasApi } from "../functions/service-functions";
import type { Problem } from "../problem";
import type { ReleaseContext } from "../release-context";
import type { Finding } from "./finding";

/** A header leads to a stage where the domain has rules, and the service a path of its own there. */
export function checkHeader({ file, environment }: ReleaseContext): Finding[] {
  const { name, header } = temporaryStage(file);
  if (header === undefined) return [];
  const { domain } = environment;
  const { basePath } = file.stage;
  const field = [name, "header"];
  const environmentFile = `releases/${environment.name}/environment.json`;
  if (domain === undefined)
    return [{ field, message: `must not be given without 'domain' in ${environmentFile}` }];
  if (domain.routingRules !== true)
    return [
      { field, message: `must not be given without 'domain.routingRules': true in ${environmentFile}` },
    ];
  if (basePath === undefined)
    return [{ field, message: "must not be given without 'stage.basePath', where requests have the header" }];
  // A rule without a base path would take the requests of every service on the domain.
  if (basePath === "/")
    return [
      { field, message: `must not be given with 'stage.basePath' "/": give the service its own base path` },
    ];
  const { basePathCharacters: most } = routingLimits;
  if (basePath.length <= most) return [];
  const message = `must be ${most} characters at most with '${name}.header', which a routing rule finds by it`;
  return [{ field: ["stage", "basePath"], message, value: basePath }];
}

/** Two rules of one domain never have one priority. Each is told at the later file. */
export function checkRulePriorities(
  contexts: readonly { readonly file: string; readonly context: ReleaseContext }[],
): Problem[] {
  const owners = new Map<string, string>();
  return contexts.flatMap(({ file, context }) => {
    if (!hasApi(context.file)) return [];
    const { service, environment } = context;
    const { name, header } = temporaryStage(context.file);
    const ruled = { name: `${service}-${environment.name}`, environment, stage: context.file.stage };
    const rule = routingRuleOf(ruled, header);
    if (rule === undefined) return [];
    const key = `${environment.region} ${rule.domainName} ${rule.priority}`;
    const owner = owners.get(key);
    owners.set(key, owner ?? file);
    if (owner === undefined) return [];
    const message = `must differ from the priority of ${owner}: each routing rule of ${rule.domainName} has another one`;
    return [{ file, field: [name, "header", "priority"], message, value: rule.priority }];
  });
}

function temporaryStage({ preview, blue }: ReleaseContext["file"]) {
  return blue === undefined
    ? { name: "preview", header: preview?.header }
    : { name: "blue", header: blue.header };
}
