import { modelOf } from "../../release/strategies/strategies";
import type { Change, Continued } from "../change";
import { isContinued } from "../change";
import { codeSpan } from "../code-span";
import type { Finding } from "../finding";
import { servesByItsOwn } from "../own-resources";
import { isMove, type Step, type StepKind, versionText } from "../step";

/** Traffic moves alone: what comes with a move cannot be rolled back with it. */
export function checkOneKind(change: Change): Finding[] {
  if (!isContinued(change)) return [];
  return change.steps
    .filter(isMove)
    .flatMap((step) => [...publishedToo(change, step), ...changedToo(change, step)]);
}

function publishedToo(change: Continued, move: Step): Finding[] {
  const { head, steps } = change;
  const added = steps
    .filter((step) => step.kind === "publish" && brings(change, step))
    .map(({ version = "" }) => versionText(version));
  const deployed = steps.filter(
    ({ kind }) =>
      modelOf(head.release).versionKind === "lambda" &&
      (kind === "code" || kind === "settings" || kind === "functions"),
  );
  const what = [...added, ...(deployed.length > 0 ? ["the next version"] : [])];
  if (what.length === 0) return [];
  const message = `publishes ${what.join(" and ")} and moves traffic in one change: publish first, in a change that moves no traffic`;
  return [{ check: "publish and shift", place: head.place(move.field), message }];
}

/** The number of a Lambda version brings nothing, unless an alias or a deployment is made for it. */
function brings({ base, head }: Continued, { version = "" }: Step): boolean {
  if (servesByItsOwn(modelOf(head.release))) return true;
  return !base.versions.some((one) => base.fingerprintOf(one) === head.fingerprintOf(version));
}

/** What changes other things than who serves. Where CodeDeploy moves users, the file's move is no change in AWS. */
const beside: readonly StepKind[] = [
  "prune",
  "api",
  "add API",
  "remove API",
  "code",
  "settings",
  "permissions",
  "functions",
  "alias",
  "concurrency",
  "reserve",
  "stage",
  "address",
  "alarms",
  "guard",
  "verdict",
  "dashboard",
  "triggers",
  "tags",
  "boundary",
  "adopt",
];

function changedToo(change: Continued, move: Step): Finding[] {
  const { head, steps } = change;
  if (modelOf(head.release).movedBy === "codedeploy") return [];
  const others = steps.filter((step) => beside.includes(step.kind) && !isToldElsewhere(change, step));
  if (others.length === 0) return [];
  const what = others.map(({ text, shownBy }) => `${text} (${codeSpan(shownBy)})`).join(", ");
  const message = `moves traffic and does more in one change, ${what}: make two changes, so that each can be rolled back`;
  return [{ check: "beside a move", place: head.place(move.field), message }];
}

/** What another finding says already: versions in use that change or go, and the next Lambda version. */
function isToldElsewhere({ base, head, steps }: Continued, { kind, version = "" }: Step): boolean {
  switch (kind) {
    case "code":
    case "settings":
    case "functions":
      return modelOf(head.release).versionKind === "lambda" || (base.traffic.get(version) ?? 0) > 0;
    case "prune":
      return [base.standing.stable, base.standing.canary?.version].includes(version);
    case "api":
      return steps.some((step) => step.kind === "publish");
    default:
      return false;
  }
}
