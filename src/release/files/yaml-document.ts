import type { Problem } from "../problem";
import { type JsonDocument, mostBytes, mostLevels } from "./json-document";
import { type Fault, tooDeep, yamlValue } from "./yaml-value";

type Yaml = typeof import("yaml");

/**
 * Parses YAML 1.2 into what JSON could say. A syntax error, a key that is given twice and an anchor that is not there
 * are problems with line and column. `<<` merges maps.
 */
export function parseYaml(file: string, text: string): JsonDocument | Problem[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes)
    return [{ file, field: [], message: `must have at most ${mostBytes} bytes`, value: bytes }];
  // Loaded only where a project has such a file.
  const yaml = require("yaml") as Yaml;
  // Filled at once: what follows may end before the parser has seen a line.
  const lines = new yaml.LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faulty = ({ message, offset }: Fault): Problem[] => [
    { file, field: [], message, position: position(offset) },
  ];
  const deep = flowBelow(yaml, text);
  if (deep !== undefined) return faulty({ message: tooDeep, offset: deep });
  try {
    const document = yaml.parseDocument(text, {
      prettyErrors: false,
      // Whatever `%YAML` says: in 1.1 a date is no text, and `no` is false.
      schema: "core",
      // The parser compares each key with every other one, and takes 200 and "200" for two.
      uniqueKeys: false,
    });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault?.code === "MULTIPLE_DOCS")
      return faulty({ message: "must have one document", offset: fault.pos[0] });
    if (fault !== undefined && /call stack/.test(fault.message))
      return faulty({ message: tooDeep, offset: fault.pos[0] });
    if (fault !== undefined)
      return faulty({ message: `must be YAML: ${firstLine(fault.message)}`, offset: fault.pos[0] });
    const read = yamlValue(yaml, document);
    if ("message" in read) return faulty(read);
    return { file, value: read.value, position: (field) => position(read.offsetOf(field)) };
  } catch (error) {
    // Indented deeper than the parser can go.
    if (error instanceof RangeError) return faulty({ message: tooDeep, offset: 0 });
    throw error;
  }
}

/** Where a list or an object in brackets opens that is too deep: some thousands of them end the parser's process. */
function flowBelow(yaml: Yaml, text: string): number | undefined {
  let [depth, offset] = [0, 0];
  for (const token of new yaml.Lexer().lex(text)) {
    const type = yaml.CST.tokenType(token);
    if (type === "flow-map-start" || type === "flow-seq-start") {
      if (++depth > mostLevels) return offset;
    } else if (type === "flow-map-end" || type === "flow-seq-end") depth--;
    // Marks that say what comes next stand in no text.
    if (!marks.includes(token)) offset += token.length;
  }
  return undefined;
}

/** The lexer's own: a document, the end of brackets that were not closed, a scalar. */
const marks = ["\u0002", "\u0018", "\u001f"];

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/^./, (letter) => letter.toLowerCase());
}
