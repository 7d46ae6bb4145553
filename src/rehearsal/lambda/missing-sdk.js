/**
 * The error of a part of the AWS SDK that Lambda brings, and that is not installed in the project.
 *
 * @param specifier what a handler imports: `@aws-sdk/client-s3`, or a file of it
 * @param error what Node says; its code stays, by which a handler may know it
 */
module.exports = function missingSdk(specifier, error) {
  const [name] = /^@[^/]+\/[^/]+/.exec(specifier);
  const text = `${name} is not installed in this project: Lambda brings it, and a rehearsal takes that of the project; run 'npm install --save-dev ${name}'`;
  return Object.assign(new Error(text), { code: error.code });
};
