"""Commands of the API: serve, schema, token create, token revoke."""

import asyncio
import contextlib
import gc
import re
import signal
import socket
from collections.abc import Coroutine, Iterator
from datetime import datetime
from typing import Annotated, Any

import typer
import uvicorn

from api.app import build_app
from api.schema import build_schema, printed
from api.settings import ApiSettings
from models.acts.access import create_token, revoke_token, upsert_staff
from models.commands import PlainGroup
from models.database import DatabaseProblem, opened
from models.house import House
from models.logs import set_up
from models.settings import HouseSettings
from models.settings_base import SettingsProblem
from models.shapes import SYSTEM, ActRefused
from models.tables import Staff
from models.vocabulary import Role

STOP_SECONDS = 1
PLAIN_NAME = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*")
YOUNG_OBJECTS = 20_000  # a page brings some thousands; they go without the collector

app = typer.Typer(
    cls=PlainGroup,
    help="The colleagues' door: GraphQL over HTTP.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
token = typer.Typer(help="Bearer tokens.", no_args_is_help=True)
app.add_typer(token, name="token")


class UserProblem(Exception):
    """What was given cannot be used; one sentence."""


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    """A user's mistake is one sentence and exit code 1."""
    try:
        yield
    except (SettingsProblem, DatabaseProblem, ActRefused, UserProblem) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


@app.command()
def serve() -> None:
    """Serves the API until it is stopped. Example: HOST=127.0.0.1 PORT=8000 python -m api serve"""
    with _plainly(), contextlib.suppress(KeyboardInterrupt):
        settings, register = ApiSettings.load(), HouseSettings.load()
        set_up(register.log_format, register.log_level)
        house = register.house()
        with _listening(settings) as listener:
            config = uvicorn.Config(
                build_app(house, settings),
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="on",
                ws="websockets-sansio",
                ws_max_size=settings.body_limit,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
            with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
                url = register.database_url.get_secret_value()
                runner.run(_serve(_Server(config), listener, url))


class _Server(uvicorn.Server):
    """Stops on SIGTERM and Ctrl-C, a second one at once.

    uvicorn would raise the signal again afterwards, which cancels the closing of the database.
    """

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handlers of the running loop, gone afterwards."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


async def _serve(server: uvicorn.Server, listener: socket.socket, url: str) -> None:
    async with opened(url):
        host, port = listener.getsockname()[:2]
        typer.echo(f"GraphQL on http://{host}:{port}/graphql")
        _settle()
        await server.serve(sockets=[listener])


def _settle() -> None:
    """Schema and libraries stay until the end: the garbage collector need not walk them.

    Walking them again and again took half of the time of a page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


@contextlib.contextmanager
def _listening(settings: ApiSettings) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen(2048)
        except OSError as problem:
            raise UserProblem(
                f"HOST {settings.host} PORT {settings.port} cannot be listened on"
                f" ({problem.strerror}): is another program using it, is HOST one of ours?"
            ) from problem
        yield listener


@app.command()
def schema() -> None:
    """Prints the schema. Example: python -m api schema > api/schema.graphql"""
    typer.echo(printed(build_schema(ApiSettings.load({}, None))), nl=False)


@token.command("create")
def create(
    name: Annotated[str, typer.Option(help="Name of the token, unique.")],
    role: Annotated[Role, typer.Option(case_sensitive=False, help="What it may do.")],
    trained_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Training date; nobody has a role without."),
    ] = None,
    days: Annotated[int | None, typer.Option(help="Days until it ends.")] = None,
    email: Annotated[
        str | None, typer.Option(help="Address of the colleague; default: NAME at our domain.")
    ] = None,
) -> None:
    """Makes a token and shows it once, on the last line.

    Example: python -m api token create --name mari --role case_handler --trained-on 2026-01-15
    """
    with _plainly():
        register = HouseSettings.load()
        house, url = register.house(), register.database_url.get_secret_value()
        trained = trained_on.date() if trained_on else None

        async def work() -> str:
            async with opened(url):
                staff_id = None
                if role is not Role.INTEGRATION:
                    address = email or _address_at(house, name)
                    staff_id = await _person(house, name, address, role, trained)
                made = await create_token(
                    house, SYSTEM, name=name, role=role, staff_id=staff_id, days=days
                )
                return made.token

        typer.echo(_run(work()))


def _address_at(house: House, name: str) -> str:
    """NAME at our domain. UserProblem when that is no address."""
    if not PLAIN_NAME.fullmatch(name):
        raise UserProblem(f"--name {name!r} makes no e-mail address: give one with --email.")
    return f"{name}@{house.mail_domain}"


async def _person(house: House, name: str, email: str, role: Role, trained: Any) -> int:
    """The colleague with this address, made when there is none; a new training date counts."""
    known = await Staff.get_or_none(email=email.lower())
    if known is not None and known.role is role and trained in (None, known.trained_on):
        return known.id
    found = await upsert_staff(
        house,
        SYSTEM,
        name=known.name if known else name,
        email=email,
        role=role,
        trained_on=trained or (known.trained_on if known else None),
        staff_id=known.id if known else None,
        version=known.version if known else None,
    )
    return found.staff_id


@token.command("revoke")
def revoke(name: Annotated[str, typer.Argument(help="Name of the token.")]) -> None:
    """Ends a token at once. Example: python -m api token revoke mari"""
    with _plainly():
        register = HouseSettings.load()
        house, url = register.house(), register.database_url.get_secret_value()

        async def work() -> None:
            async with opened(url):
                await revoke_token(house, SYSTEM, name=name)

        _run(work())
        typer.echo(f"{name} has ended.")


if __name__ == "__main__":
    app()
