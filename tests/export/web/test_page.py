"""The page of a model: what is in its files, what it escapes, and what its policy allows. The network is not asked."""

import base64
import gzip
import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from markupsafe import escape

from genmodels.config.families import FAMILIES, CGANConfig, DCGANConfig, FlowConfig, InfoGANConfig, VAEConfig
from genmodels.data.load import load_dataset
from genmodels.export import portable
from genmodels.export.report.sources import Source, source
from genmodels.export.web import page as module
from genmodels.export.web import record as record_module
from genmodels.export.web import write
from genmodels.export.web.curves import Curves
from genmodels.export.web.page import Page, data_part, words
from genmodels.export.web.record import record
from genmodels.inference.load import load_model
from genmodels.inference.restore import Trained
from genmodels.language import LANGUAGES, told
from genmodels.language.languages import catalogue
from genmodels.latent.encode import encode_set
from genmodels.models import build
from genmodels.models.vae import VAE
from genmodels.runs.store import Store
from genmodels.storage.paths import PRETRAINED

SCRIPT = "</script><script>alert('&')</script>"
PARTS = [data_part("runtime", "runtime.js", b"wasm"), data_part("model", "model.js", b"onnx")]


@pytest.fixture(autouse=True)
def runtime_of_nothing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No WebAssembly is needed to look at a page."""
    monkeypatch.setattr(
        module, "runtime", lambda: ("const a = 1, b = 2;\nexport{a as env,b as Tensor};\n//# x.map", b"wasm")
    )
    for cached in (module.script, module.runtime_part):
        cached.cache_clear()
    yield
    for cached in (module.script, module.runtime_part):
        cached.cache_clear()


def untrained(config: Any, classes: tuple[str, ...] = ("a", "b", "c"), name: str = "a model") -> tuple[Source, Trained]:
    """A run of ``config`` that has not begun, and its network."""
    run = Store().create(config.model_dump(), name)
    return source(Store(), run.id), Trained(build(config, len(classes)), config, Path(run.id), 0, classes)


def shown(made: Page, **options: Any) -> str:
    return made.html([replace(part, inline=True) for part in PARTS], **options)


def block(text: str, identity: str) -> Any:
    """The JSON in a page."""
    (found,) = re.findall(rf'<script type="application/json" id="{identity}">(.*?)</script>', text, re.DOTALL)

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(found, parse_constant=refuse)


CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "dcgan": (DCGANConfig, {"kind": "dcgan", "z": [3], "labels": None, "codes": 0, "order": [0, 1, 2]}),
    "cgan": (CGANConfig, {"labels": {"word": "class", "names": ["a", "b", "c"], "none": False}}),
    "infogan": (InfoGANConfig, {"labels": {"word": "category", "names": ["0", "1"], "none": False}, "codes": 2}),
    "flow": (FlowConfig, {"kind": "flow", "z": [1, 28, 28], "order": []}),
}
SMALL: dict[str, dict[str, Any]] = {"infogan": {"categories": 2, "continuous": 2, "latent_dim": 3}, "flow": {}}


@pytest.mark.parametrize("family", CASES)
def test_a_page_knows_how_its_network_is_asked(family: str):
    config, expected = CASES[family]
    made = record(*untrained(config.model_validate({"width": 4} | SMALL.get(family, {"latent_dim": 3}))))
    assert {key: made[key] for key in expected} == expected
    assert (made["transport"] is not None) == (family == "flow")
    assert made["map"] is made["pictures"] is None


def test_a_vae_has_a_map_of_the_codes_that_it_has_kept():
    made = record(source(Store(), "vae-mnist-clusters"), load_model("vae-mnist-clusters"))
    points, labels = made["map"]["points"], made["map"]["labels"]
    assert len(points) == len(labels) == 2000
    assert (len(made["map"]["axes"]), len(made["map"]["origin"]), len(made["kl"])) == (2, 32, 32)
    assert sorted(made["order"], key=lambda d: -made["kl"][d]) == made["order"]
    json.dumps(made, allow_nan=False)


def test_the_samples_are_those_of_the_whole_training():
    of = source(Store(), "dcgan-mnist")
    frames = record(of, load_model("dcgan-mnist"))["history"]
    epochs = [frame["epoch"] for frame in frames]
    assert epochs[0] == 0
    assert epochs[-1] == pytest.approx(of.epoch, abs=0.1)
    assert epochs == sorted(epochs)
    assert len(epochs) <= 24


def test_no_test_image_is_in_it_where_a_server_shows_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.export.web.record.may_show", lambda config: False)
    for name in ("vae-mnist-clusters", "completion-mnist"):
        made = record(source(Store(), name), load_model(name))
        assert made["map"] is made["pictures"] is None


def test_what_users_say_is_text():
    of, trained = untrained(DCGANConfig(width=4, latent_dim=3), name=SCRIPT)
    made = Page(
        of,
        record(of, trained) | {"labels": {"names": [SCRIPT]}},
        [Curves("Losses", "nats", "data:,", [], [])],
        PARTS[1],
    )
    text = shown(made, gallery=SCRIPT, one_file=SCRIPT)
    assert SCRIPT not in text
    assert text.count(escape(SCRIPT)) >= 3
    assert block(text, "record")["labels"]["names"] == [SCRIPT]
    assert block(text, "words") == words()


def test_what_curves_are_called_is_told_in_each_language():
    of, trained = untrained(DCGANConfig(width=4, latent_dim=3))
    level = DCGANConfig().lines()["Losses"][0][1]
    curves = Curves("Losses", "nats", "data:,", [("#123456", "generator")], [level])
    text = html.unescape(shown(Page(of, record(of, trained), [curves], PARTS[1])))
    for message in ("Losses", "nats", "generator", level):
        assert told(message, "fa") != message
        assert f'"fa": "{told(message, "fa")}"' in text


def test_a_third_language_has_its_button_its_direction_and_its_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(LANGUAGES, "ar", "العربية")
    monkeypatch.setattr("genmodels.language.languages.FROM_THE_RIGHT", {"ar", "fa"})
    persian = catalogue("fa")
    monkeypatch.setattr("genmodels.language.catalogue.catalogue", lambda code: persian)
    words.cache_clear()
    of, trained = untrained(DCGANConfig(width=4, latent_dim=3))
    text = shown(Page(of, record(of, trained), [], PARTS[1]))
    words.cache_clear()
    assert '<button type="button" data-language="ar" lang="ar" dir="rtl">العربية</button>' in text
    assert '<p lang="ar" dir="rtl">' in text, "without scripts"
    assert block(text, "words")["draw"]["ar"] == "نمونه‌برداری"


def test_the_policy_allows_the_pages_own_scripts_and_nothing_from_elsewhere():
    of, trained = untrained(DCGANConfig(width=4, latent_dim=3))
    made = Page(of, record(of, trained), [], PARTS[1])
    for text, beside in ((shown(made), False), (made.html(PARTS), True)):
        (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', text)
        rules = dict(rule.split(" ", 1) for rule in html.unescape(policy).split("; "))
        assert rules["default-src"] == "'none'"
        assert "connect-src" not in rules, "default-src is meant for it"
        assert not re.search(r"http|\*|'unsafe-(inline|eval)'", policy)
        scripts = re.findall(r'<script(?: type="module")?>(.*?)</script>', text, re.DOTALL)
        assert len(scripts) == (1 if beside else 3)
        assert {module._hash(script) for script in scripts} == {*re.findall(r"'sha256-\S+", rules["script-src"])}
        assert ("'self'" in rules["script-src"]) == beside
        assert re.findall(r'<script src="(.*?)"', text) == (["runtime.js", "model.js"] if beside else [])
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)
        assert not re.search(r" on\w+=| style=", text.split("</style>")[1].split("<script")[0])


def test_a_part_is_what_it_was():
    packed = re.findall(r'"(.*?)"', data_part("model", "m.js", b"bytes").text)[0]
    assert gzip.decompress(base64.b64decode(packed)) == b"bytes"


def test_the_joined_script_has_no_module_left_in_it():
    text = module.script()
    assert "return { env: a, Tensor: b };" in text
    assert not re.search(r"^(import|export) ", text, re.MULTILINE)
    assert "</script" not in text


def test_the_words_are_those_that_the_page_says():
    asked = "".join(path.read_text() for path in module.FOLDER.glob("*.js"))
    asked += "".join(path.read_text() for path in [*module.FOLDER.glob("*.jinja"), module.FOLDER / "record.py"])
    named = {*re.findall(r'"([a-z_]+)"', asked), *re.findall(r"words\.(\w+)", asked)}
    kinds = {f"about_{kind}" for kind in (*FAMILIES, "completion")} - {"about_classifier"}
    halves = {key for key in words() if key.startswith("hide_")}
    assert {*words()} <= named | kinds | halves
    assert {f"hide_{half}" for half in re.findall(r"^  (\w+): \(.*\) =>", asked, re.MULTILINE)} == halves
    for key, languages in words().items():
        places = {code: sorted(re.findall(r"{\w+}", text)) for code, text in languages.items()}
        assert places.keys() == LANGUAGES.keys(), key
        assert {*map(tuple, places.values())} == {tuple(places["en"])}, key


def test_a_page_that_would_be_too_large_is_a_folder_alone(monkeypatch: pytest.MonkeyPatch):
    of, trained = untrained(DCGANConfig(width=4, latent_dim=3))
    made = Page(of, record(of, trained), [], PARTS[1])
    monkeypatch.setattr(write, "page", lambda *given: made)
    assert write.download(of, trained)[0] == f"{of.name}.html"
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    assert made.alone() is None
    assert write.download(of, trained)[0] == f"{of.name}.zip"


def test_a_folder_has_all_that_its_page_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    of, trained = untrained(DCGANConfig(width=4, latent_dim=3))
    made = Page(of, record(of, trained), [], replace(PARTS[1], name=f"{of.name}.js"))
    monkeypatch.setattr(write, "page", lambda *given: made)
    index, alone = write.write(of, trained, tmp_path / "new" / "folder")
    named = re.findall(r'(?:src|href)="(?!data:)(.*?)"', index.read_text())
    assert {path.name for path in index.parent.iterdir()} == {"index.html", *named}
    assert alone.name in named
    assert index.stat().st_mode & 0o444 == 0o444, "a server may run as another user"


def test_own_images_leave_no_path_of_this_machine():
    config = DCGANConfig(width=4, latent_dim=3, dataset="folder", folder="/home/somebody/pictures")
    of, trained = untrained(config)
    text = shown(Page(of, record(of, trained), [], PARTS[1]))
    assert "<span>--folder</span> <span>FOLDER</span>" in text
    assert "somebody" not in text


def test_a_command_without_a_place_says_what_to_give():
    with pytest.raises(SystemExit, match=r"give a folder for the files .*, or one for a web page \(--web FOLDER\)"):
        portable.main(["vae-mnist"], "genmodels export")


def test_the_command_says_what_to_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    of, trained = untrained(DCGANConfig(width=4, latent_dim=3))
    made = Page(of, record(of, trained), [], PARTS[1])
    monkeypatch.setattr(write, "page", lambda *given: made)
    portable.main(["dcgan-mnist", "--web", str(tmp_path)], "genmodels export")
    told = capsys.readouterr().out
    assert f"{tmp_path / 'index.html'} is the page" in told
    assert f"{tmp_path / of.name}.html is the same in one file" in told
    assert not (tmp_path / portable.ONNX).exists()


def test_a_model_by_its_folder_is_asked_for_by_its_name(tmp_path: Path):
    with pytest.raises(SystemExit, match=r"There is no run and no pretrained model .*: give the id of a run") as told:
        portable.main([str(PRETRAINED / "dcgan-mnist"), "--web", str(tmp_path)], "genmodels export")
    assert "\n" not in str(told.value)


def test_a_vae_without_codes_has_no_map():
    made = record(*untrained(VAEConfig(width=4, hidden=16, latent_dim=3)))
    assert made["map"] is made["kl"] is None
    assert made["order"] == [0, 1, 2]


@pytest.mark.parametrize(("prior", "dimensions"), [("flow", 2), ("mixture", 3)])
def test_the_page_of_a_learned_prior_asks_its_network_with_noise(
    tmp_path: Path, prior: str, dimensions: int, monkeypatch: pytest.MonkeyPatch
):
    """Also at a place of the map, where the prior can tell the noise of a code."""
    config = VAEConfig.model_validate({"width": 4, "hidden": 16, "latent_dim": 2, "prior": prior, "prior_width": 4})
    of, trained = untrained(config)
    vae = cast(VAE, trained.family)
    with torch.no_grad():
        for weight in vae.model.prior.parameters():
            weight.add_(0.1)
    images = load_dataset("mnist-sample", "test", image_size=28, channels=1)
    codes = encode_set(vae, images, 20, tmp_path)
    monkeypatch.setattr(record_module, "_codes", lambda source, trained: codes)
    made = record(of, trained)
    assert (made["z"], made["kl"], made["order"]) == ([dimensions], None, list(range(dimensions)))
    assert (made["map"] is None) == (prior == "mixture")
    if plane := made["map"]:
        noise = torch.tensor(plane["points"]) @ torch.tensor(plane["axes"]) + torch.tensor(plane["origin"])
        torch.testing.assert_close(vae.prior_codes(noise), torch.from_numpy(codes.mu), atol=1e-3, rtol=0)
