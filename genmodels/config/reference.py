"""Every option of a run as one Markdown document, made of the configs themselves. Free of torch.

python -m genmodels.config.reference > docs/options.md
"""

import inspect
from collections.abc import Iterator
from typing import get_args

from pydantic.fields import FieldInfo

from genmodels.config.base import RunConfig, condition
from genmodels.config.command_line import flag, negated
from genmodels.config.families import FAMILIES, GANConfig, TransportConfig
from genmodels.config.wording import allowed

SHARED: dict[type[RunConfig], str] = {
    RunConfig: "Every family",
    GANConfig: "Every GAN",
    TransportConfig: "Every flow",
}
INTRODUCTION = """\
# Options of a run

`python train.py FAMILY` (`genmodels train FAMILY` where the package is installed), the form on a page, and `config.json` take the
same options. This page is made of their declarations: change those in `genmodels/config/`, then run
`python -m genmodels.config.reference > docs/options.md`.
"""


def reference() -> str:
    """The whole document."""
    return "\n".join([INTRODUCTION, *("\n".join(_section(config, names)) for config, names in sections().items())])


def sections() -> dict[type[RunConfig], list[str]]:
    """Each config, bases first, with the options that it adds or declares anew, in the order of the form."""
    lines = [
        [parent for parent in reversed(config.__mro__) if issubclass(parent, RunConfig)] for config in FAMILIES.values()
    ]
    configs = dict.fromkeys(config for line in lines for config in line)
    return {
        config: [name for names in config.groups().values() for name in names if _is_new(config, name)]
        for config in configs
    }


def _is_new(config: type[RunConfig], name: str) -> bool:
    inherited = getattr(config.__base__, "model_fields", {}).get(name)
    return inherited is None or repr(inherited) != repr(config.model_fields[name])


def _section(config: type[RunConfig], names: list[str]) -> Iterator[str]:
    family = next((name for name, known in FAMILIES.items() if known is config), "")
    yield f"## {SHARED[config]}" if config in SHARED else f"## {config.title}: `{family}`"
    yield f"\n{inspect.getdoc(config)}\n"
    if family:
        bases = [f"*{title}*" for base, title in SHARED.items() if issubclass(config, base)]
        yield f"`python train.py {family}` takes the options of {' and '.join(bases)}" + (
            ", and:\n" if names else ".\n"
        )
    if names:
        yield "| option | default | accepts | meaning |\n|---|---|---|---|"
        yield from (_row(name, config.model_fields[name]) for name in names)
        yield ""
    dependent = list(_dependent_defaults(config, names))
    if dependent:
        yield "| with | other defaults |\n|---|---|"
        yield from dependent
        yield ""


def _row(name: str, field: FieldInfo) -> str:
    option, default, meaning = f"`{flag(name)}`", str(field.default), field.description or ""
    accepts: str = allowed(field)
    if field.annotation is bool:
        option, default, accepts = f"{option}, `{negated(name)}`", "yes" if field.default else "no", "-"
    elif field.annotation is str:
        default, accepts = default or "-", "text"  # of which the meaning says more
    if needed := condition(field):
        meaning += f" Only with `{flag(*needed)}`."
    return " | ".join(["", option, default, accepts, meaning.replace("|", r"\|"), ""]).strip()


def _dependent_defaults(config: type[RunConfig], names: list[str]) -> Iterator[str]:
    """A row for each choice that changes the defaults of other options."""
    for name in names:
        for choice in get_args(config.model_fields[name].annotation):
            if changed := config.defaults_with(name, choice):
                yield f"| `{flag(name, choice)}` | {', '.join(f'`{flag(*item)}`' for item in changed.items())} |"


if __name__ == "__main__":
    print(reference(), end="")
