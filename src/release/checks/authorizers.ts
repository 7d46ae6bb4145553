import { authorizerOf, isCognito } from "../definition/definition";
import { schemeName } from "../definition/security-schemes";
import { functionNames } from "../functions/service-functions";
import type { ReleaseContext } from "../release-context";
import type { AuthorizerInFile } from "../schema/authorizers";
import type { Finding } from "./finding";

/** What API Gateway would refuse of the authorizers, and what would let nobody through. */
export function checkAuthorizers(context: ReleaseContext): Finding[] {
  const { routes = [], authorizers = {} } = context.file.api ?? {};
  const names = Object.keys(authorizers);
  const findings = routes.flatMap(({ authorization }, index) => {
    const name = authorizerOf(authorization);
    if (name === undefined || names.includes(name)) return [];
    const field = ["api", "routes", index, "authorization", "authorizer"];
    const known = names.length === 0 ? "which has none" : names.join(", ");
    return [{ field, message: `must be one of 'api.authorizers' (${known})`, value: name }];
  });
  const used = routes.map(({ authorization }) => authorizerOf(authorization));
  const pools = routes.flatMap(({ authorization }) =>
    isCognito(authorization) ? [schemeName(authorization)] : [],
  );
  return [
    ...findings,
    ...Object.entries(authorizers).flatMap(([name, one]) => {
      const field = ["api", "authorizers", name];
      const own = [...ownFunction(context, one), ...identitySources(one), ...identityValidation(one)];
      return [
        ...own.map((finding) => ({ ...finding, field: [...field, ...finding.field] })),
        ...(used.includes(name)
          ? []
          : [{ field, message: "must be the authorizer of a route, which names it in 'authorization'" }]),
        ...(pools.includes(name)
          ? [{ field, message: "must not be named as the authorizer of the user pools is", value: name }]
          : []),
      ];
    }),
  ];
}

function ownFunction(context: ReleaseContext, { function: given }: AuthorizerInFile): Finding[] {
  const names = functionNames(context);
  const field = ["function"];
  if (given === undefined) {
    return names.length > 1 ? [{ field, message: `must be given: one of ${names.join(", ")}` }] : [];
  }
  if (names.includes(given)) return [];
  return [{ field, message: `must be a function of the service (${names.join(", ")})`, value: given }];
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html */
function identitySources({ type, identitySources, cacheSeconds }: AuthorizerInFile): Finding[] {
  const field = ["identitySources"];
  if (type === "REQUEST") {
    if (identitySources.length > 0 || cacheSeconds === 0) return [];
    return [
      {
        field,
        message: "must be one or more, because answers are cached by them; or set 'cacheSeconds' to 0",
      },
    ];
  }
  const [only, ...others] = identitySources;
  if (others.length === 0 && only?.startsWith("method.request.header.")) return [];
  const message = 'must be one header for "TOKEN", such as method.request.header.Authorization';
  return [{ field, message, value: identitySources }];
}

function identityValidation({ type, identityValidation }: AuthorizerInFile): Finding[] {
  if (identityValidation === undefined) return [];
  const field = ["identityValidation"];
  if (type === "REQUEST") return [{ field, message: 'must not be given: it belongs to "TOKEN"' }];
  try {
    new RegExp(identityValidation);
    return [];
  } catch {
    return [{ field, message: "must be a regular expression", value: identityValidation }];
  }
}
