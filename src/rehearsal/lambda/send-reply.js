/** Sends the rehearsal a line on file descriptor 4, before anything else is done. */
const { writeSync } = require("node:fs");

function send(reply) {
  let rest = Buffer.from(`${reply}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(4, rest));
    } catch (error) {
      // The reader is slower than this: the pipe is full for a moment.
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

module.exports = { send };
