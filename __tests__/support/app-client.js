/** The `app` of a project's cdktf.json where `served-app.ts` has it served. */
const { request } = require("node:http");

function ask(tries) {
  const asked = request({ socketPath: process.argv[2], method: "POST" }, async (response) => {
    const { exitCode, stderr } = JSON.parse(Buffer.concat(await response.toArray()).toString());
    process.stderr.write(stderr);
    process.exitCode = exitCode;
  });
  asked.on("error", (error) => {
    // The server has only been started.
    if (tries === 0) throw error;
    setTimeout(ask, 50, tries - 1);
  });
  asked.end(JSON.stringify({ folder: process.cwd(), variables: process.env }));
}

ask(400);
