export const languages = ["typescript", "python"] as const;
export type Language = (typeof languages)[number];

/**
 * A handler that answers with its version.
 *
 * @param version @default - the number that Lambda gave it
 * @returns its path and text
 */
export function handlerFile(
  folder: string,
  service: string,
  language: Language,
  version?: string,
): [string, string] {
  return language === "python"
    ? [`${folder}/${service}.py`, pythonHandler(service, version)]
    : [`${folder}/${service}.ts`, typescriptHandler(service, version)];
}

/** A handler of events, which answers nobody: it returns what it has done. @returns its path and text */
export function consumerFile(folder: string, service: string, language: Language): [string, string] {
  return language === "python"
    ? [
        `${folder}/${service}.py`,
        `def handler(event, context):
    records = event.get("Records", [event])
    return {"version": context.function_version, "records": len(records)}
`,
      ]
    : [
        `${folder}/${service}.ts`,
        `interface Event {
  readonly Records?: readonly unknown[];
}

export async function handler({ Records = [] }: Event) {
  return { version: process.env["AWS_LAMBDA_FUNCTION_VERSION"], records: Records.length };
}
`,
      ];
}

function typescriptHandler(service: string, version: string | undefined): string {
  const value = version === undefined ? 'process.env["AWS_LAMBDA_FUNCTION_VERSION"] ?? ""' : `"${version}"`;
  return `const version = ${value};

export async function handler() {
  return {
    statusCode: 200,
    headers: { "content-type": "application/json", "x-version": version },
    body: JSON.stringify({ message: \`Hello from ${service} \${version}\` }),
  };
}
`;
}

function pythonHandler(service: string, version: string | undefined): string {
  const value = version === undefined ? "context.function_version" : `"${version}"`;
  return `import json


def handler(event, context):
    version = ${value}
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "x-version": version},
        "body": json.dumps({"message": f"Hello from ${service} {version}"}),
    }
`;
}

/** A server in a container, with what builds its image. */
export function containerFiles(folder: string, service: string): [string, string][] {
  return [
    [
      `${folder}/Dockerfile`,
      `# docker build --platform linux/amd64 --build-arg VERSION=v1 ${folder}
FROM public.ecr.aws/docker/library/node:24-slim
WORKDIR /${service}
COPY server.js .
ARG VERSION
ENV VERSION=$VERSION
USER node
EXPOSE 8080
CMD ["node", "server.js"]
`,
    ],
    [
      `${folder}/server.js`,
      `const { createServer } = require("node:http");

const { PORT = "8080", VERSION = "none" } = process.env;

const server = createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json", "x-version": VERSION });
  response.end(JSON.stringify({ message: \`Hello from ${service} \${VERSION}\` }));
});

server.listen(Number(PORT));

// ECS sends this signal to end a task, and waits for 30 seconds.
process.on("SIGTERM", () => server.close());
`,
    ],
  ];
}
