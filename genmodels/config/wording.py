"""A field of a config in words: what a form calls it, what it accepts, and why it refuses a value."""

from collections.abc import Callable
from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from genmodels.config.base import RunConfig, extra
from genmodels.language import N_, Message

Called = Callable[[str, FieldInfo], str]
LONGEST = 200  # characters of what somebody has given
EXACT = 10**15  # below which 15 digits say any whole number
FRACTIONS = ("int_parsing", "int_from_float")  # what pydantic calls a number, or a text, where a whole number is needed
BOUNDS = {
    "ge": N_("at least {limit:,}"),
    "gt": N_("above {limit:,}"),
    "le": N_("at most {limit:,}"),
    "lt": N_("below {limit:,}"),
}


def field_title(name: str, field: FieldInfo) -> str:
    """What a form calls a field."""
    return field.title or name.replace("_", " ").capitalize()


def field_label(name: str, field: FieldInfo) -> Message:
    """The same with its unit, unless the title has it."""
    title = N_(field_title(name, field))
    return title if unit(field) in title.lower() else N_("{title} ({unit})", title=title, unit=N_(unit(field)))


def unit(field: FieldInfo) -> str:
    """The unit of a field, or an empty string."""
    return extra(field, "unit") or ""


def bounds(field: FieldInfo) -> dict[str, float]:
    """The numeric bounds of a field: any of ``ge``, ``gt``, ``le``, ``lt``."""
    return {
        name: value
        for constraint in field.metadata
        for name in BOUNDS
        if (value := getattr(constraint, name, None)) is not None
    }


def allowed(field: FieldInfo) -> Message:
    """What a field accepts, in words: ``1 to 2,000 epochs``, ``one of 28, 32, 64 pixels``, ``above 0, at most 1``."""
    accepts = _accepts(field)
    return N_("{accepts} {unit}", accepts=accepts, unit=N_(unit(field))) if unit(field) else accepts


def _accepts(field: FieldInfo) -> Message:
    choices, limits = get_args(field.annotation), bounds(field)
    if choices:
        return N_("one of {choices}", choices=_in_line(*choices))
    if "ge" in limits and "le" in limits:
        return N_("{least:,} to {most:,}", least=limits["ge"], most=limits["le"])
    if limits:
        parts = [N_(BOUNDS[name], limit=limit) for name, limit in limits.items()]
        return parts[0] if len(parts) == 1 else N_("{first}, {second}", first=parts[0], second=parts[1])
    if field.annotation is str:
        longest = next((found.max_length for found in field.metadata if hasattr(found, "max_length")), None)
        return N_("a text of at most {longest:,} characters", longest=longest) if longest else N_(_described(field))
    return {int: N_("a whole number"), float: N_("a number"), bool: N_("true or false")}[field.annotation]  # type: ignore[index]


def _in_line(first: Any, *rest: Any) -> Message:
    """Choices one after the other, numbers in the digits of the reader's language."""
    told = N_("{number}", number=first)
    return N_("{first}, {second}", first=told, second=_in_line(*rest)) if rest else told


def _given(value: Any) -> str:
    """What was given instead, a number as the bounds beside it are written; a text in quotation marks, as it was typed."""
    if isinstance(value, int | float) and not isinstance(value, bool) and not abs(value) >= EXACT:
        return N_("{number:,.15g}", number=value)
    return repr(value)[:LONGEST]


def _described(field: FieldInfo) -> str:
    return (field.description or N_("a text")).rstrip(".")


def by_name(name: str, field: FieldInfo) -> str:
    """What a command line calls a field."""
    return name


def explain(error: ValidationError, config: type[RunConfig], called: Called = by_name) -> dict[str, Message]:
    """One sentence for each refused field, by the field's name; the key is empty for what concerns no single field.

    called: what the sentences call a field, such as ``field_title`` in a form.
    """
    return {name: N_("{clause}.", clause=clause) for name, clause in clauses(error, config, called).items()}


def clauses(error: ValidationError, config: type[RunConfig], called: Called = by_name) -> dict[str, Message]:
    """The same without the full stops, as parts of other sentences."""
    found: dict[str, Message] = {}
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else ""
        if name in config.model_fields:
            field = config.model_fields[name]
            wanted, title = allowed(field), N_(called(name, field))
            if problem["type"] in FRACTIONS:
                wanted = N_("a whole number, {wanted}", wanted=wanted)
            given = _given(problem["input"])
            found[name] = N_("{name} must be {wanted}, not {given}", name=title, wanted=wanted, given=given)
        elif name:
            found[name] = N_("{name} is not an option of {title}", name=name[:LONGEST], title=N_(config.title))
        else:
            refusal = problem.get("ctx", {}).get("error")
            message = refusal.args[0] if isinstance(refusal, ValueError) else problem["msg"]
            name = message.partition(":")[0]
            found[name if name in config.model_fields else ""] = N_(message)
    return found
