import { randomUUID } from "node:crypto";

/** The root of a new trace: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html */
export function newRoot(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(16);
  return `1-${seconds.padStart(8, "0")}-${hex(12)}`;
}

/** The id of a part of a trace. */
export function newSegment(): string {
  return hex(8);
}

/** A trace that begins with an invocation, and is not sampled: X-Ray's SDKs then send nothing. */
export function newTrace(): string {
  return `Root=${newRoot(new Date())};Parent=${newSegment()};Sampled=0`;
}

/** At most 16 bytes. Node draws UUIDs from bytes that it keeps: `randomBytes` asks the system each time. */
function hex(bytes: number): string {
  return randomUUID()
    .replaceAll("-", "")
    .slice(0, bytes * 2);
}
