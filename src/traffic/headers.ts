/** Headers that requests are sent with, by name. */
export type RequestHeaders = Readonly<Record<string, string>>;
