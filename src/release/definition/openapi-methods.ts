import type { RouteInFile } from "../schema/api";

/** API Gateway's key for every method that a path has no other operation for. */
const anyMethod = "x-amazon-apigateway-any-method";

/** The methods of a path by the keys that its operations have in an OpenAPI document; API Gateway knows no others. */
export const methodsByKey: Readonly<Record<string, RouteInFile["method"]>> = {
  get: "GET",
  put: "PUT",
  post: "POST",
  delete: "DELETE",
  options: "OPTIONS",
  head: "HEAD",
  patch: "PATCH",
  [anyMethod]: "ANY",
};

/** The key of a method's operation. */
export function keyOfMethod(method: RouteInFile["method"]): string {
  return method === "ANY" ? anyMethod : method.toLowerCase();
}
