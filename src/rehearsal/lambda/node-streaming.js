/**
 * What Lambda's Node runtime gives a handler to stream its answer: the global `awslambda`.
 * https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
const { Writable } = require("node:stream");
const { finished } = require("node:stream/promises");

const streaming = Symbol.for("aws.lambda.runtime.handler.streaming");
const metadataType = "application/vnd.awslambda.http-integration-response";

globalThis.awslambda = {
  ...globalThis.awslambda,
  streamifyResponse: (handler) => Object.assign(handler, { [streaming]: "response" }),
  HttpResponseStream: {
    /** The metadata goes before the first write(). What is given to end() alone is no write, in Lambda as here. */
    from(stream, metadata) {
      stream.setContentType(metadataType);
      const text = JSON.stringify(metadata);
      stream._onBeforeFirstWrite = (write) => {
        write(text);
        write(new Uint8Array(8));
      };
      return stream;
    },
  },
};

function isStreaming(handle) {
  return handle[streaming] === "response";
}

/** @param send takes each piece of the answer as it is written */
function streamOf(send) {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      if (chunk.length > 0) send(chunk);
      done();
    },
  });
  const write = stream.write.bind(stream);
  let hasBegun = false;
  stream.setContentType = () => {
    if (hasBegun) throw new Error("Cannot set content-type, too late.");
  };
  stream.write = (chunk, ...rest) => {
    if (!hasBegun) stream._onBeforeFirstWrite?.(write);
    hasBegun = true;
    const isRaw = typeof chunk === "string" || chunk instanceof Uint8Array;
    return write(isRaw ? chunk : JSON.stringify(chunk), ...rest);
  };
  return stream;
}

/**
 * Calls a handler that streams. It has answered once it has returned and has ended its stream: Lambda waits for both.
 *
 * @throws what the handler throws, unless its stream had ended before: then the caller has all of the answer
 */
async function callStreaming(handle, event, context, send) {
  const stream = streamOf(send);
  const ended = finished(stream);
  ended.catch(() => {});
  try {
    const returned = handle(event, stream, context);
    if (typeof returned?.then !== "function")
      throw new Error("Streaming does not support non-async handlers.");
    if ((await returned) !== undefined) console.warn("Streaming handlers ignore return values.");
  } catch (error) {
    if (!stream.writableFinished) throw error;
    console.error(error);
  }
  await ended;
}

module.exports = { callStreaming, isStreaming };
