import { BlockList, isIP } from "node:net";

/**
 * Ranges of addresses such as `10.0.0.0/8`, or single addresses.
 *
 * @param place names the ranges in an error
 */
export function addressRanges(ranges: readonly string[], place: string): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", prefix, ...rest] = range.split("/");
    const version = isIP(address);
    const most = version === 6 ? 128 : 32;
    const bits = prefix === undefined ? most : /^\d+$/.test(prefix) ? Number(prefix) : Number.NaN;
    if (version === 0 || rest.length > 0 || !(bits <= most)) {
      throw new Error(`'${place}' must be ranges of addresses such as 10.0.0.0/8, got "${range}"`);
    }
    list.addSubnet(address, bits, version === 6 ? "ipv6" : "ipv4");
  }
  return list;
}
