"""Runs each LocalStack Lambda environment as a child process of this machine's Node or Python.

It speaks the protocol of the rehearsal's runtimes: a call is a line with the context and one with the event, on
file descriptor 3; replies come on 4.
RUNTIME_NODE and RUNTIME_PYTHON name the programs that run in the child. FUNCTION_ENVIRONMENT is JSON: variables that
every function has beside its own.
"""

import json
import os
import re
import subprocess
import tempfile
import threading

from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

import alarm_tags
import authorizers
import cloudwatch_json
import stage_exports
import weighted_aliases

# https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
public_address = re.compile(r"https://(\w+)\.execute-api\.[\w-]+\.amazonaws\.com/")


class ChildProcessExecutorPlugin(RuntimeExecutorPlugin):
    name = "child-process"

    def load(self, *args, **kwargs):
        alarm_tags.mend()
        authorizers.mend()
        cloudwatch_json.mend()
        stage_exports.mend()
        weighted_aliases.mend()
        return ChildProcessExecutor


class ChildProcessExecutor(RuntimeExecutor):
    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self.child = None
        self.calls = None
        self.replies = None
        self.output = tempfile.TemporaryFile(mode="w+b")
        self.lock = threading.Lock()

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        function_version.config.code.destroy_cached()

    def start(self, env_vars: dict[str, str]) -> None:
        config = self.function_version.config
        # A new configuration of the same code is a new version, and the end of the old one takes their code away.
        config.code.prepare_for_execution()
        folder = str(config.code.get_unzipped_code_location())
        arguments = [folder, config.handler, str(config.memory_size)]
        is_python = config.runtime.startswith("python")
        command = ["python3", os.environ["RUNTIME_PYTHON"]] if is_python else ["node", os.environ["RUNTIME_NODE"]]
        # No name server leads the public address of an API here.
        here = f"{env_vars['AWS_ENDPOINT_URL']}/_aws/execute-api/\\1/"
        environment = {
            name: public_address.sub(here, str(value)) for name, value in env_vars.items() if value is not None
        }
        environment.update(json.loads(os.environ["FUNCTION_ENVIRONMENT"]))
        environment["PATH"] = os.environ["PATH"]

        calls_out, calls_in = os.pipe()
        replies_out, replies_in = os.pipe()
        # High numbers first: either pipe may hold 3 or 4 itself.
        high = [os.dup(calls_out) + 100, os.dup(replies_in) + 101]
        os.dup2(calls_out, high[0])
        os.dup2(replies_in, high[1])

        def place_descriptors():
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.child = subprocess.Popen(
            [*command, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            preexec_fn=place_descriptors,
            pass_fds=(3, 4),
        )
        for descriptor in (calls_out, replies_in, *high):
            os.close(descriptor)
        self.calls = os.fdopen(calls_in, "w")
        self.replies = os.fdopen(replies_out, "r")
        word, text = self._read()
        if word != "ready":
            raise RuntimeError(json.loads(text)["error"])

    def stop(self) -> None:
        if self.child is None:
            return
        # As in Lambda, who is being answered gets the answer.
        with self.lock:
            self.child.kill()
            self.child.wait()

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        config = self.function_version.config
        context = {
            "awsRequestId": payload["invoke-id"],
            "functionName": self.function_version.id.function_name,
            "functionVersion": self.function_version.id.qualifier,
            "invokedFunctionArn": payload["invoked-function-arn"],
            "memoryLimitInMB": str(config.memory_size),
            "logGroupName": f"/aws/lambda/{self.function_version.id.function_name}",
            "logStreamName": self.id,
            "timeoutMs": config.timeout * 1000,
            "traceId": payload["trace-id"],
        }
        # On one line: who calls may send its JSON in several.
        event = json.dumps(json.loads(payload["payload"]))
        timer = threading.Timer(config.timeout, self.child.kill)
        timer.start()
        try:
            with self.lock:
                self.calls.write(f"{json.dumps(context)}\n{event}\n")
                self.calls.flush()
                word, text = self._read()
        finally:
            timer.cancel()
        is_error = word == "error"
        answer = json.dumps({"errorMessage": json.loads(text)["error"], "errorType": "Error"}) if is_error else text
        return InvocationResult(payload["invoke-id"], answer.encode(), is_error, self.get_logs())

    def _read(self) -> tuple[str, str]:
        line = self.replies.readline()
        if line == "":
            return "error", json.dumps({"error": f"the child ended: {self.get_logs()}"})
        word, _, text = line.rstrip("\n").partition(" ")
        # An answer tells first how long it took.
        return word, text.partition(" ")[2] if word == "answer" else text

    def get_logs(self) -> str:
        self.output.seek(0)
        return self.output.read().decode(errors="replace")

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return "http://127.0.0.1"
