/**
 * A version's name where no dot may stand: in names of functions and task definitions, and in ids of constructs.
 * `1.2.3` is `1-2-3`. A name without dots stays as it is.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export function versionId(version: string): string {
  return version.replaceAll(".", "-");
}

/** The versions, but those that an earlier one leaves no id of their own. */
export function withOwnId(versions: readonly string[]): readonly string[] {
  const ids = versions.map(versionId);
  return versions.filter((_, index) => ids.indexOf(ids[index] ?? "") === index);
}
