import { createHmac } from "node:crypto";
import type { Counts } from "./carry";

export interface Asked {
  /** `GET /orders/7` @default - an event is sent */
  readonly request?: string;
  /** Name of the trigger that sends a batch. */
  readonly event?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Name of the API key that is sent. @default - none is */
  readonly key?: string;
  /** Sent as JSON. Of an event the bodies of a batch. */
  readonly body?: object;
}

/** A status, and a body as JSON; or how many records failed, and whether the function did. */
export type Answer = readonly [number, unknown];

/** A request or an event, and what each version answers. */
export interface Answers extends Asked {
  readonly v1: Answer;
  readonly v2: Answer;
}

/** What a user changes in a file: the text that is there, and what takes its place. */
export type Edit = readonly [file: string, from: string, to: string];

export interface Shape {
  /** What it is, as docs/shapes.md says it. */
  readonly title: string;
  /** What v2 brings. */
  readonly brings: string;
  /** What an apply of publishing v2 adds, changes and destroys. */
  readonly publish: Counts;
  /** What v2 brings beside its folder, before it is published. @default - nothing */
  readonly edits?: readonly Edit[];
  /** The project that it stands in. @default - `examples` */
  readonly project?: string;
  /** Script of the service that builds both versions. @default - synthesis does */
  readonly build?: string;
  /** Whether Lambda keeps the versions, so that v2 is an edit of the same folder. @default - each has a folder */
  readonly isLambdaVersion?: true;
  /** Settings of v2 alone. @default - those of the service */
  readonly settings?: object;
  /** What its rehearsal shows beside the answers. */
  readonly alsoRehearsed?: string;
  /** What the local AWS shows beside them. */
  readonly alsoDeployed?: string;
  /** What is asked. The first one tells the versions apart. */
  readonly asked: readonly [Answers, ...Answers[]];
}

const table = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders";

const both = (answer: Answer) => ({ v1: answer, v2: answer });
const unauthorized: Answer = [401, { message: "Unauthorized" }];
const refused = (message: string): Answer => [400, { message }];

const signed = `carol.${createHmac("sha256", "only an example").update("carol").digest("hex")}`;
const token = (text: string) => ({ headers: { authorization: text } });

const key = "back-office";
const created = (version: string, body: object): Answer => [
  201,
  { version, operation: "POST /customers", ...body },
];

