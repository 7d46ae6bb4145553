/**
 * Runs the app of this project for every folder that it is asked for, one after the other: `served-app.ts` starts it.
 * An app of its own takes 1.7 seconds for each synthesis, most of them for loading cdktf and zod.
 */
const { createServer } = require("node:http");
const { App } = require("cdktf");
const { tryReleases } = require("../../dist/stacks/releases.js");

let last = Promise.resolve();

createServer(async (request, response) => {
  const chunks = await request.toArray();
  last = last.then(async () => {
    const answer = await run(JSON.parse(Buffer.concat(chunks).toString()));
    response.end(JSON.stringify(answer));
  });
}).listen(process.argv[2]);
// Its end is that of the tests.
process.stdin.on("end", () => process.exit()).resume();

/** As main.ts does it. */
async function run({ folder, variables }) {
  process.chdir(folder);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, variables);
  const lines = [];
  console.error = (line) => lines.push(`${line}\n`);
  try {
    const app = new App();
    const problems = await tryReleases(app, folder);
    if (problems.length > 0)
      return { exitCode: 1, stderr: [...lines, ...problems.map((line) => `${line}\n`)].join("") };
    app.synth();
    return { exitCode: 0, stderr: lines.join("") };
  } catch (error) {
    return { exitCode: 1, stderr: `${lines.join("")}${error.stack}\n` };
  }
}
