import { type AwsProvider, isKnownTo } from "../release/aws/aws-provider";
import type { Language } from "../release/functions/entry-files";
import { type Runtime, type RuntimeName, runtimes } from "../release/functions/runtimes";

/** What a new service starts with, by the language of its handler: the first that the AWS provider takes. */
const preferred: Readonly<Record<Language, readonly RuntimeName[]>> = {
  node: ["nodejs24.x", "nodejs22.x"],
  python: ["python3.13"],
};

/**
 * The runtime that a new release file names. A default that depends on the provider would give published functions
 * another runtime once the provider is updated.
 *
 * @param provider @default - it is unknown, and taken for the newest
 */
export function firstRuntime(language: Language, provider?: AwsProvider): RuntimeName {
  const taken = (name: RuntimeName) =>
    runtimes.some((one: Runtime) => one.name === name && isKnownTo(provider, one));
  const names = preferred[language];
  return names.find(taken) ?? (names.at(-1) as RuntimeName);
}
