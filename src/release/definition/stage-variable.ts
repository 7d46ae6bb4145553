/** The stage variable that names a function: letters and digits only, `say-hello` becomes `sayHelloFunction`. */
export function stageVariableOf(functionName: string): string {
  return `${functionName.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Function`;
}
