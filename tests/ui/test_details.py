"""The details of a run, and when a list says that it was started."""

from datetime import UTC, datetime

from genmodels.config.families import VAEConfig
from genmodels.runs.store import Run, Store
from genmodels.ui.models.model_picker import title
from tests.support.pages import open_page


def a_run(**values: object) -> Run:
    run = Store().create(VAEConfig().model_dump(), "A run")
    Store().update(run.id, state="finished", environment={"torch": "2"}, **values)
    found = Store().get(run.id)
    assert found
    return found


def test_settings_have_the_titles_of_the_form_in_the_language_of_the_page():
    run = a_run()
    for language, value, called in (("en", "value", "Learning rate"), ("fa", "مقدار", "نرخ یادگیری")):
        page = open_page("vae", run=run.id, lang=language)
        (table,) = (each.value for each in page.dataframe if value in each.value)
        assert table.loc[called, value] == str(run.config["learning_rate"])
        assert "learning_rate" not in table.index
        assert table.loc["torch", value] == "2"


def test_a_day_has_no_zero_before_it():
    run = a_run(created=datetime(2026, 5, 1, 12, tzinfo=UTC).timestamp())
    assert ", 1 May " in title(run)
