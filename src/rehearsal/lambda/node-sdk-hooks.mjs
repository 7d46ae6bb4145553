import missingSdk from "./missing-sdk.js";

/** Finds the AWS SDK for `import` as node-runtime.js does for `require`. */
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    const isSdk = error.code === "ERR_MODULE_NOT_FOUND" && /^@(aws-sdk|smithy)\//.test(specifier);
    if (!isSdk) throw error;
    try {
      return await next(specifier, { ...context, parentURL: import.meta.url });
    } catch {
      throw missingSdk(specifier, error);
    }
  }
}
