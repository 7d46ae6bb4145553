import type { ShiftProgress, Sight } from "../live/sight";
import type { Wait } from "../live/wait";
import type { Trouble } from "../live/watch";
import { coloured } from "../terminal/colour";
import { cut } from "../terminal/width";

/** What is shown of a shift at one moment. */
export type Shown = Pick<Sight, "id" | "part" | "status" | "target" | "events" | "waits" | "rollsBack">;

type Output = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns"> & { readonly rows?: number };

/**
 * Shows how a shift goes: each change is a line; on a terminal the lines of each deployment are written anew, and below
 * them what the versions do.
 */
export class RolloutView {
  /** By deployment, what was shown of it last. */
  private readonly shown = new Map<string, readonly string[]>();
  /** The same of those whose lines can be written anew. */
  private readonly drawn = new Map<string, readonly string[]>();
  private besideLines: (width: number) => readonly string[] = () => [];
  /** How many lines on the terminal are written anew. */
  private rows = 0;

  /** @param service `<environment>/<service>` */
  constructor(
    private readonly output: Output,
    private readonly service: string,
  ) {}

  show(seen: Shown | Trouble): void {
    if ("trouble" in seen) {
      this.output.write(`${coloured("yellow", "waiting", this.output)}  ${seen.trouble}\n`);
      // What stands above it stays.
      this.drawn.clear();
      this.rows = 0;
      return;
    }
    const lines = linesOf(seen, this.service);
    if (this.output.isTTY) this.redraw(seen.id, lines);
    else this.append(seen.id, lines);
    this.shown.set(seen.id, lines);
  }

  /** Shows lines below the deployments, on a terminal that has room for both. @param lines by its width */
  showBeside(lines: (width: number) => readonly string[]): void {
    this.besideLines = lines;
    if (this.output.isTTY && this.drawn.size > 0) this.draw();
  }

  private append(id: string, lines: readonly string[]): void {
    const former = this.shown.get(id) ?? [];
    const time = new Date().toISOString().slice(11, 19);
    for (const line of lines) {
      if (former.includes(line)) continue;
      this.output.write(`${time}  ${line}\n`);
    }
  }

  private redraw(id: string, lines: readonly string[]): void {
    this.drawn.set(id, lines);
    this.draw();
  }

  private draw(): void {
    if (this.rows > 0) this.output.write(`\x1b[${this.rows}A\x1b[J`);
    // A line that is broken would be two to go back over. Some terminals say that they have no columns.
    const width = (this.output.columns || 80) - 1;
    const deployments = [...this.drawn.values()].flat();
    const beside = this.besideLines(width);
    // What has left the terminal above cannot be written anew.
    const hasRoom = deployments.length + beside.length + 1 < (this.output.rows || 24);
    const lines = hasRoom && beside.length > 0 ? [...deployments, "", ...beside] : deployments;
    for (const line of lines) this.output.write(`${cut(line, width)}\n`);
    this.rows = lines.length;
  }
}

function linesOf({ id, part, status, target, events, waits, rollsBack }: Shown, service: string): string[] {
  const what = rollsBack === undefined ? "" : `, rolls ${rollsBack} back`;
  const lines = [
    `${id}  ${status}${what}`,
    ...events.filter(({ status }) => status !== "Pending").map(({ name, status }) => `${name}  ${status}`),
    ...(target === undefined ? [] : [`${whoOf(target)}  ${target.percent} %`]),
    ...(waits === undefined ? [] : waitLines(waits, target, service)),
  ];
  return part === undefined ? lines : lines.map((line) => `${part}  ${line}`);
}

function whoOf({ version }: ShiftProgress): string {
  return version === undefined ? "the version that it moves to" : `version ${version}`;
}

/** What ends a wait is a line of its own: a terminal cuts long ones. */
function waitLines(wait: Wait, shift: ShiftProgress | undefined, service: string): string[] {
  const next = `npx lambda-release continue ${service}`;
  const until = untilText(wait);
  if (wait.for === "operator")
    return [`waits  for an operator${until}, and stops then`, `next   ${next}   moves users`];
  return [`keeps  the tasks of ${shift?.from ?? "the version before"}${until}`, `or     ${next}   ends them`];
}

/** ` until 2026-11-21 14:30 UTC` */
export function untilText({ until }: Wait): string {
  return until === undefined ? "" : ` until ${until.slice(0, 16).replace("T", " ")} UTC`;
}
