import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Sent, SentRequest } from "./sent-request";

export interface TrafficOptions {
  /** Address of the stage, without a slash at its end. */
  readonly url: string;
  readonly request: SentRequest;
  readonly requests: number;
  /** Requests per second. @default - as fast as they are answered */
  readonly rate?: number;
  /** Called after each response. */
  readonly onResponse: (response: TrafficResponse) => void;
}

export interface TrafficResponse {
  /** API Gateway's id of the request. @default - there was no response */
  readonly requestId?: string;
  /** @default - there was no response */
  readonly status?: number;
  readonly latencyMs: number;
}

/** Requests that are under way at once. */
const concurrency = 16;

/** Sends requests, and returns when each has its response. */
export async function sendTraffic({ url, request, onResponse, ...options }: TrafficOptions): Promise<void> {
  const client = new Worker(join(__dirname, "traffic-client.js"), {
    workerData: { ...options, ...request, url: url + request.path, concurrency },
    execArgv: [],
  });
  client.on("message", (responses: readonly TrafficResponse[]) => responses.forEach(onResponse));
  await once(client, "exit");
}

/** Sends requests, as many as it is told each time. */
export class TrafficClient {
  private readonly worker: Worker;

  /** @param url what is requested */
  constructor(url: string, sent: Sent = {}) {
    this.worker = new Worker(join(__dirname, "traffic-client.js"), {
      workerData: { ...sent, url, concurrency },
      execArgv: [],
    });
  }

  /** @returns when each has its response */
  async send(requests: number): Promise<readonly TrafficResponse[]> {
    this.worker.postMessage(requests);
    const [responses] = await once(this.worker, "message");
    return responses;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

function until(time: number): Promise<void> {
  const wait = time - performance.now();
  return wait <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, wait));
}

/** What a call of a deployed API brought. */
export interface CallResponse {
  /** @default - there was no response */
  readonly status?: number;
  readonly headers?: Headers;
  /** The response's body, or why there was none. */
  readonly body: string;
  readonly latencyMs: number;
}

/** Calls an address at an interval, one call after the other. */
export async function callEvery(
  url: string,
  intervalSeconds: number,
  count: number,
  sent: Sent,
  onResponse: (response: CallResponse) => void,
): Promise<void> {
  const startedAt = performance.now();
  for (let index = 0; index < count; index++) {
    await until(startedAt + index * intervalSeconds * 1000);
    onResponse(await callWith(url, sent));
  }
}

/** Calls an address once. A redirection is an answer like any other. */
export function callWith(url: string, { method, headers, body }: Sent): Promise<CallResponse> {
  return call(url, { method, headers, body, redirect: "manual" });
}

/** Calls an address once. @param options `fetch`'s. @default - a GET that may take a minute */
export async function call(url: string, options: RequestInit = {}): Promise<CallResponse> {
  const startedAt = performance.now();
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(60_000), ...options });
    const body = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body,
      latencyMs: performance.now() - startedAt,
    };
  } catch (error) {
    const { cause, message } = error as Error;
    return {
      body: (cause as Error | undefined)?.message ?? message,
      latencyMs: performance.now() - startedAt,
    };
  }
}
