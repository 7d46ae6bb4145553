import express from "express";
import serverless from "serverless-http";

const notes = new Map([
  ["1", { id: "1", text: "Buy milk" }],
  ["2", { id: "2", text: "Call the bank" }],
]);

const app = express();
app.use(express.json());

app.get("/", (_, response) => {
  response.json({ service: "notes", version: "v1" });
});

app.get("/notes/:id", (request, response) => {
  const note = notes.get(request.params.id);
  if (note === undefined) response.status(404).json({ error: `there is no note ${request.params.id}` });
  else response.json(note);
});

app.post("/notes", (request, response) => {
  const { text } = request.body;
  if (typeof text !== "string") response.status(400).json({ error: "'text' must be a text" });
  else response.status(201).location("/notes/3").json({ id: "3", text });
});

app.use((request, response) => {
  response.status(404).json({ error: `there is no ${request.method} ${request.path}` });
});

export const handler = serverless(app);
