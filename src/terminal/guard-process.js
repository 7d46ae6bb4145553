/**
 * Waits for the end of the process that started it, however that comes, and ends what it has left: process groups
 * and temporary folders. It is told of them by lines: `+group 12`, `-group 12`, `+folder /tmp/a`, `-folder /tmp/a`.
 */
const { rmSync } = require("node:fs");
const { createInterface } = require("node:readline");

const left = new Set();

createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (line.startsWith("+")) left.add(line.slice(1));
    else left.delete(line.slice(1));
  })
  .on("close", () => {
    const named = (kind) =>
      [...left].filter((one) => one.startsWith(kind)).map((one) => one.slice(kind.length));
    for (const group of named("group ")) {
      try {
        process.kill(-Number(group), "SIGKILL");
      } catch {
        // It is gone already.
      }
    }
    for (const folder of named("folder ")) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
