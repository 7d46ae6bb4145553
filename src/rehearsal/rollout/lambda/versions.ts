import type { Rehearsal } from "../../rehearsal";
import type { ApplySummary } from "../../terraform/applied-state";
import type { Block, Configuration } from "../../terraform/configuration";
import { comparedIn } from "../../terraform/precondition";
import { nameOfFunction } from "../../terraform/resource-types";
import type { MovedAlias } from "./alias-subject";

/**
 * Applies a stack to a rehearsal where nothing was before, or after an earlier commit. Versions that it has pointers
 * to are published first, with the code that there is.
 */
export function applyWithVersions(rehearsal: Rehearsal, configuration: Configuration): ApplySummary {
  const alias = movedAlias(configuration);
  const wanted = Math.max(...versionsNamedBy(configuration, alias));
  if (rehearsal.blocks.blocks.size === 0) {
    for (let version = 1; version < wanted; version++) {
      rehearsal.prepare(onlyWith(described(configuration, functionOf(alias), version), [functionOf(alias)]));
    }
  }
  const address = functionOf(alias);
  const isThere = publishedBy(rehearsal, configuration, address) >= wanted;
  return rehearsal.apply(isThere ? configuration : described(configuration, address, wanted));
}

/**
 * What is to be moved after the apply: from what the alias names to the version that the stack has as canary, or else
 * to the latest. Where there is none beside, another one is published with the same code.
 */
export function movedBy(rehearsal: Rehearsal, configuration: Configuration): MovedAlias {
  const block = movedAlias(configuration);
  const applied = rehearsal.blocks.blocks.get(block.address);
  const functionName = nameOfFunction(applied?.attributes ?? {});
  const alias = String(applied?.attributes["name"]);
  const lambda = () => rehearsal.functions.get(functionName);
  const from = lambda()?.aliases.get(alias)?.version ?? "";
  const [, canary] = versionsNamedBy(configuration, block);
  const to = canary === undefined ? latest() : String(canary);
  if (to !== from) return { functionName, alias, from, to };
  rehearsal.apply(described(configuration, functionOf(block), Number(latest()) + 1));
  return { functionName, alias, from, to: latest() };

  function latest(): string {
    return [...(lambda()?.versions.keys() ?? [])].at(-1) ?? "";
  }
}

/** The aliases that a stack leaves to CodeDeploy. */
export function movedAliases({ blocks }: Configuration): Block[] {
  return blocks.filter(
    ({ type, ignoredChanges }) => type === "aws_lambda_alias" && ignoredChanges.includes("function_version"),
  );
}

function movedAlias(configuration: Configuration): Block {
  const aliases = movedAliases(configuration);
  const [alias] = aliases;
  if (alias === undefined || aliases.length > 1) {
    throw new Error(
      `a rehearsal plays the shift of one alias, and CodeDeploy moves ${aliases.length} together here: rehearse the traffic with --requests`,
    );
  }
  return alias;
}

/**
 * The versions that an alias needs: the one that it is made at, and after it the canary. Each is looked up by a data
 * source that the alias depends on; stacks of earlier commits have the precondition on the alias itself.
 */
function versionsNamedBy({ blocks }: Configuration, alias: Block): number[] {
  const lookUps = alias.dependencies.flatMap((address) => blocks.filter((one) => one.address === address));
  const named = [alias, ...lookUps]
    .flatMap(({ preconditions }) => preconditions)
    .map(({ condition }) => Number(/>=\s*(\d+)/.exec(String(condition))?.[1]));
  return named.length > 0 ? named : [Number(alias.arguments["function_version"])];
}

/** The address of the function that an alias is of. */
function functionOf({ arguments: { function_name }, preconditions }: Block): string {
  const references = [String(function_name), ...preconditions.map(comparedIn)];
  return /aws_lambda_function\.[\w-]+/.exec(references.join(" "))?.[0] ?? "";
}

/** A description is part of a version: with another one Lambda publishes anew. @param address the function's */
export function described(configuration: Configuration, address: string, version: number): Configuration {
  const blocks = configuration.blocks.map((block) =>
    block.address === address
      ? { ...block, arguments: { ...block.arguments, description: `rehearsed as version ${version}` } }
      : block,
  );
  return { ...configuration, blocks };
}

/** How many versions of a function there are after an apply. @param address the function's */
export function publishedBy(rehearsal: Rehearsal, configuration: Configuration, address: string): number {
  const { state } = rehearsal.blocks.apply(withoutPreconditions(configuration));
  return state.blocks.get(address)?.versions?.length ?? 0;
}

/** Blocks with what has to be there before them, and nothing else. */
export function onlyWith(configuration: Configuration, addresses: readonly string[]): Configuration {
  const needed = new Set(addresses);
  for (const block of [...configuration.blocks].reverse()) {
    if (needed.has(block.address)) for (const one of block.dependencies) needed.add(one);
  }
  const blocks = configuration.blocks.filter((block) => needed.has(block.address));
  return { ...configuration, blocks, outputs: {} };
}

function withoutPreconditions(configuration: Configuration): Configuration {
  const blocks = configuration.blocks.map((block) => ({ ...block, preconditions: [] }));
  return { ...configuration, blocks };
}
