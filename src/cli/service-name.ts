import { Unable } from "../release/project";

/** Of `dev/greeting`, which need not be there. @throws {Unable} where it is no such name */
export function serviceName(text: string): { readonly environment: string; readonly service: string } {
  const [environment = "", service = "", ...rest] = text.split("/");
  if (environment === "" || service === "" || rest.length > 0)
    throw new Unable(`'${text}' must be <environment>/<service>, such as dev/greeting`);
  return { environment, service };
}
