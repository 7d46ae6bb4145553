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
