"""The schema, assembled once: questions, acts, subscriptions, what goes round them."""

from collections.abc import Callable
from typing import Any, cast

import strawberry
from graphql import (
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    NoSchemaIntrospectionCustomRule,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import ExecutionContext, Info
from strawberry.types.arguments import StrawberryArgument, convert_arguments
from strawberry.types.field import StrawberryField

from api.access import Guard, guard_of
from api.documents import Documents
from api.limits import NoNul, document_limits
from api.mutations import Mutation
from api.queries import Query
from api.settings import ApiSettings
from api.subscriptions import Subscription
from api.types.base import LOADED
from api.types.clients import Client
from api.types.consents import Consent, ConsentEvent, ConsentPurpose
from api.types.fulfilment import Disclosure, FulfilmentTask
from api.types.journal import AuditEntry
from api.types.letters import Message, OutboundMail
from api.types.packages import AccessPackage, CaseFile
from api.types.people import Staff
from api.types.problems import FieldError, TransitionError
from api.types.register import PolicyVersion, ProcessingActivity
from api.types.requests import DataSubjectRequest, RequestItem, TimelineEntry
from api.types.scalars import SCALARS

PLAIN = (str, int, bool, strawberry.ID)  # what graphql-core gives is what resolvers take
TYPES = [
    AccessPackage,
    AuditEntry,
    CaseFile,
    Client,
    Consent,
    ConsentEvent,
    ConsentPurpose,
    DataSubjectRequest,
    Disclosure,
    FieldError,
    FulfilmentTask,
    Message,
    OutboundMail,
    PolicyVersion,
    ProcessingActivity,
    RequestItem,
    Staff,
    TimelineEntry,
    TransitionError,
]


Resolver = Callable[..., Any]


def _column(name: str) -> Resolver:
    return lambda source, _info: getattr(source, name)


def _child(source: Any, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
    return source.children.get(info.path.key)


def _guarded(guard: Guard | None, resolve: Resolver) -> Resolver:
    if guard is None:
        return resolve

    def checked(source: Any, info: GraphQLResolveInfo[Any], **more: Any) -> Any:
        guard.check(info.context.viewer)
        return resolve(source, info, **more)

    return checked


def _plain_names(
    arguments: list[StrawberryArgument], config: StrawberryConfig
) -> dict[str, str] | None:
    """GraphQL name to Python's, when no argument needs converting; else None."""
    kinds = (getattr(one.type, "of_type", one.type) for one in arguments)
    if not all(kind in PLAIN for kind in kinds):
        return None
    return {config.name_converter.from_argument(one): one.python_name for one in arguments}


def _question(own: StrawberryField, made: "DeskSchema") -> Resolver | None:
    """A root resolver called straight; None where it takes something else than self and info."""
    found = own.base_resolver
    if found is None or not (found.is_async and found.self_parameter and found.info_parameter):
        return None
    arguments, config = own.arguments, made.config
    ask = cast("Resolver", found.wrapped_func)
    scalars = made.schema_converter.scalar_registry
    names = _plain_names(arguments, config)

    async def resolve(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        if names is None:
            asked = convert_arguments(given, arguments, scalar_registry=scalars, config=config)
        else:
            asked = {names[name]: value for name, value in given.items()}
        found = await ask(source, info=Info(_raw_info=info, _field=own), **asked)
        if info.context.has_one_root:
            await info.context.journal_ahead()
        return found

    return resolve


def _straight(kind: GraphQLObjectType, own: StrawberryField, made: "DeskSchema") -> Resolver | None:
    if own.metadata.get(LOADED):
        return _child
    if not own.base_resolver:
        return _column(own.python_name)
    return _question(own, made) if kind.name == "Query" else None


def shorten(made: "DeskSchema") -> int:
    """Hands columns, loaded children and questions to graphql-core without strawberry's detour.

    Its chain of extensions has one link here, the guard, which is kept; returns how many.
    """
    shortened = 0
    for kind in made._schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType) or kind.name.startswith("__"):
            continue
        for definition in kind.fields.values():
            own = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if not isinstance(own, StrawberryField):
                continue
            resolve = _straight(kind, own, made)
            if resolve is None:
                continue
            definition.resolve = _guarded(guard_of(definition), resolve)
            shortened += 1
    return shortened


class DeskSchema(strawberry.Schema):
    """strawberry logs documents with their literals, which may be personal data: we do not."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Faults are logged by the doors, without their words."""


def rules_of(settings: ApiSettings) -> list[Any]:
    """Our own rules of validation."""
    limits = document_limits(settings.depth_limit, settings.alias_limit, settings.mutation_limit)
    rules = [limits, NoNul, OneOfInputValidationRule]
    return rules if settings.debug else [*rules, NoSchemaIntrospectionCustomRule]


def documents_of(schema: DeskSchema, settings: ApiSettings) -> Documents:
    """Where the documents of all callers are read and kept."""
    return Documents(
        schema._schema, rules_of(settings), tokens=settings.token_limit, hints=settings.debug
    )


def build_schema(settings: ApiSettings) -> DeskSchema:
    """The schema with the limits of these settings."""
    schema = DeskSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=TYPES,
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=not settings.debug),
    )
    shorten(schema)
    return schema


def printed(schema: DeskSchema) -> str:
    """The published SDL."""
    return schema.as_str().rstrip() + "\n"
