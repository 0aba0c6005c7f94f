"""What docs/add-a-family.md says: its blocks of code are run as they stand, and everything else is there."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.cli.train import parse
from genmodels.config import families
from genmodels.config.base import RunConfig
from genmodels.export.report.sources import source
from genmodels.export.report.words import Words, words
from genmodels.export.web import page
from genmodels.export.web.record import record
from genmodels.inference.restore import Trained
from genmodels.metrics.scores import Request
from genmodels.models import build
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from genmodels.training import diagnosis
from genmodels.ui.shell.navigation import ENTERED, page_of
from tests.support.training import assert_equal, quicken, train, weights

BLOCK = re.compile(r"^## [^\n]*`(?P<path>\S+\.py)`$.*?^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = {block["path"]: block["code"] for block in BLOCK.finditer((PROJECT / "docs/add-a-family.md").read_text())}
CONFIG, MODEL, PAGE, SCORES = BLOCKS


@pytest.fixture(autouse=True)
def config(monkeypatch: pytest.MonkeyPatch) -> type[RunConfig]:
    """The config of the new family, which is there as if its files were."""
    for path in (CONFIG, MODEL, SCORES):
        module = ModuleType(path.removesuffix(".py").replace("/", "."))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(compile(BLOCKS[path], path, "exec"), module.__dict__)
    added: type[RunConfig] = sys.modules["genmodels.config.families.autoencoder"].AutoencoderConfig
    monkeypatch.setitem(families.FAMILIES, "autoencoder", added)
    return added


def test_the_blocks_are_of_files_in_the_wings_that_they_name():
    for path in BLOCKS:
        assert (PROJECT / path).parent.is_dir()


def test_the_command_line_knows_its_options_and_their_bounds(config: type[RunConfig]):
    assert parse(["autoencoder", "--latent-dim", "4"]).config == config.model_validate({"latent_dim": 4})
    with pytest.raises(SystemExit, match="latent_dim must be 1 to 512"):
        parse(["autoencoder", "--latent-dim", "0"])


def test_it_trains_stops_resumes_and_is_looked_after_like_the_others(
    config: type[RunConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    quicken(monkeypatch)
    settings = config.model_validate({"epochs": 2, "batch_size": 100, "device": "cpu", "compile": "off"})
    whole = train(settings, tmp_path / "straight")
    train(settings, tmp_path / "stopped", stop_at=5)
    train(settings, tmp_path / "stopped")
    assert_equal(weights(tmp_path / "stopped"), weights(tmp_path / "straight"))
    assert whole.rows[16]["test/loss"] < whole.rows[8]["test/loss"]
    assert "score/roughness" in whole.rows[16]
    assert sorted(path.name for path in (tmp_path / "straight" / "pictures").iterdir())[-1] == "samples-00000016.png"
    rows = [
        {"name": name, "step": step, "epoch": step / 8, "value": value}
        for step, values in whole.rows.items()
        for name, value in values.items()
    ]
    assert {finding.kind for finding in diagnosis.diagnose(settings.model_dump(), pd.DataFrame(rows)).findings} <= {
        diagnosis.NOISE,
        diagnosis.ALIKE,
    }


def test_its_own_scores_are_counted_on_test_images(config: type[RunConfig], tmp_path: Path):
    settings = config.model_validate({})
    trained = Trained(build(settings), settings, tmp_path, step=0)
    found = sys.modules["genmodels.metrics.scores.autoencoder"].score(trained, Request(samples=50))
    assert found["test_images"] == 50
    assert 0 < found["reconstruction_error"] < 1


def test_its_web_page_says_what_any_model_does(config: type[RunConfig], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(page, "script", lambda: "")
    settings = config.model_validate({})
    run = Store().create(settings.model_dump())
    of, trained = source(Store(), run.id), Trained(build(settings), settings, Path(run.id), step=0)
    made = page.Page(of, record(of, trained), [], page.data_part("model", "model.js", b""))
    assert page.words()["about"]["en"] in made.html([])


def test_a_report_has_a_model_of_it_where_a_section_shows_something(monkeypatch: pytest.MonkeyPatch):
    assert "autoencoder" not in words("en").families
    section = {"key": "autoencoder", "title": "Autoencoder", "text": "{{curves autoencoder Loss}}"}
    told = Words("en", {"part": [{"title": "Further", "section": [section]}]})
    assert told.families == ("autoencoder",)


def test_its_page_is_in_the_navigation(config: type[RunConfig]):
    assert config.page in families.pages()
    assert page_of("autoencoder") == PAGE


def test_its_page_has_the_form_with_its_options():
    shown = AppTest.from_string(BLOCKS[PAGE], default_timeout=60)
    shown.session_state[ENTERED] = True  # as the entry script does
    shown.run()
    assert not shown.exception
    assert [title.value for title in shown.title] == ["A plain autoencoder"]
    assert "Latent dim (dimensions)" in [field.label for field in shown.number_input]
    assert "Start training" in [button.label for button in shown.button]
