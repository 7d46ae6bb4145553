import { EventEmitter } from "node:events";

/** A terminal with two screens, as far as this project's programs draw on it. */
export class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  /** What the first screen showed, and what has left it above. */
  readonly first: string[] = [""];
  private second: string[] = [];
  private isSecond = false;
  private row = 0;
  private column = 0;
  hasCursor = true;
  wraps = true;

  constructor(
    public columns: number,
    public rows: number,
  ) {
    super();
  }

  write(text: string): boolean {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a sequence begins with ESC
    for (const [part] of text.matchAll(/\x1b\[\??[0-9]*[A-Za-z]|\n|[^\n\x1b]/gsu)) this.put(part);
    return true;
  }

  /** What is seen: the lines of the screen that is shown. */
  get shown(): string[] {
    const lines = this.isSecond ? this.second : this.first.slice(-this.rows);
    return lines.map((line) => line.trimEnd());
  }

  resize(columns: number, rows: number): void {
    [this.columns, this.rows] = [columns, rows];
    this.emit("resize");
  }

  private put(part: string): void {
    if (part === "\x1b[?25l" || part === "\x1b[?25h") this.hasCursor = part.endsWith("h");
    else if (part === "\x1b[?7l" || part === "\x1b[?7h") this.wraps = part.endsWith("h");
    else if (part === "\x1b[?1049h") [this.isSecond, this.second, this.row, this.column] = [true, [], 0, 0];
    else if (part === "\x1b[?1049l") [this.isSecond, this.row] = [false, this.first.length - 1];
    else if (part === "\x1b[H") [this.row, this.column] = [0, 0];
    else if (part === "\x1b[K") this.lines[this.row] = this.line.slice(0, this.column);
    else if (part === "\x1b[J")
      this.lines.splice(this.row, Number.POSITIVE_INFINITY, this.line.slice(0, this.column));
    else if (/^.\[\d+A$/.test(part)) this.row = Math.max(0, this.row - Number(part.slice(2, -1)));
    else if (part === "\n") this.feed();
    else if (!part.startsWith("\x1b")) this.type(part);
  }

  private get lines(): string[] {
    return this.isSecond ? this.second : this.first;
  }

  private get line(): string {
    return this.lines[this.row] ?? "";
  }

  private type(sign: string): void {
    if (this.column >= this.columns && this.wraps) this.feed();
    const at = Math.min(this.column, this.columns - 1);
    this.lines[this.row] = this.line.slice(0, at).padEnd(at) + sign + this.line.slice(at + 1);
    this.column = at + 1;
  }

  /** On the second screen what leaves it above is gone. */
  private feed(): void {
    this.row++;
    this.column = 0;
    if (this.isSecond && this.row >= this.rows) {
      this.second.shift();
      this.row--;
    }
    this.lines[this.row] ??= "";
  }
}
