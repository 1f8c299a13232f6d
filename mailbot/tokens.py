"""Access tokens for mail servers that take no passwords, from a command of the admin's.

Failure semantics: a command that fails, says nothing or takes too long is a TokenProblem with
one sentence; neither the command's words nor what it printed are repeated.
"""

import asyncio
import re
from collections.abc import Sequence

TOKEN = re.compile(r"[!-~]{1,16384}")
COMMAND_SECONDS = 30.0


class TokenProblem(Exception):
    """MAIL_TOKEN_COMMAND gave no token; the text says why, in one sentence."""


async def access_token(command: Sequence[str], seconds: float = COMMAND_SECONDS) -> str:
    """What the command prints: one OAuth 2 access token (RFC 6750 section 2.1)."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as problem:
        reason = type(problem).__name__
        raise TokenProblem(f"MAIL_TOKEN_COMMAND cannot be run ({reason}).") from None
    try:
        async with asyncio.timeout(seconds):
            out, _ = await process.communicate()
    except TimeoutError:
        raise TokenProblem(f"MAIL_TOKEN_COMMAND did not end within {seconds:.0f} s.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise TokenProblem(f"MAIL_TOKEN_COMMAND failed with exit code {process.returncode}.")
    token = out.decode("ascii", "replace").strip()
    if not TOKEN.fullmatch(token):
        raise TokenProblem("MAIL_TOKEN_COMMAND must print one access token and nothing else.")
    return token
