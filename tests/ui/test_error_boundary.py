"""What goes wrong in a part of a page is one sentence there, and never Streamlit's anonymous box."""

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import FAMILIES
from genmodels.runs.run import GONE
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.support.fragments import rerun_fragments
from tests.support.helpers import finished
from tests.support.training import quicken

SMALL = {"width": 4, "latent_dim": 4, "batch_size": 50, "epochs": 1, "device": "cpu", "check_every": 0}
TABS = [
    ("vae", "vae", "Latent space"),
    ("vae", "vae", "Decoder"),
    ("dcgan", "dcgan", "Latent space"),
    ("dcgan", "dcgan", "Inside the network"),
    ("cgan", "conditional", "Classes"),
    ("cgan", "conditional", "Complete the picture"),
    ("infogan", "conditional", "Codes"),
]
OTHERWISE = {"Complete the picture": {"condition": "picture"}}  # than SMALL


@pytest.mark.parametrize(("family", "file", "tab"), TABS)
def test_a_run_that_was_deleted_in_another_tab_is_one_sentence(
    family: str, file: str, tab: str, monkeypatch: pytest.MonkeyPatch
):
    sizes = quicken(monkeypatch)
    sizes.update(train=100, test=100)
    run = finished(FAMILIES[family].model_validate(SMALL | OTHERWISE.get(tab, {})))
    page = (
        AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=60).run().switch_page(f"pages/{file}.py")
    )
    page.query_params.update({"run": run.id, "tab": tab})
    page.run()
    assert not page.exception
    assert not page.error

    Store().delete(run.id)
    rerun_fragments(page)
    assert not page.exception
    assert {error.value for error in page.error} == {GONE}
    assert list(Store().runs_folder.iterdir()) == [], "nothing is made again of what was deleted"
