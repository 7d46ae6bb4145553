import { codeFolders, functionsOf } from "../functions/service-functions";
import type { Problem } from "../problem";
import { type ReleaseContext, versionsInFile } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/** What is adopted has its place in the release: a version, a function of it, an API whose stage it is. */
export function checkAdoption(context: ReleaseContext): Finding[] {
  const { api, stage, basePath, functions } = context.file.adopt;
  const findings: Finding[] = [];
  // Told by the strategy's own check.
  if (modelOf(context.file).versionKind === "lambda") return findings;
  if (stage && api === undefined) {
    findings.push({ field: ["adopt", "api"], message: "must be given: the API whose stage is adopted" });
  }
  if (basePath && context.file.stage.basePath === undefined) {
    const message = "must not be given without 'stage.basePath', whose mapping is adopted";
    findings.push({ field: ["adopt", "basePath"], message });
  }
  const versions = Object.keys(versionsInFile(context.file));
  for (const [version, adopted] of Object.entries(functions)) {
    const field = ["adopt", "functions", version];
    if (!versions.includes(version)) {
      const message = `must be one of the published versions (${versions.join(", ")})`;
      findings.push({ field, message, value: version });
      continue;
    }
    const names = functionsOf(context, version).map(({ name }) => name);
    for (const name of Object.keys(adopted).filter((one) => !names.includes(one))) {
      const message = `must be a function of version ${version} (${names.join(", ")})`;
      findings.push({ field: [...field, name], message, value: name });
    }
  }
  return findings;
}

/** Whatever is adopted is one thing's alone in its environment. */
export function checkAdoptedOnce(contexts: readonly { file: string; context: ReleaseContext }[]): Problem[] {
  const owners = new Map<string, string>();
  const claims = [...contexts.flatMap(claimsOf)].sort((a, b) => Number(a.adopted) - Number(b.adopted));
  return claims.flatMap(({ file, environment, field, what, value, adopted }) => {
    const key = `${environment} ${what} ${value}`;
    const owner = owners.get(key);
    owners.set(key, owner ?? file);
    if (owner === undefined || !adopted) return [];
    return [
      { file, field, message: `must be ${what} that no other service has, but ${owner} has it`, value },
    ];
  });
}

function claimsOf({ file, context }: { file: string; context: ReleaseContext }) {
  const environment = context.environment.name;
  const functions = codeFolders(context.file).flatMap((version) =>
    functionsOf(context, version).map(({ name, awsName, adopted }) => {
      const field = ["adopt", "functions", version, name];
      return { file, environment, field, what: "a function", value: awsName, adopted };
    }),
  );
  const { api } = context.file.adopt;
  if (api === undefined) return functions;
  const field = ["adopt", "api"];
  return [...functions, { file, environment, field, what: "an API", value: api, adopted: true }];
}
