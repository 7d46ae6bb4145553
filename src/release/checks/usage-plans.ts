import { definitionInFile } from "../functions/service-functions";
import type { ReleaseContext } from "../release-context";
import type { Finding } from "./finding";

/** Each key is in one plan of the stage, and a route that wants a key has a plan. */
export function checkUsagePlans(context: ReleaseContext): Finding[] {
  return [...sharedKeys(context.file.stage.usagePlans), ...routesWithoutPlan(context)];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html */
function sharedKeys(usagePlans: ReleaseContext["file"]["stage"]["usagePlans"] = {}): Finding[] {
  const planOf = new Map<string, string>();
  return Object.entries(usagePlans).flatMap(([plan, given]) =>
    (["keys", "keyIds"] as const).flatMap((list) =>
      given[list].flatMap((key, index) => {
        const other = planOf.get(`${list} ${key}`);
        planOf.set(`${list} ${key}`, other ?? plan);
        if (other === undefined) return [];
        const message = `must be in one plan of a stage, and is in '${other}' too`;
        return [{ field: ["stage", "usagePlans", plan, list, index], message, value: key }];
      }),
    ),
  );
}

function routesWithoutPlan(context: ReleaseContext): Finding[] {
  const { api, stage } = context.file;
  const { routes } = definitionInFile(context);
  const index = routes.findIndex(({ apiKey }) => apiKey);
  const route = routes[index];
  if (route === undefined || stage.usagePlans !== undefined) return [];
  const message =
    "must have a plan under 'stage.usagePlans', without which API Gateway answers 403 to everybody; {} if plans are made elsewhere";
  if (api?.openapi === undefined) return [{ field: ["api", "routes", index, "apiKey"], message }];
  return [{ field: ["api", "openapi"], message, value: `${route.method} ${route.path}` }];
}
