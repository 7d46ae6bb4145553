import util from "node:util";

/**
 * Has cdktf call `Array.isArray`. It calls `util.isArray`, which is the same, and of which Node 22 and later warn with
 * each start: https://nodejs.org/api/deprecations.html#DEP0044
 */
export function withoutDeprecatedCalls(): void {
  (util as { isArray: (value: unknown) => boolean }).isArray = Array.isArray;
}
