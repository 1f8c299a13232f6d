"""Settings of the API: where it listens, whom it trusts, how much it bears."""

from typing import Annotated

from pydantic import Field, field_validator

from models.settings_base import DeskSettings

Positive = Annotated[int, Field(ge=1)]


class ApiSettings(DeskSettings):
    """What the colleagues' door needs; never a mail password."""

    host: str = Field(default="127.0.0.1", description="address the API listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="port the API listens on")
    cors_origins: str = Field(default="", description="exact origins of browser pages, by comma")
    debug: bool = Field(
        default=False, description="1: GraphiQL, introspection, hints; never in production"
    )
    body_limit: Positive = Field(default=256 * 1024, description="bytes a request body may have")
    depth_limit: Positive = Field(default=10, description="levels an operation may have")
    alias_limit: Positive = Field(default=15, description="aliases an operation may have")
    token_limit: Positive = Field(default=2000, description="tokens a document may have")
    mutation_limit: Positive = Field(default=10, description="mutations one call may hold")
    cost_limit: Positive = Field(default=20_000, description="objects an operation may bring")
    points_per_minute: Positive = Field(
        default=200_000, description="objects a caller may ask for in a minute"
    )
    operation_seconds: float = Field(default=5, gt=0, description="seconds a query may take")
    sockets_limit: Positive = Field(default=1000, description="WebSockets one process holds open")
    sockets_per_caller: Positive = Field(default=20, description="WebSockets of one caller in it")
    subscriptions_limit: Positive = Field(
        default=2000, description="subscriptions one process holds open"
    )
    subscriptions_per_caller: Positive = Field(
        default=60, description="subscriptions of one caller in it"
    )
    bot_silence_seconds: Positive = Field(
        default=600, description="red when the bot is silent for longer"
    )

    @field_validator("cors_origins")
    @classmethod
    def _exact(cls, value: str) -> str:
        for origin in filter(None, map(str.strip, value.split(","))):
            if not origin.startswith(("http://", "https://")) or origin.count("/") != 2:
                raise ValueError(
                    "CORS_ORIGINS lists exact origins such as https://desk.example.com."
                )
        return value

    @property
    def origins(self) -> list[str]:
        """The origins as a list."""
        return [origin.strip() for origin in self.cors_origins.split(",") if origin.strip()]
