import { isIP } from "node:net";
import { text } from "./fields";

const allowed = "a range of IPv4 or IPv6 addresses such as 203.0.113.0/24";

/** A range of addresses. */
export const cidr = text(allowed, /^[0-9a-f.:]+\/\d{1,3}$/i, 49).refine(isCidr, {
  error: `must be ${allowed}`,
});

function isCidr(range: string): boolean {
  const [address = "", prefix = ""] = range.split("/");
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return Number(prefix) <= bits && String(Number(prefix)) === prefix;
}

/** Whether a range begins with its first address: 10.0.0.0/24 does, and 10.0.0.5/24 does not. */
export function isWholeRange(range: string): boolean {
  const [address = "", prefix = ""] = range.split("/");
  const isIPv4 = isIP(address) === 4;
  const bits = isIPv4 ? bitsOf(address.split(".").map(Number), 8) : bitsOf(groupsOf(address), 16);
  return !bits.slice(Number(prefix)).includes("1");
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // Writes an IPv4 address in the end as groups, too.
  const { hostname } = new URL(`http://[${address}]`);
  const [before = [], after = []] = hostname
    .slice(1, -1)
    .split("::")
    .map((side) => (side === "" ? [] : side.split(":")));
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

function bitsOf(numbers: readonly number[], width: number): string {
  return numbers.map((one) => one.toString(2).padStart(width, "0")).join("");
}