/** The services of examples/, by name. */
export const shapes: Readonly<Record<string, Shape>> = {
  express: {
    title: "Express behind `ANY /{proxy+}`, with serverless-http",
    brings: "Express 5 in place of 4, and a route that Express knows",
    publish: [6, 0, 0],
    asked: [
      {
        request: "GET /",
        v1: [200, { service: "notes", version: "v1" }],
        v2: [200, { service: "notes", version: "v2" }],
      },
      {
        request: "GET /notes/2/words",
        v1: [404, { error: "there is no GET /notes/2/words" }],
        v2: [200, { words: 3 }],
      },
      { request: "GET /notes/2", ...both([200, { id: "2", text: "Call the bank" }]) },
      { request: "GET /notes/7", ...both([404, { error: "there is no note 7" }]) },
      { request: "POST /notes", body: { text: "Sleep" }, ...both([201, { id: "3", text: "Sleep" }]) },
      { request: "POST /notes", body: {}, ...both([400, { error: "'text' must be a text" }]) },
    ],
  },
  powertools: {
    title: "Powertools for AWS Lambda with decorators",
    brings: "another greeting",
    publish: [6, 0, 0],
    alsoRehearsed: "what it logs, and its trace",
    asked: [
      {
        request: "GET /greetings/Ada",
        v1: [200, { greeting: "Hello Ada" }],
        v2: [200, { greeting: "Good day, Ada" }],
      },
    ],
  },
  python: {
    title: "Python with pinned requirements, and a package that two functions share",
    brings: "a newer package",
    publish: [11, 0, 0],
    asked: [
      {
        request: "GET /books",
        v1: [200, { books: ["dar", "der-prozess", "les-miserables"], slugify: "8.0.4" }],
        v2: [200, { books: ["bronte", "dar", "der-prozess", "les-miserables"], slugify: "9.2.0" }],
      },
      {
        request: "GET /books/bronte",
        v1: [404, { error: "there is no such book" }],
        v2: [200, { title: "Brontë" }],
      },
      { request: "GET /books/der-prozess", ...both([200, { title: "Der Prozeß" }]) },
    ],
  },
  esm: {
    title: "an ES module with top-level await",
    brings: "another file beside it",
    publish: [6, 0, 0],
    asked: [
      {
        request: "GET /prices/JPY",
        v1: [404, { error: "there is no price in JPY" }],
        v2: [200, { currency: "JPY", price: 163.2 }],
      },
      { request: "GET /prices/USD", ...both([200, { currency: "USD", price: 1.08 }]) },
    ],
  },
  authorizer: {
    title: "a Lambda authorizer of the service's own",
    brings: "an authorizer that admits signed tokens too",
    publish: [11, 0, 0],
    alsoDeployed: "by the tests' own authorizers",
    asked: [
      { request: "GET /orders", ...token(signed), v1: unauthorized, v2: [200, { ordersOf: "carol" }] },
      { request: "GET /orders", ...token("key-of-ada"), ...both([200, { ordersOf: "ada" }]) },
      { request: "GET /orders", ...token("carol.guessed"), ...both(unauthorized) },
      { request: "GET /orders", ...both(unauthorized) },
    ],
  },
  openapi: {
    title: "an OpenAPI document of 100 operations, with validators and API keys",
    brings: "a document that asks customers for an address",
    publish: [7, 0, 1],
    alsoRehearsed: "each of the 100 operations",
    edits: [
      [
        "lambdas/openapi/openapi.yaml",
        "required: [name]\n      properties: { name: { type: string, minLength: 1 }, email",
        "required: [name, email]\n      properties: { name: { type: string, minLength: 1 }, email",
      ],
    ],
    asked: [
      {
        request: "POST /customers",
        key,
        body: { name: "Ada" },
        v1: created("v1", { name: "Ada" }),
        v2: refused("Invalid request body"),
      },
      {
        request: "POST /customers",
        key,
        body: { name: "Ada", email: "ada@example.com" },
        v1: created("v1", { name: "Ada", email: "ada@example.com" }),
        v2: created("v2", { name: "Ada", email: "ada@example.com" }),
      },
      { request: "POST /customers", key, body: { name: "" }, ...both(refused("Invalid request body")) },
      {
        request: "GET /orders",
        key,
        ...both(refused("Missing required request parameters: [limit]")),
      },
      { request: "GET /orders?limit=3", ...both([403, { message: "Forbidden" }]) },
    ],
  },
  dynamodb: {
    title: "access to a DynamoDB table by permission",
    brings: "another call, with a permission of its own",
    publish: [6, 0, 0],
    alsoRehearsed: "which calls and permissions there are",
    alsoDeployed: "each role may do its own call alone",
    settings: { permissions: [{ actions: ["dynamodb:UpdateItem"], resources: [table] }] },
    asked: [
      {
        request: "GET /orders/7",
        v1: [200, { id: "7", total: 12.5 }],
        v2: [200, { id: "7", total: 12.5, reads: 4 }],
      },
    ],
  },
  go: {
    title: "a Go program on `provided.al2023`",
    brings: "another field in the answer",
    publish: [6, 0, 0],
    project: "examples/go",
    build: "build.sh",
    asked: [
      {
        request: "GET /primes/7",
        v1: [200, { number: 7, prime: true }],
        v2: [200, { next: 11, number: 7, prime: true }],
      },
      { request: "GET /primes/seven", ...both([400, { error: "'number' must be a whole number" }]) },
    ],
  },
  queue: {
    title: "a consumer of a queue without an API, on a weighted alias",
    brings: "only the orders that failed come again",
    publish: [0, 0, 0],
    alsoDeployed: "messages of the queue",
    isLambdaVersion: true,
    edits: [
      [
        "lambdas/queue/queue.ts",
        "  for (const { body } of Records) book(JSON.parse(body));\n  return { batchItemFailures: [] };\n",
        `  const failed = Records.filter(({ body }) => !isBooked(JSON.parse(body)));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
`,
      ],
      [
        "lambdas/queue/queue.ts",
        "/** @throws on an order",
        `/** @returns whether the order need not come again */
function isBooked(order: { id: string; total?: number }): boolean {
  try {
    book(order);
    return true;
  } catch {
    return false;
  }
}

/** @throws on an order`,
      ],
    ],
    asked: [
      // Records that come again, and whether the function failed.
      { event: "orders", body: [{ id: "1" }, { id: "2", total: 3 }], v1: [2, true], v2: [1, false] },
      {
        event: "orders",
        body: [
          { id: "1", total: 2 },
          { id: "2", total: 3 },
        ],
        ...both([0, false]),
      },
    ],
  },
};
