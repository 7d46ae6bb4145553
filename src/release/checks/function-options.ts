import { accountOf, regionOf } from "../aws/arn";
import { snapStartRuntimes } from "../functions/runtimes";
import { codeFolders, functionNames, functionsOf } from "../functions/service-functions";
import { ownFolder, type ReleaseContext, versionsInFile } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";
import { distinct, fieldOfSetting, placesOf, settingsPlaces } from "./settings-places";

/** A function's key is of its region; where GitHub deploys, it is also of the account, as the functions' boundary is. */
export function checkKeys(context: ReleaseContext): Finding[] {
  const { region, github, allowedAccountIds } = context.environment;
  return settingsPlaces(context).flatMap(({ field, settings: { kmsKeyArn } }) => {
    if (kmsKeyArn === undefined) return [];
    const place = { field: [...field, "kmsKeyArn"], value: kmsKeyArn };
    if (regionOf(kmsKeyArn) !== region)
      return [{ ...place, message: `must be a key in the function's region, ${region}` }];
    const isForeign = allowedAccountIds !== undefined && !allowedAccountIds.includes(accountOf(kmsKeyArn));
    if (github === undefined || !isForeign) return [];
    return [{ ...place, message: `must be a key of this account, ${allowedAccountIds.join(" or ")}` }];
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html */
export function checkLogging(context: ReleaseContext): Finding[] {
  return settingsPlaces(context).flatMap(({ field, settings: { logging } }) => {
    if (logging === undefined || logging.format === "json") return [];
    return (["applicationLevel", "systemLevel"] as const)
      .filter((level) => logging[level] !== undefined)
      .map((level) => ({
        field: [...field, "logging", level],
        message: 'must not be given with format "text": Lambda filters JSON logs only',
        value: logging[level],
      }));
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-runtimes */
export function checkSnapStart(context: ReleaseContext): Finding[] {
  if (context.file.settings?.snapStart !== true) return [];
  const refused = snapStartRefusal(context);
  if (refused === undefined) return [];
  return [{ field: ["settings", "snapStart"], message: `must not be true with ${refused}`, value: true }];
}

function snapStartRefusal(context: ReleaseContext): string | undefined {
  const { file } = context;
  if (modelOf(file).versionKind !== "lambda")
    return `${file.strategy}: Lambda takes a snapshot of published versions only`;
  if (file.image !== undefined) return "'image': Lambda takes no snapshot of a container image";
  const all = codeFolders(file).flatMap((folder) => functionsOf(context, folder).map((one) => one.settings));
  const other = all.find(({ runtime }) => !snapStartRuntimes.includes(runtime));
  if (other !== undefined)
    return `runtime ${other.runtime}: Lambda takes snapshots with ${snapStartRuntimes.join(", ")}`;
  if (all.some(({ ephemeralStorageMb = 512 }) => ephemeralStorageMb > 512))
    return "'ephemeralStorageMb' over 512";
  const provisioned = Object.values(versionsInFile(file)).some((one) => one.provisionedConcurrency);
  return provisioned ? "'provisionedConcurrency': Lambda offers one of the two" : undefined;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html: what is kept ready counts as reserved. */
export function checkReservedConcurrency(context: ReleaseContext): Finding[] {
  const { file } = context;
  if (modelOf(file).versionKind !== "lambda") return [];
  const findings = functionNames(context).flatMap((name) => {
    const places = placesOf(context, ownFolder, name);
    const reserved = places.findLast((one) => one.settings.reservedConcurrency !== undefined)?.settings
      .reservedConcurrency;
    const ready = Object.values(versionsInFile(file)).reduce(
      (sum, { provisionedConcurrency = 0, lambdaVersions }) =>
        lambdaVersions === undefined || name in lambdaVersions ? sum + provisionedConcurrency : sum,
      0,
    );
    if (reserved === undefined || ready <= reserved) return [];
    return [
      {
        field: fieldOfSetting(places, "reservedConcurrency"),
        message: `must be at least ${ready}, the sum of 'provisionedConcurrency' of all versions`,
        value: reserved,
      },
    ];
  });
  return distinct(findings);
}
