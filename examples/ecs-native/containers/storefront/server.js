const { createServer } = require("node:http");

const { PORT = "8080", VERSION = "none" } = process.env;
const products = ["tea", "coffee", "cocoa"];

const server = createServer((request, response) => {
  const isKnown = request.url === "/";
  response.writeHead(isKnown ? 200 : 404, { "content-type": "application/json", "x-version": VERSION });
  response.end(JSON.stringify(isKnown ? { products } : { message: "not found" }));
});

server.listen(Number(PORT));

// ECS asks a task to end, and gives it half a minute.
process.on("SIGTERM", () => server.close());
