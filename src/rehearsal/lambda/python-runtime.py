"""Loads a handler and calls it, as Lambda's Python runtime does.

Calls come on file descriptor 3, each as a line with the context and a line with the event; those that come
together are done one after another. Replies go out on 4, each before the next call begins: `ready`,
`answer <milliseconds> <JSON>` or `error <JSON>`. Standard output is the handler's.
"""

import importlib
import json
import os
import sys
import time
import traceback

folder, handler, memory_mb = sys.argv[1], sys.argv[2], int(sys.argv[3])
calls = os.fdopen(3, "r", encoding="utf-8")
replies = os.fdopen(4, "w", encoding="utf-8")


def send(reply):
    replies.write(reply + "\n")
    replies.flush()


def send_error(is_last=False):
    send("error " + json.dumps({"error": traceback.format_exc().strip(), "isLast": is_last}))


class Context:
    def __init__(self, fields):
        self.function_name = fields["functionName"]
        self.function_version = fields["functionVersion"]
        self.invoked_function_arn = fields["invokedFunctionArn"]
        self.memory_limit_in_mb = fields["memoryLimitInMB"]
        self.aws_request_id = fields["awsRequestId"]
        self.log_group_name = fields["logGroupName"]
        self.log_stream_name = fields["logStreamName"]
        self.identity = None
        self.client_context = None
        self._deadline_ms = time.time() * 1000 + fields["timeoutMs"]

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline_ms - time.time() * 1000))


def limit_memory():
    try:
        import resource

        # The interpreter and its libraries map more than they use.
        limit = (memory_mb + 256) * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (ImportError, ValueError, OSError):
        pass


def load():
    sys.path.insert(0, folder)
    module, _, name = handler.rpartition(".")
    return getattr(importlib.import_module(module), name)


def main():
    limit_memory()
    sys.dont_write_bytecode = True
    sys.stdout.reconfigure(line_buffering=True)
    try:
        handle = load()
    except BaseException:
        send_error()
        return
    send("ready")
    for context in calls:
        event = calls.readline()
        started_at = time.perf_counter()
        try:
            fields = json.loads(context)
            os.environ["_X_AMZN_TRACE_ID"] = fields["traceId"]
            answer = handle(json.loads(event), Context(fields))
            took_ms = (time.perf_counter() - started_at) * 1000
            send(f"answer {took_ms} {json.dumps(answer, allow_nan=False)}")
        except BaseException as error:
            is_last = isinstance(error, (SystemExit, MemoryError))
            send_error(is_last)
            if is_last:
                return


main()
