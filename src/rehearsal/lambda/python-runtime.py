"""Loads a handler and calls it, as Lambda's Python runtime does. The handler finds the files of its package, and of this
machine's packages only boto3, which Lambda brings.

Calls come on file descriptor 3, each as a line with the context and a line with the event; those that come
together are done one after another. Replies go out on 4, each before the next call begins: `ready`,
`answer <milliseconds> <JSON>` or `error <JSON>`. Standard output is the handler's.
"""

import importlib
import importlib.machinery
import json
import os
import pathlib
import sys
import sysconfig
import time
import traceback

folder, handler, memory_mb = sys.argv[1], sys.argv[2], int(sys.argv[3])
calls = os.fdopen(3, "r", encoding="utf-8")
replies = os.fdopen(4, "w", encoding="utf-8")


def send(reply):
    replies.write(reply + "\n")
    replies.flush()


def send_error(is_last=False, hint=""):
    error = (hint + traceback.format_exc()).strip()
    send("error " + json.dumps({"error": error, "isLast": is_last}))


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


# boto3 and all that it is made of: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
BROUGHT = {"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"}


class BroughtPackages:
    """Finds what Lambda brings among this machine's packages, where the handler's package does not hold it."""

    def __init__(self, places):
        self._places = places

    def find_spec(self, name, path=None, target=None):
        if path is not None or name not in BROUGHT:
            return None
        return importlib.machinery.PathFinder.find_spec(name, self._places, target)


def leave_machine():
    """Leaves, of all that this machine's Python finds, the modules of Python itself."""
    standard = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    own = {os.path.realpath(path) for path in [*standard, *(os.path.join(one, "lib-dynload") for one in standard)]}
    is_own = lambda path: path.endswith(".zip") or os.path.realpath(path) in own
    others = [path for path in sys.path[1:] if not is_own(path)]
    given = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    machine = [path for path in others if path not in given]
    sys.path[:] = [folder, *given, *filter(is_own, sys.path[1:])]
    standard_finders = (
        importlib.machinery.BuiltinImporter,
        importlib.machinery.FrozenImporter,
        importlib.machinery.PathFinder,
    )
    sys.meta_path[:] = [*standard_finders, BroughtPackages(machine)]
    # What was loaded before this, such as by a .pth file.
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if any(file.startswith(os.path.join(path, "")) for path in machine):
            del sys.modules[name]


def load():
    module, _, name = handler.rpartition(".")
    return getattr(importlib.import_module(module.replace("/", ".")), name)


def foreign_file():
    """A native file of the package that is not made for this Python, or nothing: all are made for Lambda's."""
    fitting = tuple(importlib.machinery.EXTENSION_SUFFIXES[:-1]) if sys.platform == "linux" else ()
    for file in pathlib.Path(folder).rglob("*.so"):
        is_tagged = ".cpython-" in file.name or ".abi3." in file.name
        if is_tagged and not file.name.endswith(fitting):
            return file.relative_to(folder)
    return None


def main():
    limit_memory()
    sys.dont_write_bytecode = True
    sys.stdout.reconfigure(line_buffering=True)
    leave_machine()
    try:
        handle = load()
    except BaseException as error:
        file = foreign_file() if isinstance(error, ImportError) else None
        here = f"Python {sys.version_info.major}.{sys.version_info.minor} on {sys.platform}"
        send_error(hint=f"{file} of the package is not for this machine, {here}: it runs in Lambda\n" if file else "")
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
