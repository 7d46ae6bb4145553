import { readFile } from "node:fs/promises";
import { createRequire, SourceMap, type SourceMapPayload } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import type { Message, OnLoadResult, Plugin } from "esbuild";
import type TypeScript from "typescript";
import type { Problem } from "../release/problem";
import { compilerOption } from "./compiler-options";

/** The parts of TypeScript that are used. */
type Compiler = Pick<
  typeof TypeScript,
  | "ModuleKind"
  | "ScriptTarget"
  | "JsxEmit"
  | "transpileModule"
  | "parseJsonConfigFileContent"
  | "readConfigFile"
  | "sys"
>;

/**
 * Compiles files that have decorators by the project's own TypeScript, where a tsconfig.json asks for
 * `emitDecoratorMetadata`: esbuild knows no types, and so writes no metadata of them.
 * https://esbuild.github.io/content-types/#no-type-system
 */
export class DecoratorMetadata {
  /** By absolute path, what leads from the compiled lines back to the source's. */
  private readonly maps = new Map<string, SourceMap>();

  private constructor(
    private readonly project: string,
    private readonly typeScript: Compiler,
    private readonly options: TypeScript.CompilerOptions,
    private readonly withSourceMap: boolean,
  ) {}

  /**
   * @param tsconfig path of the file that counts, relative to the project. @default - none does
   * @param withSourceMap whether the bundle has a source map
   * @returns nothing where it does not ask for metadata
   */
  static of(
    project: string,
    tsconfig: string | undefined,
    withSourceMap: boolean,
  ): DecoratorMetadata | Problem | undefined {
    const asked = compilerOption(project, tsconfig, "emitDecoratorMetadata");
    if (tsconfig === undefined || asked?.value !== true) return undefined;
    const { file, position } = asked;
    const problem = (message: string): Problem => ({
      file,
      field: ["compilerOptions", "emitDecoratorMetadata"],
      message,
      position,
    });
    if (compilerOption(project, tsconfig, "experimentalDecorators")?.value !== true)
      return problem("must not be true without 'experimentalDecorators', whose decorators have metadata");
    const typeScript = compilerOf(project);
    if (typeScript === undefined)
      return problem(
        "must not be true without TypeScript in the project, which writes the metadata: run 'npm install --save-dev typescript@5'",
      );
    const options = optionsOf(typeScript, join(project, tsconfig));
    return new DecoratorMetadata(project, typeScript, options, withSourceMap);
  }

  readonly plugin: Plugin = {
    name: "decorator-metadata",
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.[cm]?tsx?$/, namespace: "file" }, ({ path }) => this.compiled(path));
    },
  };

  /** @returns nothing of a file without decorators, or of a package */
  async compiled(path: string): Promise<OnLoadResult | undefined> {
    if (!/\.[cm]?tsx?$/.test(path) || /[\\/]node_modules[\\/]/.test(path)) return undefined;
    const source = await readFile(path, "utf8");
    if (!/@[A-Za-z_$(]/.test(source)) return undefined;
    const { outputText, sourceMapText = "" } = this.typeScript.transpileModule(source, {
      fileName: basename(path),
      compilerOptions: this.options,
    });
    const code = outputText.replace(/\/\/# sourceMappingURL=\S+\s*$/, "");
    this.maps.set(path, new SourceMap(JSON.parse(sourceMapText) as SourceMapPayload));
    const map = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(sourceMapText).toString("base64")}\n`;
    return { contents: this.withSourceMap ? code + map : code, loader: path.endsWith("x") ? "jsx" : "js" };
  }

  /** What esbuild says of a compiled line, said of the source's. */
  ofSource(message: Message): Message {
    const { location } = message;
    if (location === null) return message;
    const map = this.maps.get(resolve(this.project, location.file));
    if (map === undefined) return message;
    const text = message.text.replace(
      /^No matching export in (".*") for import "(.+)"$/,
      'No matching export in $1 for import "$2"; where that is a type, write "import type": with emitDecoratorMetadata each file is compiled by itself',
    );
    const found = map.findEntry(location.line - 1, location.column);
    if (!("originalLine" in found)) return { ...message, text };
    return {
      ...message,
      text,
      location: { ...location, line: found.originalLine + 1, column: found.originalColumn },
    };
  }
}

function compilerOf(project: string): Compiler | undefined {
  try {
    const found = createRequire(join(resolve(project), "package.json"))("typescript") as Partial<Compiler>;
    return typeof found.transpileModule === "function" ? (found as Compiler) : undefined;
  } catch {
    return undefined;
  }
}

/** The file's options for a single module: esbuild does all but decorators, for the Node that runs it. */
function optionsOf(typeScript: Compiler, tsconfig: string): TypeScript.CompilerOptions {
  const { config = {} } = typeScript.readConfigFile(tsconfig, typeScript.sys.readFile);
  const host = { ...typeScript.sys, readDirectory: () => [] };
  const { options } = typeScript.parseJsonConfigFileContent(config, host, dirname(tsconfig));
  const { target = typeScript.ScriptTarget.ESNext } = options;
  const { strict, strictNullChecks, verbatimModuleSyntax, preserveValueImports } = options;
  return {
    strict,
    strictNullChecks,
    verbatimModuleSyntax,
    preserveValueImports,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    // As esbuild decides it.
    useDefineForClassFields: options.useDefineForClassFields ?? target >= typeScript.ScriptTarget.ES2022,
    target: typeScript.ScriptTarget.ESNext,
    module: typeScript.ModuleKind.Preserve ?? typeScript.ModuleKind.ESNext,
    jsx: typeScript.JsxEmit.Preserve,
    sourceMap: true,
  };
}
