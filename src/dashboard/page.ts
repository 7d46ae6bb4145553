import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Html, html } from "./html";

/** A part of a page that is replaced when it has changed. */
export interface Part {
  readonly id: string;
  readonly body: Html;
  /** What those who do not see the page are told when this changes. @default - nothing */
  readonly said?: string;
}

export interface Page {
  readonly title: string;
  readonly header: Html;
  readonly parts: readonly Part[];
  /** What is there once and is not replaced, before the parts. @default - nothing */
  readonly controls?: Html;
}

/** What a served page needs beside a static one. */
export interface Served {
  /** What a request that changes something has to have. */
  readonly token: string;
}

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%230969da' d='M1 1h14v10H1z'/%3E%3Cpath fill='%23bc4c00' d='M1 12h14v3H1z'/%3E%3C/svg%3E";

const read = (...names: readonly string[]) =>
  names.map((name) => readFileSync(join(__dirname, name), "utf8")).join("");
const style = () => read("page.css", "parts.css");

/** The whole document. Without `served` it has no script and asks for nothing. */
export function documentOf({ title, header, parts, controls }: Page, served?: Served): string {
  const script = served === undefined ? undefined : html`<script>${new Html(read("in-page.js"))}</script>`;
  const policy = policyOf(served !== undefined);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${served && html`<meta name="token" content="${served.token}">`}
<title>${title}</title>
<link rel="icon" href="${icon}">
<style>${new Html(style())}</style>
</head>
<body>
<a class="skip" href="#main">to the services</a>
<header class="top" id="header">${header}</header>
${served && html`<p id="status" role="status" aria-live="polite"></p>`}
<main id="main" tabindex="-1">
${controls}
${parts.map(({ id, body }) => html`<section id="${id}" aria-labelledby="${id}-title">${body}</section>`)}
</main>
${script}
</body>
</html>
`.text;
}

/** What the page may do: its own style and script, and of a served one requests to where it came from. */
export function policyOf(isServed: boolean): string {
  const own = [
    "default-src 'none'",
    `style-src '${hashOf(style())}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const more = [`script-src '${hashOf(read("in-page.js"))}'`, "connect-src 'self'"];
  return [...own, ...(isServed ? more : [])].join("; ");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
