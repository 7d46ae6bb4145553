import { type Arg, DockerfileParser, type Env } from "dockerfile-ast";

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
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword();
    const content = instruction.getArgumentsContent() ?? "";
    if (keyword === "FROM") {
      [entryPoint, command, environment, variables] = [[], undefined, {}, {}];
    } else if (keyword === "ENTRYPOINT") entryPoint = listOf(content);
    else if (keyword === "CMD") command = listOf(content);
    else if (keyword === "ARG") {
      const property = (instruction as Arg).getProperty();
      if (property !== null)
        variables[property.getName()] = given[property.getName()] ?? property.getValue() ?? "";
    } else if (keyword === "ENV") {
      for (const property of (instruction as Env).getProperties()) {
        const value = property.getValue() ?? "";
        const filled = value.replace(/\$\{?(\w+)\}?/g, (_, one: string) => variables[one] ?? "");
        environment[property.getName()] = filled;
        variables[property.getName()] = filled;
      }
    }
  }
  return { entryPoint, command, environment };
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
