import type { ReleaseContext } from "../release-context";
import { versionsInFile } from "../release-context";
import type { FileAsGiven } from "../schema/release";
import { modelOf, strategiesThat } from "../strategies/strategies";
import type { Finding } from "./finding";
import { isGiven } from "./strategy";

/** By field that belongs to an API, why a service without one does not have it. */
const fieldsOfApi = {
  preview: "a preview is a stage of the API; invoke the version by its number",
  requests: "there is nothing to send them to; 'rehearse --events' plays events",
  stage: "there is no stage",
} as const satisfies Partial<Record<keyof FileAsGiven, string>>;

/** Where there is no API, an alias must lead users, and nothing of an API may be given. */
export function checkWithoutApi({ file }: ReleaseContext): Finding[] {
  if (!file.withoutApi) return [];
  const { strategy } = file;
  if (modelOf(file).aliasOf !== "all") {
    const able = strategiesThat(({ aliasOf }) => aliasOf === "all");
    const message = `must not be false with ${strategy}: only the strategies of one alias need no API, ${able}`;
    return [{ field: ["api"], message, value: false }];
  }
  const given = Object.entries(fieldsOfApi).filter(([field]) =>
    isGiven(file, field as keyof typeof fieldsOfApi),
  );
  const recorded = Object.entries(versionsInFile(file)).filter(
    ([, { fingerprint }]) => fingerprint !== undefined,
  );
  return [
    ...given.map(([field, why]) => ({
      field: [field],
      message: `must not be given with "api": false: ${why}`,
    })),
    ...recorded.map(([version, { fingerprint }]) => ({
      field: ["versions", version, "fingerprint"],
      message: 'must not be given with "api": false: there is no API definition',
      value: fingerprint,
    })),
  ];
}
