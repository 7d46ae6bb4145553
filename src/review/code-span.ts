/** As code nothing of a text is Markdown, and a bar ends no cell of a table. */
export function codeSpan(text: string): string {
  return `\`${text.replace(/[`|\p{C}]/gu, " ")}\``;
}
