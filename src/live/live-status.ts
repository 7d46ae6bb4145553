import type { ReadRelease } from "../release/files/project";
import { modelOf } from "../release/strategies/strategies";
import type { LiveStatus } from "./live-release";

/**
 * Reads who serves a release's users in AWS and what they run, and compares that with the file and the code beside
 * it. The AWS SDK and the bundler are loaded with it, and only what this kind of release needs.
 */
export async function readLiveStatus({
  release,
  project,
}: Pick<ReadRelease, "release" | "project">): Promise<LiveStatus> {
  if (release.strategy === "ecs-native") {
    const { nativeStatus } = await import("./native-service.js");
    return nativeStatus(release);
  }
  if (modelOf(release).versionKind === "container") {
    const { liveStatus } = await import("./live-service.js");
    return liveStatus(release);
  }
  const { liveStatus } = await import("./live-release.js");
  return liveStatus(release, async () => {
    const { packageHandlers } = await import("../synth/handler-files.js");
    return packageHandlers(project, [release]);
  });
}

/** The line that comes after the differences, or in place of them. */
export function verdictOf({ differences, unknown, troubles }: LiveStatus): string | undefined {
  if (differences.length > 0) return undefined;
  const isComplete = unknown.length + troubles.length === 0;
  return isComplete ? "AWS matches the file." : "As far as it was compared, AWS matches the file.";
}
