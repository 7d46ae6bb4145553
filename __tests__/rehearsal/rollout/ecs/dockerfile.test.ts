import { readDockerfile } from "../../../../src/rehearsal/rollout/ecs/dockerfile";

const node = ["node", "server.js"];

test.each<[string, string, object]>([
  ["a command", 'FROM node\nCMD ["node", "server.js"]', { command: node, environment: {} }],
  [
    "a command with its entry point",
    'ENTRYPOINT ["node"]\nCMD ["server.js"]',
    { entryPoint: ["node"], command: ["server.js"] },
  ],
  ["the last of several", 'CMD ["other"]\ncmd ["node","server.js"]', { command: node }],
  [
    "the last stage",
    'FROM node AS build\nENV A=1\nCMD ["other"]\nFROM node\nENV B=2\nCMD ["node", "server.js"]',
    { command: node, environment: { B: "2" } },
  ],
  ["lines that go on, and comments between", '# a\nCMD ["node", \\\n  "server.js"]\n# b', { command: node }],
  ["nothing of a command for a shell", "CMD node server.js", { entryPoint: [], command: undefined }],
  ["nothing of no command", "FROM node", { entryPoint: [], command: undefined }],
  [
    "variables, with build arguments and what stands for them",
    'ARG VERSION\nARG MODE="fast"\nARG NONE\nENV VERSION=$VERSION MODE=${MODE} NONE=$NONE TEXT="a b"',
    { environment: { VERSION: "v7", MODE: "fast", NONE: "", TEXT: "a b" } },
  ],
  [
    "nothing of an entry point for a shell",
    'ENTRYPOINT exec node\nCMD ["server.js"]',
    { entryPoint: undefined },
  ],
  [
    "a value with an equals sign, and a variable in the old way",
    "ARG FLAGS=--max=5\nENV NODE_OPTIONS $FLAGS --inspect",
    { environment: { NODE_OPTIONS: "--max=5 --inspect" } },
  ],
  [
    "nothing of what a heredoc or an escaped line's end holds",
    '# escape=`\nRUN <<END\nCMD ["no"]\nEND\nCMD ["node", `\n  "server.js"]',
    { command: node },
  ],
  [
    "values with escaped spaces and quotes",
    'ENV A=a\\ b B="say \\"hi\\"" \\\n  # a comment between\n  C=c',
    { environment: { A: "a b", B: 'say "hi"', C: "c" } },
  ],
])("a Dockerfile tells %s", (_, text, expected) => {
  expect(readDockerfile(text, { VERSION: "v7" })).toMatchObject(expected);
});
