"""The report of runs as one file: what is in it, what it escapes, and what it leaves out."""

import base64
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from genmodels.config.families import DCGANConfig
from genmodels.export import html_report as module
from genmodels.export.html_report import html_report, run_data
from genmodels.language import speaking
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.support.archives import a_run

SCRIPT = "<script>alert('&')</script>"
ESCAPED = "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;"


def report(store: Store, *runs: Run, **options: Any) -> str:
    """Without plotly.js, which is most of it."""
    whole = html_report(run_data(store, [run.id for run in runs]), **options)
    return re.sub(r"<script[^>]*>/\*\*\s+\* plotly\.js.*?</script>", "", whole, flags=re.DOTALL)


def test_it_has_plotly_once_and_stays_small():
    store = Store()
    whole = html_report(run_data(store, [a_run(store).id, a_run(store).id]))
    assert len(re.findall(r"\* plotly\.js v", whole)) == 1
    assert len(whole) < 6_000_000


def test_several_runs_are_told_with_what_differs_their_pictures_settings_and_commands():
    store = Store()
    runs = [a_run(store), a_run(store, dataset="mnist")]
    text = report(store, *runs)
    assert "<h1>2 runs compared</h1>" in text
    for part in ("<th>Dataset</th>", "<td>mnist</td>", "<th>negative ELBO, test</th>", "<td>0.2</td>"):
        assert part in text
    assert "<th>Epochs</th>" not in text.split("<h2>Curves</h2>")[0]
    for command in ("python train.py vae --epochs 2", "python train.py vae --dataset mnist --epochs 2"):
        assert text.count(f"<pre>{command}</pre>") == 1
    assert text.count("<th>Learning rate</th>\n      <td>0.001</td>") == 2
    assert text.count("<th>torch</th>\n      <td>2</td>") == 2
    for run in runs:
        (picture,) = (store.folder(run.id) / "pictures").iterdir()
        assert base64.b64encode(picture.read_bytes()).decode() in text
        assert f"always the same z. Run: A name with ü ({run.id.rpartition('-')[2]})'" in text
    assert [name for name in ("negative ELBO", "KL divergence") if f"<figcaption>{name}</figcaption>" in text] == [
        "negative ELBO"
    ]


def test_one_run_has_a_chart_for_each_panel():
    store = Store()
    run = store.create(DCGANConfig().model_dump(), "one")
    store.add_metrics(run.id, 1, 1.0, {"train/d_loss": 1.0, "train/g_loss": 2.0, "score/fid": 30.0})
    text = report(store, run)
    assert re.findall(r"<figcaption>(.*?)</figcaption>", text) == ["Losses", "score: FID of 256 samples"]
    assert text.count("Plotly.newPlot") == 2
    assert "<th>score: FID of 256 samples</th>\n      <td>30</td>" in text


def test_what_users_say_is_shown_and_never_run():
    store = Store()
    run = a_run(store, error=f"error {SCRIPT}", command=f"command {SCRIPT}", environment={SCRIPT: f"on {SCRIPT}"})
    store.describe(run.id, name=SCRIPT, note=f"note {SCRIPT}")
    other = a_run(store, config=run.config | {"folder": f"of {SCRIPT}", "dataset": "folder"})
    text = report(store, run, other)
    assert SCRIPT not in text
    assert "<script>alert" not in text
    for part in ("error ", "note ", "<h2>", "Run: "):
        assert f"{part}{ESCAPED}" in text
    assert f"command {ESCAPED}" not in text  # what it says is made from the config
    for part in ("on ", "of "):  # in tables
        assert f"{part}&lt;script&gt;" in text
    assert html_report(run_data(store, [run.id])).count(f"<title>{ESCAPED}</title>") == 1


def test_nothing_in_it_may_load_anything():
    store = Store()
    run = a_run(store)
    for language, faces in (("en", 0), ("fa", 2)):  # a typeface that a reader may not have comes along
        with speaking(language):
            text = report(store, run)
        assert "default-src 'none'" in text
        assert re.findall(r"(?:src|href)=[\"'](?!data:)|url\((?!data:)", text.split("<body>")[0]) == []
        assert re.findall(r"(?:src|href)=[\"'](?!data:)", text) == []
        assert text.count("@font-face") == faces


def test_smoothed_curves_are_drawn_over_the_values_as_measured_and_say_so():
    store = Store()
    run = a_run(store)
    raw, smoothed = report(store, run), report(store, run, smoothing=0.5)
    assert "Smoothed" not in raw
    assert "Smoothed by 0.5 (weight of the exponential moving average); in pale, as measured." in smoothed
    assert (raw.count('"opacity":0.3'), smoothed.count('"opacity":0.3')) == (0, 2)


def test_pictures_that_have_no_room_are_named(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    runs = [a_run(store), a_run(store)]
    store.describe(runs[1].id, name="the other")
    (store.folder(runs[0].id) / "pictures" / "wide-00000005.png").write_bytes(b"x" * 60_000)
    size = sum(path.stat().st_size for run in runs for path in (store.folder(run.id) / "pictures").glob("s*"))
    monkeypatch.setattr(module, "MOST_PICTURE_BYTES", size)
    text = report(store, *runs)
    assert text.count("<img") == 2
    assert "Left out, to keep this file small: wide of A name with ü." in text


def test_a_run_without_rows_pictures_or_a_known_family_is_told_too():
    store = Store()
    run = store.create(DCGANConfig().model_dump(), "new")
    store.update(run.id, config={"family": "diffusion", "batch_size": 3})
    text = report(store, run)
    assert "There are no curves yet." in text
    assert "<th>Batch size</th>\n      <td>3</td>" in text


def test_runs_that_are_gone_are_left_out(tmp_path: Path):
    store = Store(tmp_path)
    run = a_run(store)
    assert [record.run for record in run_data(store, ["no-such-run", run.id])] == [run]
    assert "0 runs compared" in html_report([])


def test_in_persian_its_headers_legends_and_dates_are_persian():
    store = Store()
    run = store.create(DCGANConfig().model_dump(), "one")
    store.update(run.id, created=1_777_644_300.0)
    store.add_metrics(run.id, 1, 1.0, {"train/d_loss": 1.0, "train/g_loss": 2.0, "score/classes_covered": 9.0})
    with speaking("fa"):
        text = report(store, run, zone=ZoneInfo("Europe/Berlin"))
    for english in ("discriminator", "generator loss", "classes covered", "score:", "2026"):
        assert english not in text.replace(store.folder(run.id).name, "").split("<section>")[0]
    assert "متمایزگر" in text
    assert "۱ مه ۲۰۲۶" in text
