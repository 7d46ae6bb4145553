import ts from "typescript";

/** New names of npm packages, by their present ones. */
export type Renames = Readonly<Record<string, string>>;

/** Calls that name a module by their first argument. */
const callsOfModules = ["require", "require.resolve", "import", "jest.mock", "jest.requireActual"];

/**
 * The text of a module, in TypeScript, of types alone or in JavaScript, that imports other packages in place of those it
 * names: packages are found where the language names a module, and nowhere else in the text.
 */
export function renameSpecifiers(file: string, text: string, renames: Renames): string {
  // To read a module takes longer than to search it.
  if (!Object.keys(renames).some((name) => text.includes(name))) return text;
  let renamed = text;
  // From the end: what stands before keeps its place.
  for (const literal of specifiersIn(file, text).reverse()) {
    const name = packageOf(literal.text);
    const other = renames[name];
    if (other === undefined) continue;
    const start = literal.getStart() + 1;
    renamed = renamed.slice(0, start) + other + renamed.slice(start + name.length);
  }
  return renamed;
}

/** The packages that a module names, each as often as it does; its own files and Node's modules are none. */
export function packagesNamedIn(file: string, text: string): string[] {
  return specifiersIn(file, text)
    .map(({ text: specifier }) => specifier)
    .filter((specifier) => !/^(\.|node:)/.test(specifier))
    .map(packageOf);
}

/** `@cdktf/provider-aws/lib/provider` is of `@cdktf/provider-aws`. */
function packageOf(specifier: string): string {
  const depth = specifier.startsWith("@") ? 2 : 1;
  return specifier.split("/").slice(0, depth).join("/");
}

function specifiersIn(file: string, text: string): ts.StringLiteralLike[] {
  const found: ts.StringLiteralLike[] = [];
  const visit = (node: ts.Node) => {
    const literal = specifierOf(node);
    if (literal !== undefined && ts.isStringLiteralLike(literal)) found.push(literal);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** What names a module in this node, and in none of those below it. */
function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (ts.isModuleDeclaration(node)) return node.name;
  if (ts.isCallExpression(node) && callsOfModules.includes(node.expression.getText()))
    return node.arguments[0];
  return undefined;
}
