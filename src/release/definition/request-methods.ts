/** The methods by which a request is declared, or sent by a command. */
export const requestMethods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
