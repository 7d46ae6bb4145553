import type { TemporaryStageSettings } from "../release/version";
import { changedFields } from "./changed-fields";
import type { Side } from "./side";
import { type Step, type StepKind, versionText } from "./step";

/** What becomes of the stages to preview a version. */
export function temporaryStages({ standing: base }: Side, { standing: head }: Side): Step[] {
  return (["preview", "blue"] as const).flatMap((name): Step[] => {
    const [before, after] = [base[name], head[name]];
    const step = (kind: StepKind, text: string, shownBy: string): Step => ({
      kind,
      text,
      shownBy,
      field: [name],
    });
    if (after === undefined)
      return before === undefined ? [] : [step("close", `close ${name}`, `without ${name}`)];
    const looked = `${versionText(after.version)} behind ${name} from ${after.sources.join(", ")}${byHeader(after)}`;
    if (before === undefined) return [step("open", `open ${looked}`, `with ${name}`)];
    const fields = changedFields(before, after).filter((field) => field !== "since");
    return fields.length === 0
      ? []
      : [step("reopen", `open ${looked}`, fields.map((field) => `${name}.${field}`).join(", "))];
  });
}

function byHeader({ header }: TemporaryStageSettings<string>): string {
  return header === undefined ? "" : `, also by the header ${header.name}: ${header.value}`;
}
