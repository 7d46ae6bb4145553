/** What a Dockerfile says of running its image. */
export interface ImageSettings {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Reads the last stage of a Dockerfile.
 *
 * @param given build arguments
 * @returns an empty command where it has no CMD or ENTRYPOINT as a list
 */
export function readDockerfile(text: string, given: Readonly<Record<string, string>>): ImageSettings {
  let entryPoint: string[] = [];
  let command: string[] = [];
  let environment: Record<string, string> = {};
  let variables: Record<string, string> = {};
  for (const [instruction, rest] of instructionsOf(text)) {
    if (instruction === "FROM") {
      [entryPoint, command, environment, variables] = [[], [], {}, {}];
    } else if (instruction === "ENTRYPOINT") entryPoint = listOf(rest);
    else if (instruction === "CMD") command = listOf(rest);
    else if (instruction === "ARG") {
      const [name = "", otherwise = ""] = rest.split("=", 2);
      variables[name] = given[name] ?? unquoted(otherwise);
    } else if (instruction === "ENV") {
      for (const [name, value] of assignmentsIn(rest)) {
        environment[name] = value.replace(/\$\{?(\w+)\}?/g, (_, one: string) => variables[one] ?? "");
        variables[name] = environment[name] ?? "";
      }
    }
  }
  return { command: [...entryPoint, ...command], environment };
}

function instructionsOf(text: string): [string, string][] {
  const lines = text
    .replace(/^\s*#.*$/gm, "")
    .replace(/\\\r?\n/g, " ")
    .split(/\r?\n/);
  return lines.flatMap((line): [string, string][] => {
    const [, instruction = "", rest = ""] = /^\s*(\w+)\s+(.*?)\s*$/.exec(line) ?? [];
    return instruction === "" ? [] : [[instruction.toUpperCase(), rest]];
  });
}

/** `["node", "server.js"]`; a text would be run by a shell of the image. */
function listOf(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}

function assignmentsIn(text: string): [string, string][] {
  const found = [...text.matchAll(/(\w+)=("[^"]*"|'[^']*'|\S*)/g)];
  return found.map(([, name = "", value = ""]) => [name, unquoted(value)]);
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, "$2");
}
