/** What a request's first line asks for. */
export interface RequestTarget {
  /** Empty where the path names none. */
  readonly stageName: string;
  /** The path without the stage, as it was sent, but that it begins with one slash. */
  readonly path: string;
  /** The path with the stage, as it was sent, but that it begins with one slash. */
  readonly contextPath: string;
  readonly query: URLSearchParams;
}

/**
 * Nothing of a path is decoded. Slashes before and behind the stage are one for the function's `path`, but the
 * context's `path` keeps those behind it.
 *
 * @param url path and query, or as a proxy's client sends it the whole address
 */
export function requestTarget(url: string): RequestTarget {
  const address = url.replace(/^https?:\/\/[^/?]*/i, "");
  const question = address.indexOf("?");
  const contextPath = `/${(question === -1 ? address : address.slice(0, question)).replace(/^\/+/, "")}`;
  const [, stageName = ""] = contextPath.split("/", 2);
  return {
    stageName,
    path: `/${contextPath.slice(stageName.length + 1).replace(/^\/+/, "")}`,
    contextPath,
    query: new URLSearchParams(question === -1 ? "" : address.slice(question + 1)),
  };
}
