import { hasUnicode } from "./sparkline";
import { cut } from "./width";

type Terminal = Pick<NodeJS.WriteStream, "write" | "columns" | "rows" | "on" | "off">;

/** The other screen of a terminal, without a cursor, where a long line is cut: what stands on the first one is kept. */
const enter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const leave = "\x1b[?7h\x1b[?25h\x1b[?1049l";

/**
 * Draws on a terminal's other screen, in place, and leaves the first one as it was. It is drawn anew when the terminal
 * gets another size, and when the program goes on after it was stopped (Ctrl+Z).
 */
export class Screen {
  private lines: (width: number) => readonly string[] = () => [];
  private isOpen = false;
  private readonly redraw = () => this.paint();
  private readonly restore = () => this.close();
  private readonly stop = () => {
    this.terminal.write(leave);
    process.once("SIGCONT", () => {
      if (this.isOpen) this.terminal.write(enter);
      this.paint();
    });
    process.kill(process.pid, "SIGSTOP");
  };

  constructor(private readonly terminal: Terminal) {}

  /** @param lines by the terminal's width; those that have no room below are left out */
  draw(lines: (width: number) => readonly string[]): void {
    this.lines = lines;
    if (!this.isOpen) this.open();
    this.paint();
  }

  /** Shows the first screen, with its cursor, as it was. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.terminal.off("resize", this.redraw);
    process.off("exit", this.restore);
    process.off("SIGTSTP", this.stop);
    this.terminal.write(leave);
  }

  /** Columns of the terminal. Some say that they have none. */
  get width(): number {
    return this.terminal.columns || 80;
  }

  private open(): void {
    this.isOpen = true;
    this.terminal.on("resize", this.redraw);
    // However the program ends.
    process.on("exit", this.restore);
    if (process.platform !== "win32") process.on("SIGTSTP", this.stop);
    this.terminal.write(enter);
  }

  private paint(): void {
    if (!this.isOpen) return;
    const { width } = this;
    const rows = this.terminal.rows || 24;
    const all = this.lines(width);
    const shown =
      all.length <= rows ? all : [...all.slice(0, rows - 1), `... ${all.length - rows + 1} more lines`];
    const end = hasUnicode() ? "…" : "~";
    const text = shown.map((line) => `${cut(line, width, end)}\x1b[K`).join("\n");
    // Nothing is cleared before it is written: that would flicker.
    this.terminal.write(`\x1b[H${text}\x1b[J`);
  }
}
