import type { Release } from "../src/release/release";
import { modelOf } from "../src/release/strategies/strategies";

/** What a dashboard says of its release. It names no version: a step would change the dashboard with it. */
export function dashboardText(release: Release): string[] {
  const { service, environment, strategy } = release;
  const { trial } = modelOf(release);
  const name = `${environment.name}/${service}`;
  return [
    `\`releases/${name}.json\` releases it by \`${strategy}\`; \`${trial}\` in it is the version on trial.`,
    "",
    `Which versions serve users: \`npx lambda-release status ${name} --live\``,
  ];
}
