import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { type Answer, bodyOf, LoopbackServer } from "../rehearsal/loopback";
import { documentOf, type Page, policyOf } from "./page";

/** What became of a request that changes something. */
export interface Outcome {
  readonly isDone: boolean;
  /** What is told to whoever asked, a line. */
  readonly message: string;
}

export interface PageSource {
  /** The page as it is now. */
  page(): Page;
  /** Does what the page's control asks for. @default - the page has no control */
  setPercent?(percent: unknown, skip: boolean): Outcome | Promise<Outcome>;
}

const mostBytes = 1000;
/** How many bytes may wait for a browser. */
const mostWaiting = 4_000_000;

/**
 * Serves a page on loopback and sends what changes of it. Only this page may ask for a change: other web pages can send
 * requests to loopback, but neither read the token nor give this page's origin.
 */
export class PageServer {
  private readonly server = new LoopbackServer((request) => this.answer(request));
  private readonly token = randomBytes(16).toString("hex");
  private readonly watching = new Set<Readable>();
  private sent: Page | undefined;

  constructor(private readonly source: PageSource) {}

  /** @returns the address @throws where the port is taken */
  listen(port = 0): Promise<string> {
    return this.server.listen(port);
  }

  /** Whether a browser has the page open. */
  get isWatched(): boolean {
    return this.watching.size > 0;
  }

  /** Sends what has changed since the last time. */
  update(): void {
    if (this.watching.size === 0) return;
    const page = this.source.page();
    const message = changesOf(this.sent, page);
    this.sent = page;
    if (message === undefined) return;
    for (const one of this.watching) {
      // A browser that does not read comes back, and gets the whole page.
      if (one.readableLength > mostWaiting) one.destroy();
      else one.push(eventOf(message));
    }
  }

  async close(): Promise<void> {
    for (const one of this.watching) one.push(null);
    await this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const { method, url } = request;
    if (isOfOtherPage(request)) return json(403, "only this page may ask here");
    if (method === "GET" && url === "/") return this.document();
    if (method === "GET" && url === "/events") return this.events();
    if (method === "POST" && url === "/percent" && this.source.setPercent !== undefined)
      return this.percent(request);
    return json(404, `there is nothing at ${method} ${url}`);
  }

  private document(): Answer {
    const headers = {
      ...everyHeader,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `${policyOf(true)}; frame-ancestors 'none'`,
    };
    return { status: 200, headers, body: documentOf(this.source.page(), { token: this.token }) };
  }

  private events(): Answer {
    // Those who watch already must not miss what has changed until now.
    if (this.watching.size > 0) this.update();
    else this.sent = this.source.page();
    const stream = new Readable({ read: () => {} });
    this.watching.add(stream);
    stream.once("close", () => this.watching.delete(stream));
    stream.push(
      eventOf({ parts: this.sent === undefined ? [] : partsOf(this.sent), said: "", isOther: false }),
    );
    return { status: 200, headers: { ...everyHeader, "content-type": "text/event-stream" }, body: stream };
  }

  private async percent(request: IncomingMessage): Promise<Answer> {
    const { origin, "x-token": token } = request.headers;
    if (origin !== ownOrigin(request.headers) || !isSame(String(token), this.token))
      return json(403, "only this page may ask here");
    const body = await bodyOf(request, mostBytes);
    const asked = body && parsed(body.toString());
    if (asked === undefined) return json(400, "the request must be JSON with 'percent' and 'skip'");
    const outcome = await this.source.setPercent?.(asked["percent"], asked["skip"] === true);
    return json(outcome?.isDone ? 200 : 409, outcome?.message ?? "");
  }
}

const everyHeader = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

interface Message {
  readonly parts: readonly { readonly id: string; readonly html: string }[];
  /** What those who do not see the page are told. */
  readonly said: string;
  /** Whether the page has other parts than before, and must be loaded again. */
  readonly isOther: boolean;
}

function partsOf({ header, parts }: Page): Message["parts"] {
  return [{ id: "header", html: header.text }, ...parts.map(({ id, body }) => ({ id, html: body.text }))];
}

function changesOf(before: Page | undefined, after: Page): Message | undefined {
  const known = new Map(before && partsOf(before).map(({ id, html }) => [id, html]));
  const all = partsOf(after);
  const isOther = before !== undefined && all.map(({ id }) => id).join() !== [...known.keys()].join();
  if (isOther) return { parts: [], said: "", isOther };
  const parts = all.filter(({ id, html }) => known.get(id) !== html);
  if (parts.length === 0) return undefined;
  const saidBefore = before?.parts.map(({ said }) => said);
  const said = after.parts.flatMap((part, index) =>
    part.said === undefined || part.said === saidBefore?.[index] ? [] : [part.said],
  );
  return { parts, said: said.join("; "), isOther };
}

function eventOf(message: Message): string {
  return `data: ${JSON.stringify(message)}\n\n`;
}

/** By what browsers say of a request; other programs of this machine say nothing. */
function isOfOtherPage({ headers }: IncomingMessage): boolean {
  const { origin, "sec-fetch-site": site, "sec-fetch-mode": mode } = headers;
  if (site === "cross-site" || site === "same-site") return mode !== "navigate";
  return origin !== undefined && origin !== ownOrigin(headers);
}

/** `localhost` may be written for 127.0.0.1, and another port may lead here: the server checks that the host is this machine. */
function ownOrigin({ host }: IncomingHttpHeaders): string {
  return `http://${host}`;
}

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function json(status: number, message: string): Answer {
  return {
    status,
    headers: { ...everyHeader, "content-type": "application/json" },
    body: JSON.stringify({ message }),
  };
}
