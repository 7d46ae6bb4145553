/** What a Dockerfile says of running its image. */
export interface ImageSettings {
  /** @default - it is a text, which a shell of the image would run */
  readonly entryPoint?: readonly string[];
  /** @default - it is a text, or there is none */
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Reads the last stage of a Dockerfile.
 *
 * @param given build arguments
 */
export function readDockerfile(text: string, given: Readonly<Record<string, string>>): ImageSettings {
  let entryPoint: string[] | undefined = [];
  let command: string[] | undefined;
  let environment: Record<string, string> = {};
  let variables: Record<string, string> = {};
  for (const [instruction, rest] of instructionsOf(text)) {
    if (instruction === "FROM") {
      [entryPoint, command, environment, variables] = [[], undefined, {}, {}];
    } else if (instruction === "ENTRYPOINT") entryPoint = listOf(rest);
    else if (instruction === "CMD") command = listOf(rest);
    else if (instruction === "ARG") {
      const [, name = "", otherwise = ""] = /^(\w+)(?:=(.*))?$/.exec(rest) ?? [];
      variables[name] = given[name] ?? unquoted(otherwise);
    } else if (instruction === "ENV") {
      for (const [name, value] of assignmentsIn(rest)) {
        environment[name] = value.replace(/\$\{?(\w+)\}?/g, (_, one: string) => variables[one] ?? "");
        variables[name] = environment[name] ?? "";
      }
    }
  }
  return { entryPoint, command, environment };
}

function instructionsOf(text: string): [string, string][] {
  const lines = text
    .split(/\r?\n/)
    // A comment goes, and does not end an instruction that goes on in the next line.
    .map((line) => (line.trimStart().startsWith("#") ? "" : line))
    .join("\n")
    .replaceAll("\\\n", " ")
    .split("\n");
  return lines.flatMap((line): [string, string][] => {
    const [, instruction = "", rest = ""] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    return instruction === "" ? [] : [[instruction.toUpperCase(), rest]];
  });
}

/** `["node", "server.js"]` @returns nothing where it is a text */
function listOf(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/** `NAME=value OTHER="a b"`, or in the old way `NAME value`. */
function assignmentsIn(text: string): [string, string][] {
  const [, alone, all = ""] = /^(\w+)\s+(.*)$/.exec(text) ?? [];
  if (alone !== undefined) return [[alone, all]];
  const found = [...text.matchAll(/(?<!\w)(\w+)=("[^"]*"|'[^']*'|\S*)/g)];
  return found.map(([, name = "", value = ""]) => [name, unquoted(value)]);
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, "$2");
}
