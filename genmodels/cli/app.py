"""`genmodels app`: serve the app, as `streamlit run streamlit_app.py` does in a checkout."""

from genmodels.config.arguments import Parser, one_line
from genmodels.errors import UserError
from genmodels.storage.paths import PROJECT


def main(arguments: list[str] | None = None, prog: str = "python -m genmodels app") -> None:
    """Serve it until Ctrl-C."""
    parser = Parser(
        prog=prog,
        usage=f"{prog} [-h] [OPTIONS of `streamlit run`, such as --server.port 8502]",
        description="Serve the app. Runs that it starts go on when it ends. `streamlit run --help` lists the options.",
    )
    with one_line(prog):
        _, options = parser.parse_known_args(arguments)
        _serve(options)


def _serve(options: list[str]) -> None:
    from click import ClickException  # what streamlit's command line is made with
    from streamlit.web import cli

    try:
        cli.main(["run", str(PROJECT / "streamlit_app.py"), *options], prog_name="streamlit", standalone_mode=False)
    except ClickException as error:
        raise UserError(f"{error.format_message()} `streamlit run --help` lists the options.") from error
