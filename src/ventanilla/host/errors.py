"""What the machine can refuse, told to the person who runs it."""

import inspect

EXIT_TOLD = 1
"""The exit code of a command that said in words why it refused."""


class HostError(Exception):
    """La máquina no permite continuar."""

    def __init__(self, **facts: object) -> None:
        """Fill the class docstring, which is the message, with the facts of this case."""
        super().__init__(inspect.cleandoc(type(self).__doc__ or "").format(**facts))
