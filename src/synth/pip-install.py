"""Runs pip for another Python than this one: `python3 pip-install.py <version> <machine> <pip's arguments>`.

pip chooses wheels for the Python that its options name, but judges markers, such as `python_version < "3.11"`, by the
Python that it runs in. Here they are judged by the other one too, so that every machine installs the same.
"""

import sys

from pip._internal.cli.main import main
from pip._vendor.packaging import markers

version, machine, *arguments = sys.argv[1:]
lambda_environment = {
    "implementation_name": "cpython",
    "implementation_version": f"{version}.0",
    "os_name": "posix",
    "platform_machine": machine,
    "platform_python_implementation": "CPython",
    "platform_release": "",
    "platform_system": "Linux",
    "platform_version": "",
    "python_full_version": f"{version}.0",
    "python_version": version,
    "sys_platform": "linux",
}
markers.default_environment = lambda: dict(lambda_environment)

sys.exit(main(arguments))
