/**
 * Whether API Gateway takes a body of a media type for bytes. A star in the list matches only behind the slash, or on
 * both sides of it.
 *
 * @param mediaType such as `image/png`, with or without parameters. @default - only `*\/*` matches
 */
export function isBinary(mediaType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  const type = mediaType?.split(";")[0]?.trim().toLowerCase();
  return binaryMediaTypes.some((one) => {
    const pattern = one.toLowerCase();
    if (pattern === "*/*") return true;
    if (pattern.startsWith("*")) return false;
    if (pattern.endsWith("/*")) return type?.startsWith(pattern.slice(0, -1)) === true;
    return pattern === type;
  });
}
