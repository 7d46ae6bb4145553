import type { Environment } from "../environment/environment";
import type { FileAsGiven } from "../schema/release";
import { modelOf } from "../strategies/strategies";
import { defaultVerdict, type VerdictSettings } from "./verdict";

/**
 * How the canary of a release is compared with stable, field by field: its file's, else its environment's, else the
 * default. A field is taken whole: who gives `metrics` has no others.
 */
export function verdictSettingsOf(
  file: Pick<FileAsGiven, "strategy" | "verdict">,
  environment: Pick<Environment, "verdict">,
): VerdictSettings {
  // What no canary is compared by says nothing of the release.
  if (!modelOf(file).fields.includes("verdict")) return defaultVerdict;
  return { ...defaultVerdict, ...given(environment.verdict), ...given(file.verdict) };
}

function given(settings: FileAsGiven["verdict"] = {}): Partial<VerdictSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
