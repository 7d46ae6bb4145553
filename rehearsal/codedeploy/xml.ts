/** What an element holds: text, elements by name, or the members of a list. */
export type Xml = string | { readonly [name: string]: Xml } | readonly Xml[];

interface Element {
  readonly children: [name: string, value: Xml][];
  text: string;
}

/** Reads the XML that AWS's query protocol answers with, without attributes. */
export function parseXml(xml: string): Xml {
  const open: Element[] = [{ children: [], text: "" }];
  // No part of the expression can begin where another may go on: it takes a step for each character.
  for (const [tag, end, name = "", text] of xml.matchAll(/<(\/?)([\w.:-]+)(?![\w.:-])[^<>]*>|([^<]+)/g)) {
    const empty = tag.endsWith("/>");
    const element = open.at(-1) as Element;
    if (text !== undefined) element.text += text;
    else if (empty) element.children.push([name, ""]);
    else if (!end) open.push({ children: [], text: "" });
    else open.at(-2)?.children.push([name, contentOf(open.pop() as Element)]);
  }
  return contentOf(open[0] as Element);
}

/** What is there by those names, one within the other. */
export function within(xml: Xml | undefined, ...names: readonly string[]): Xml | undefined {
  return names.reduce<Xml | undefined>(
    (value, name) =>
      typeof value === "object" && !Array.isArray(value) ? (value as Record<string, Xml>)[name] : undefined,
    xml,
  );
}

/** The members of a list, which is text where it has none. */
export function membersOf(xml: Xml | undefined): readonly Xml[] {
  return Array.isArray(xml) ? xml : [];
}

function contentOf({ children, text }: Element): Xml {
  if (children.length === 0) return plain(text);
  if (children.every(([name]) => name === "member")) return children.map(([, value]) => value);
  return Object.fromEntries(children);
}

function plain(text: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? "");
}
