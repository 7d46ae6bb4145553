/**
 * Loads a handler and calls it in a child process: calls come as lines of JSON on file descriptor 3, and
 * replies go out on 4, as with the rehearsal's Python runtime.
 */
const { createReadStream, writeSync } = require("node:fs");
const { join } = require("node:path");
const { createInterface } = require("node:readline");

const [, , folder, handler] = process.argv;
const send = (reply) => writeSync(4, `${JSON.stringify(reply)}\n`);
const dot = handler.lastIndexOf(".");

try {
  const handle = require(join(folder, handler.slice(0, dot)))[handler.slice(dot + 1)];
  send({ type: "ready" });
  createInterface({ input: createReadStream("", { fd: 3 }) }).on("line", async (line) => {
    const { event, context } = JSON.parse(line);
    try {
      const getRemainingTimeInMillis = () => Math.max(0, context.deadlineMs - Date.now());
      const answer = await handle(JSON.parse(event), { ...context, getRemainingTimeInMillis });
      send({ type: "answer", answer: JSON.stringify(answer) ?? "null" });
    } catch (error) {
      send({ type: "error", error: String(error?.stack ?? error) });
    }
  });
} catch (error) {
  send({ type: "error", error: String(error?.stack ?? error) });
}
