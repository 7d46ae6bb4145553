import type { ReleaseFile } from "../defaults";
import { defaultFingerprint, fingerprint } from "../definition/fingerprint";
import type { Edit } from "../files/edit";
import { settingsFingerprint } from "../functions/function-settings";
import { definitionInFile, functionNames, functionsOf } from "../functions/service-functions";
import { asInFile, versionsInFile } from "../release-context";
import { givenOf } from "../shifts/ecs";
import { modelOf, ofContainers, strategiesThat } from "../strategies/strategies";
import { Refusal, type State } from "./transitions";

/** The version is there for the next deploy, at 0 percent, with the fingerprint of the definition that it brings. */
export function publish(state: State, version: string, { image, lambdaVersions }: Publish = {}): Edit[] {
  const { service, file } = state;
  const versions = versionsInFile(file);
  if (Object.hasOwn(versions, version)) throw new Refusal(`${version} is published already`);
  if (modelOf(file).versionKind === "container") return [publishContainer(file, version, image)];
  if (image !== undefined)
    throw new Refusal(`--image is only for ${ofContainers}, where each version has its own image`);
  const plain = defaultFingerprint(service);
  const current = fingerprint(definitionInFile(state));
  const isRecorded = Object.values(versions).some((one) => one.fingerprint !== undefined);
  const records = !file.withoutApi && (isRecorded || current !== plain);
  const numbers = numbersOf(state, version, lambdaVersions);
  const recordsSettings = hasSharedSettings(file);
  const settings = (version: string) =>
    recordsSettings ? { settingsFingerprint: settingsOf(state, version) } : {};
  const own = {
    ...(records ? { fingerprint: current } : {}),
    ...(numbers === undefined ? {} : { lambdaVersions: numbers }),
    ...settings(version),
  };
  // A version that serves users while the new one is on trial must record what it was published with, too.
  const ofFormer = (version: string) => ({
    ...(records ? { fingerprint: plain } : {}),
    ...settings(version),
  });
  if (Array.isArray(file.versions)) {
    if (Object.keys(own).length === 0)
      return [{ field: ["versions", file.versions.length], value: asInFile(version) }];
    const former = file.versions.map((one) => [one, ofFormer(String(one))]);
    return [{ field: ["versions"], value: Object.fromEntries([...former, [version, own]]) }];
  }
  const missing = Object.entries(versions).flatMap(([name, recorded]) =>
    Object.entries(ofFormer(name))
      .filter(([key]) => !Object.hasOwn(recorded, key))
      .map(([key, value]) => ({ field: ["versions", name, key], value })),
  );
  return [...missing, { field: ["versions", version], value: own }];
}

/** The container of the version before, with another image. */
function publishContainer(file: ReleaseFile, version: string, image: string | undefined): Edit {
  if (image === undefined)
    throw new Refusal(
      `${version} needs its container image, by its digest: --image <repository>@sha256:<digest>`,
    );
  const before = Object.values(versionsInFile(file)).at(-1)?.container;
  return { field: ["versions", version], value: { container: { ...(before && givenOf(before)), image } } };
}

/** Lambda's numbers of the functions of a version: not needed if the only function has the number of the version. */
function numbersOf(
  state: State,
  version: string,
  given: Publish["lambdaVersions"],
): Publish["lambdaVersions"] {
  const names = functionNames(state);
  const { versionFields } = modelOf(state.file);
  if (given === undefined) {
    if (names.length === 1 || !versionFields.includes("lambdaVersions")) return undefined;
    const options = names.map((name) => `--lambda-version ${name}=<number>`);
    throw new Refusal(
      `${version} needs the number that Lambda gave each of its functions, as the output 'latest_versions' has them: ${options.join(" ")}`,
    );
  }
  if (names.length === 1 && String(given[names[0] ?? ""]) === version) return undefined;
  if (!versionFields.includes("lambdaVersions"))
    throw new Refusal(
      `--lambda-version is only for ${strategiesThat((one) => one.versionFields.includes("lambdaVersions"))}`,
    );
  const foreign = Object.keys(given).filter((name) => !names.includes(name));
  if (foreign.length > 0)
    throw new Refusal(
      `--lambda-version must name functions of the service (${names.join(", ")}), got ${foreign.join(", ")}`,
    );
  return given;
}

export interface Publish {
  /** By function, the number that Lambda gave. @default - that of the version, where there is one function */
  readonly lambdaVersions?: Readonly<Record<string, number>>;
  /** The container image of the version, where versions are containers. */
  readonly image?: string;
}

/**
 * Versions that no pointer names are taken away.
 *
 * @param versions `former` may be among them; none are given for all but that
 */
export function prune({ file }: State, versions: readonly string[]): Edit[] {
  const published = Object.keys(versionsInFile(file));
  const { stable, canary, blue, preview } = file;
  const pointers = new Map([
    [preview?.version, "preview"],
    [blue?.version, "blue"],
    [canary?.version, "canary"],
    [stable, "stable"],
  ]);
  const pruned =
    versions.length > 0 ? versions : published.filter((one) => !pointers.has(one) && one !== file.former);
  for (const version of pruned) {
    if (!published.includes(version))
      throw new Refusal(`${version} is not published (${published.join(", ")})`);
    const pointer = pointers.get(version);
    if (pointer !== undefined)
      throw new Refusal(`${version} is ${pointer}: prune removes only versions that no pointer names`);
  }
  if (pruned.length === 0) {
    const kept =
      file.former === undefined
        ? "pointers name all of them"
        : `${file.former} is the former version, which prune removes only by name`;
    throw new Refusal(`there is no version to prune: ${kept}`);
  }
  const field = (version: string) =>
    Array.isArray(file.versions) ? ["versions", file.versions.indexOf(version)] : ["versions", version];
  return [
    ...pruned.flatMap((version) => [{ field: field(version) }, { field: ["adopt", "functions", version] }]),
    ...(file.former !== undefined && pruned.includes(file.former) ? [{ field: ["former"] }] : []),
  ];
}

function hasSharedSettings({ strategy, settings, functions }: ReleaseFile): boolean {
  if (modelOf({ strategy }).versionKind === "lambda") return false;
  return settings !== undefined || (functions !== undefined && !Array.isArray(functions));
}

function settingsOf(state: State, version: string): string {
  return settingsFingerprint(functionsOf(state, version));
}
