import { isIP } from "node:net";
import { text } from "./fields";

const allowed = "a range of IPv4 or IPv6 addresses such as 203.0.113.0/24, but no IPv4 written as IPv6";

/** A range of addresses. */
export const cidr = text(allowed, /^[0-9a-f.:]+\/\d{1,3}$/i, 49).refine(
  (range) => isCidr(range) && !isWithin(range, "::ffff:0:0/96"),
  { error: `must be ${allowed}` },
);

/**
 * What never reaches a public address as a caller's own: private networks, a carrier's own network (100.64.0.0/10),
 * loopback, link-local, multicast and reserved ranges. Those of documentation count as public: examples use them.
 * https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
 */
const withoutInternet = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
];

/** All that IANA has assigned to the internet. https://www.iana.org/assignments/ipv6-unicast-address-assignments */
const internetV6 = "2000::/3";

const publicAllowed =
  "a range of public addresses such as 203.0.113.0/24, because API Gateway never sees a private, shared, loopback or link-local address";

/** A range of addresses, some of which callers from the internet have. */
export const publicCidr = cidr.refine((range) => !isCidr(range) || isPublic(range), {
  error: `must be ${publicAllowed}`,
});

function isPublic(range: string): boolean {
  if (isIP(addressOf(range)) === 4) return !withoutInternet.some((block) => isWithin(range, block));
  return isWithin(range, internetV6) || isWithin(internetV6, range);
}

function isCidr(range: string): boolean {
  const prefix = range.split("/")[1] ?? "";
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(addressOf(range))] ?? -1;
  return Number(prefix) <= bits && String(Number(prefix)) === prefix;
}

/** Whether all addresses of a range are in a block of the same kind. */
function isWithin(range: string, block: string): boolean {
  if (isIP(addressOf(range)) !== isIP(addressOf(block))) return false;
  return fixedBits(range).startsWith(fixedBits(block));
}

/** Whether a range begins with its first address: 10.0.0.0/24 does, and 10.0.0.5/24 does not. */
export function isWholeRange(range: string): boolean {
  return !allBits(range).slice(fixedBits(range).length).includes("1");
}

/** The bits that all addresses of a range have in common. */
function fixedBits(range: string): string {
  return allBits(range).slice(0, Number(range.split("/")[1]));
}

function allBits(range: string): string {
  const address = addressOf(range);
  return isIP(address) === 4 ? bitsOf(address.split(".").map(Number), 8) : bitsOf(groupsOf(address), 16);
}

function addressOf(range: string): string {
  return range.split("/")[0] ?? "";
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
