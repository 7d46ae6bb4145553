import type { Plugin } from "esbuild";

/**
 * The packages of the AWS SDK that handlers may leave to Lambda. AWS publishes no list. Others that exist are not there,
 * such as util-utf8 and util-retry (https://github.com/aws/aws-sdk-js-v3/issues/4401 and /5122): these are bundled.
 */
const ofLambda = /^@aws-sdk\/(client-[a-z0-9-]+|lib-dynamodb|lib-storage|util-dynamodb)(\/|$)/;

/**
 * Leaves out of a bundle what Lambda brings, and what is not installed: a rehearsal names that.
 *
 * @param target of the bundle, such as `node22`: Node 16 has the former SDK alone
 */
export function awsSdk(target: string): Plugin {
  const name = "aws-sdk";
  const hasSdk = target !== "node16";
  return {
    name,
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^@aws-sdk\// }, async ({ path, pluginData, ...options }) => {
        if (hasSdk && ofLambda.test(path)) return { path, external: true };
        // Asked by this plugin, or by the one of workspaces, which asks in turn.
        if (pluginData !== undefined) return undefined;
        const { errors } = await resolve(path, { ...options, pluginData: name });
        // Found otherwise by esbuild's own rules, with what the package says of its modules.
        return errors.length === 0 || !hasSdk ? undefined : { path, external: true };
      });
    },
  };
}
