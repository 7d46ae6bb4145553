import { type Split, withoutNoise } from "./split";
import type { LambdaVersion, ReleaseFunction } from "./version";

/** By function, the number of the version that serves. */
export type ServedNumbers = Readonly<Record<string, string>>;

interface NumberedRelease {
  readonly functions: readonly Pick<ReleaseFunction, "name">[];
  readonly versions: readonly LambdaVersion[];
  readonly stable: LambdaVersion;
  readonly canary?: { readonly version: LambdaVersion };
}

/**
 * The version that has these numbers. Of several it is one that the release points at.
 *
 * @param isMeant tells one of several. @default - none is preferred
 * @returns the numbers themselves where no version has them
 */
export function versionServed(
  release: NumberedRelease,
  served: ServedNumbers,
  isMeant: (version: LambdaVersion) => boolean = () => false,
): string {
  const { functions, versions, stable, canary } = release;
  const found = versions.filter(({ numbers }) =>
    Object.entries(numbers).every(([name, number]) => served[name] === number),
  );
  const pointedAt = [stable, canary?.version];
  const version = found.find(isMeant) ?? pointedAt.find((one) => one && found.includes(one)) ?? found.at(-1);
  if (version !== undefined) return version.name;
  const all = Object.entries(served);
  if (all.length === 0) return "(no alias)";
  return functions.length === 1
    ? all.map(([, number]) => number).join("")
    : all.map(([name, number]) => `${name} ${number}`).join(" + ");
}

/** What an alias of a function names: a number, and the shares of others, 0 to 1. */
export interface SplitNumbers {
  /** Lambda's number of the version that gets the rest. */
  readonly version: string;
  /** Shares from 0 to 1, by Lambda's numbers of other versions. */
  readonly weights: Readonly<Record<string, number>>;
}

/** Who serves by an alias of each function. While they are moved one by one, the largest share counts. */
export function splitOfNumbers(
  release: NumberedRelease,
  byFunction: Readonly<Record<string, SplitNumbers>>,
): Split {
  const all = Object.entries(byFunction);
  const main = Object.fromEntries(all.map(([name, { version }]) => [name, version]));
  const weighted = all.flatMap(([name, { weights }]) => {
    const [first] = Object.entries(weights);
    return first === undefined ? [] : [{ name, number: first[0], weight: first[1] }];
  });
  const stable = versionServed(release, main);
  if (weighted.length === 0) return { stable };
  const next = { ...main, ...Object.fromEntries(weighted.map(({ name, number }) => [name, number])) };
  const percent = withoutNoise(Math.max(...weighted.map(({ weight }) => weight)) * 100);
  return { stable, canary: { version: versionServed(release, next), percent } };
}
