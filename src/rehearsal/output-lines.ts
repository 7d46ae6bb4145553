import type { Readable } from "node:stream";

/** A line that is printed is shown up to here, in characters. */
const mostShown = 64 * 1024;

/**
 * The lines that a process prints. One without an end is cut, and the rest of it is dropped: a handler may print more
 * than fits into memory.
 */
export function onOutputLine(stream: Readable, receive: (line: string) => void): void {
  let text = "";
  let isCut = false;
  const take = (part: string) => {
    if (isCut) return;
    text += part.slice(0, mostShown - text.length);
    if (text.length < mostShown) return;
    receive(`${text}... (cut after ${mostShown} characters)`);
    isCut = true;
  };
  const end = () => {
    if (!isCut) receive(text.replace(/\r$/, ""));
    text = "";
    isCut = false;
  };
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    let from = 0;
    for (let to = chunk.indexOf("\n"); to !== -1; to = chunk.indexOf("\n", from)) {
      take(chunk.slice(from, to));
      end();
      from = to + 1;
    }
    take(chunk.slice(from));
  });
  stream.on("end", () => {
    if (text !== "") end();
  });
}
