/** What a route is where the file does not say. The schema takes its defaults from here, and the route of a file without any. */
export const routeDefaults = { method: "GET", authorization: "NONE", timeoutSeconds: 29 } as const;
