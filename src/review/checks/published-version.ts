import { versionFolder } from "../../release/functions/function-settings";
import { modelOf } from "../../release/strategies/strategies";
import type { Change, Continued } from "../change";
import { isContinued } from "../change";
import { codeSpan } from "../code-span";
import type { Finding } from "../finding";
import { servesByItsOwn } from "../own-resources";
import type { Side } from "../side";
import { versionText } from "../step";

/** A published version stays what it is, and what was pruned does not come back. */
export function checkPublishedVersions(change: Change): Finding[] {
  if (!isContinued(change)) return [];
  return [
    ...editedFingerprints(change),
    ...changedInUse(change),
    ...changedContainers(change),
    ...changedPort(change),
    ...wrongSnapshot(change),
    ...publishedAgain(change),
  ].map((finding) => ({ check: "published version", ...finding }));
}

type Told = Omit<Finding, "check">;

function editedFingerprints({ base, head, ref }: Continued): Told[] {
  const [before, after] = [base.fields.versions, head.fields.versions];
  return head.versions
    .filter((version) => base.versions.includes(version))
    .flatMap((version) => {
      const edits: [string, string | undefined, string | undefined][] = [
        ["fingerprint", base.fingerprintOf(version), head.fingerprintOf(version)],
        ["lambdaVersions", numbersText(base, version), numbersText(head, version)],
        ["settingsFingerprint", before[version]?.settingsFingerprint, after[version]?.settingsFingerprint],
      ];
      return edits
        .filter(([, old, now]) => old !== undefined && old !== now)
        .map(([name, old, now]) => ({
          place: head.place(["versions", version, name]),
          message: `'versions.${version}.${name}' is ${now ?? "missing"}, but ${ref} has ${old}: a published version never changes`,
        }));
    });
}

/** `api 3, admin 1` */
function numbersText({ release }: Side, version: string): string | undefined {
  if (release.versionKind !== "lambda") return undefined;
  const found = release.versions.find(({ name }) => name === version);
  return Object.entries(found?.numbers ?? {})
    .map((number) => number.join(" "))
    .sort()
    .join(", ");
}

/** Where a version has functions of its own, changing them changes what its users get at once. */
function changedInUse({ base, head, steps }: Continued): Told[] {
  if (modelOf(head.release).versionKind === "lambda" || base.release.strategy !== head.release.strategy)
    return [];
  return steps
    .filter(({ kind }) => kind === "code" || kind === "settings" || kind === "functions")
    .flatMap(({ kind, version = "", shownBy }) => {
      const percent = base.traffic.get(version) ?? 0;
      // What is kept of logs is nothing that a user meets.
      if (percent === 0 || shownBy === "logRetentionDays") return [];
      const message = `${versionText(version)} serves ${percent} %, and this changes its ${kind} (${codeSpan(shownBy)}): ${wayOut(shownBy, versionFolder(head.release.service, version))}`;
      return [{ place: head.place(head.fieldOf(version)), message }];
    });
}

/** What all versions are bundled with cannot be published as one of them. */
function wayOut(shownBy: string, folder: string): string {
  const isPackages = shownBy.split(", ").every((one) => / in \S*package-lock\.json$/.test(one));
  return isPackages
    ? `keep the locked packages while users have this version, or lock and install its packages in ${folder}`
    : "publish that as a new version";
}

function changedContainers({ head, steps, ref }: Continued): Told[] {
  return steps
    .filter(({ kind }) => kind === "container")
    .map(({ version = "", shownBy, field }) => ({
      place: head.place(field),
      message: `the container of ${versionText(version)} differs from that in ${ref} (${codeSpan(shownBy)}): a published version never changes, so publish the next one`,
    }));
}

/** Task definitions name the port, and a published one is made anew for another. */
function changedPort({ base, head }: Continued): Told[] {
  const [before, after] = [base, head].map(({ release }) => ("ecs" in release ? release.ecs : undefined));
  const kept = head.versions.filter((version) => base.versions.includes(version));
  if (before === undefined || after === undefined || before.port === after.port || kept.length === 0)
    return [];
  const message = `'ecs.port' changes from ${before.port} to ${after.port}: that recreates ${kept.map(versionText).join(" and ")}, but a published version never changes; create a second service and move its callers`;
  return [{ place: head.place(["ecs", "port"]), message }];
}

/** A deployment is a snapshot of the definition that the file has when it is made. */
function wrongSnapshot({ head, steps }: Continued): Told[] {
  if (head.definition === undefined) return [];
  return steps
    .filter(({ kind, version = "" }) => kind === "publish" && head.fingerprintOf(version) !== head.definition)
    .filter(({ version = "" }) => !isSharedDeployment(head, version))
    .map(({ version = "", field }) => ({
      place: head.place(field),
      message: `${versionText(version)} records the definition ${head.fingerprintOf(version)}, but its deployment would be a snapshot of 'api', ${head.definition}`,
    }));
}

/** Versions with one definition share its deployment, where it is made for the definition. */
function isSharedDeployment(
  { release, versions, fingerprintOf }: Continued["head"],
  version: string,
): boolean {
  if (modelOf(release).deploymentOf === "version") return false;
  return versions.some((one) => one !== version && fingerprintOf(one) === fingerprintOf(version));
}

function publishedAgain({ head, steps, pastVersions }: Continued): Told[] {
  // The number of a Lambda version that brings nothing of its own may be forgotten and recorded again.
  if (!servesByItsOwn(modelOf(head.release))) return [];
  return steps
    .filter(({ kind, version = "" }) => kind === "publish" && pastVersions.includes(version))
    .map(({ version = "", field }) => ({
      place: head.place(field),
      message: `${versionText(version)} was published and pruned before: under its name would be another version, so use a new name`,
    }));
}
