"""What a report of models has in it, and what it says of what is not there."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL.Image import open as read_picture

from genmodels.checkpoints.test_images import Images
from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.errors import UserError
from genmodels.export.report import code_sources, sources
from genmodels.export.report.choice import Choice, candidates, section_titles, sensible
from genmodels.export.report.document import Figure, Heading, Paragraph, Span, Table, filled, plain_words
from genmodels.export.report.report import make
from genmodels.export.report.sources import source
from genmodels.language import speaking
from genmodels.latent.tsne import TSNE
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.support.documents import captions, made, notes, refuse

pytestmark = pytest.mark.usefixtures("coarse")
HOSTILE = "<script>alert(1)</script> $x$ **b** {seed}"


def a_gan(state: str = "finished", **values: object) -> Run:
    """A run with curves of its losses, as if it had trained."""
    store = Store()
    run = store.create(DCGANConfig.model_validate(values).model_dump(), HOSTILE)
    for step in (1, 2):
        store.add_metrics(run.id, step, step / 2, {"train/d_loss": 1.0, "train/g_loss": 0.5, "score/fid": 30.0})
    store.update(run.id, state=state, step=2, total_steps=2, epoch=1.0)
    found = store.get(run.id)
    assert found is not None
    return found


def test_one_chooses_the_newest_finished_run_else_a_pretrained_model():
    a_gan("stopped")
    models, others = sensible(Store().runs())
    assert models["vae"] == "vae-mnist"
    assert models["dcgan"] == "dcgan-mnist"
    assert "dcgan-mnist-minimax" in others
    own = a_gan(downsampling="max pooling")
    models, others = sensible(Store().runs())
    assert models["dcgan"] == own.id
    assert "dcgan-mnist" in others
    assert candidates(Store().runs(), "dcgan")[-1] != own.id


def test_a_figure_says_which_run_seed_and_command_made_it():
    run = a_gan(seed=3)
    (caption,) = captions(made("gan-curves", dcgan=run.id))[:1]
    assert f"Model {run.id}, seed 3, epoch 1: python train.py dcgan --seed 3" in caption


def test_what_has_no_model_says_which_button_makes_one():
    (note,) = {*notes(made("gan-images", "strided"))} - {*notes(made("strided"))}
    assert note.startswith("There is no model of DCGAN here yet: on the page Part 2: DCGAN, press Start training")
    assert "Downsampling set to max pooling" in notes(made("strided", dcgan="dcgan-mnist"))[0]


def test_what_a_run_has_not_measured_or_drawn_yet_is_said():
    run = Store().create(VAEConfig().model_dump(), "new")
    said = " ".join(notes(made("vae-curves", "vae-images", "clusters", vae=run.id)))
    assert f"{run.id} has no values of this curve yet" in said
    assert f"{run.id} has not drawn this picture yet" in said
    assert "has no whole checkpoint yet" in said


def test_pooling_is_set_beside_strided_convolution():
    pooled = a_gan(downsampling="max pooling")
    choice = Choice({"dcgan": a_gan().id}, (pooled.id,), sections=frozenset({"strided"}))
    (table,) = (block for block in make(Store(), choice).blocks if isinstance(block, Table))
    assert [plain_words(row[1]) for row in table.rows] == ["strided convolution", "max pooling"]
    assert [plain_words(row[5]) for row in table.rows] == ["30.0 of 256 samples"] * 2


def test_pooling_is_compared_with_what_differs_in_least_and_what_else_differs_is_said():
    pooled = a_gan(downsampling="max pooling", objective="hinge", train_images=500)
    near = a_gan(objective="hinge", train_images=500, seed=1, log_with="tensorboard")
    for others, baseline in (((near.id, pooled.id), near.id), ((pooled.id,), "dcgan-mnist")):
        choice = Choice({"dcgan": "dcgan-mnist"}, others, sections=frozenset({"strided"}))
        document = make(Store(), choice)
        (table,) = (block for block in document.blocks if isinstance(block, Table))
        assert [plain_words(row[0]) for row in table.rows] == [baseline, pooled.id]
        note = notes(document)[0]
        assert note.startswith(f"{pooled.id} and {baseline} differ in more than pooling")
        told = ("Objective: Hinge against Non-saturating", "Epochs: 1 against 12")
        assert [part in note for part in told] == [baseline == "dcgan-mnist"] * 2
        assert ("Seed: 0 against 1." in note) == (baseline == near.id)


def pooling_note(pooled: Run, plain: Run, language: str) -> str:
    choice = Choice({"dcgan": plain.id}, (pooled.id,), language=language, sections=frozenset({"strided"}))
    return notes(make(Store(), choice))[0]


def test_what_differs_is_told_in_words_and_no_folder_of_the_machine_is():
    pooled = a_gan(
        downsampling="max pooling", dataset="folder", folder="/srv/secret", image_size=28, schedule="constant",
        augment="translation", channels=1,
    )  # fmt: skip
    plain = a_gan(schedule="cosine")
    note = pooling_note(pooled, plain, "en")
    for part in (
        "Your own images against",
        "Folder: not the same",
        "Schedule: constant against cosine",
        "against none",
    ):
        assert part in note
    persian = pooling_note(pooled, plain, "fa")
    for part in ("ثابت (constant)", "کسینوسی (cosine)", "جابه‌جایی (translation)"):
        assert part in persian
    assert "\u2068\u2069" not in persian, "an empty value"
    for said in (note, persian):
        assert "secret" not in said


def test_a_command_names_no_folder_of_the_machine():
    run = a_gan(dataset="folder", folder="/srv/secret")
    document = make(Store(), Choice({"dcgan": run.id}, sections=frozenset({"gan-curves", "again"})), refuse)
    assert "--folder FOLDER" in captions(document)[0]
    assert "secret" not in repr(document.blocks)


def test_pooling_alone_says_that_there_is_nothing_to_compare_with():
    pooled = a_gan(downsampling="max pooling")
    assert notes(made("strided", dcgan=pooled.id))[0].startswith("No run without pooling is in this document")


def test_the_losses_compared_have_curves_and_samples_of_each_model():
    run = a_gan(objective="hinge")
    choice = Choice({"dcgan": "dcgan-mnist"}, (run.id,), sections=frozenset({"losses"}))
    document = make(Store(), choice)
    assert sum("Losses of" in caption for caption in captions(document)) == 2
    assert any("Hinge" in caption for caption in captions(document))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert len(tables[0].rows) == 2 * 8, "objectives"
    assert [plain_words(cell) for cell in tables[1].header] == ["Score", "dcgan-mnist", run.id]


def test_without_a_computed_map_there_is_pca_and_the_reason(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(TSNE, "finished_result", lambda made: None)  # which the model brings
    document = made("latent-space", vae="vae-mnist")
    assert notes(document) == ["The t-SNE map was not made. Nobody computes here."]
    assert captions(document)[0].startswith("The two principal components of the codes of 2,000 test images")


def test_a_map_that_is_kept_is_taken():
    document = made("latent-space", vae="vae-mnist")
    assert not notes(document)
    assert captions(document)[0].startswith(
        "t-SNE map of the codes of 2,000 test images, coloured by label (perplexity 30"
    )


def test_the_meaning_of_codes_is_read_from_test_images(monkeypatch: pytest.MonkeyPatch):
    whole = sources.test_images.load

    def few(folder: Path, config: dict | None = None) -> Images | None:
        found = whole(folder, config)
        return found and Images(found.images[:60], found.labels[:60], found.classes)  # type: ignore[index]

    monkeypatch.setattr(sources.test_images, "load", few)
    document = made("meanings", infogan="infogan-mnist")
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert len(table.rows) == 10
    assert "has read 60 test images" in plain_words(table.caption)
    assert sum(int(plain_words(row[3])) for row in table.rows) == 60
    persian = made("meanings", language="fa", infogan="infogan-mnist")
    (table,) = (block for block in persian.blocks if isinstance(block, Table))
    assert "".join(plain_words(row[0]) for row in table.rows) == "۰۱۲۳۴۵۶۷۸۹"


def test_codes_from_three_sources_stand_below_each_other_with_their_fids():
    document = made("latent-flow", latent_flow="latent-flow-mnist")
    assert not notes(document)
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert [plain_words(row[1]) for row in table.rows] == ["202", "7.71", "3.85"]
    assert "of 10,000 images of codes from each" in plain_words(table.caption)
    (picture, *_) = (block.picture for block in document.blocks if isinstance(block, Figure))
    width, height = read_picture(io.BytesIO(picture.png)).size
    assert width == pytest.approx(4 * height, rel=0.05), "three rows of twelve"


def test_fids_that_no_evaluation_has_stored_are_measured(monkeypatch: pytest.MonkeyPatch):
    model = source(Store(), "latent-flow-mnist")
    few = Images(model.test_images.images[:100], None, ())
    run = replace(model, scores={})
    run.__dict__["test_images"] = few  # the cached ones
    values, count = code_sources.fids(run)
    prior, flow, posterior = map(float, values)  # type: ignore[arg-type]
    assert count == 50
    assert min(flow, posterior) > 0
    assert prior > flow


def test_own_words_stand_at_the_end_of_their_section():
    document = made("noise", "strided", own={"noise": f"First.\n\n{HOSTILE}\nsame\n\n"})
    first, second, third = document.blocks[3:6]
    assert isinstance(first, Paragraph)
    assert isinstance(second, Paragraph)
    assert isinstance(third, Heading)
    assert plain_words(first.text) == "First."
    assert plain_words(second.text) == "<script>alert(1)</script> x b {seed}\nsame"


def test_only_what_is_ticked_goes_in():
    document = made("noise")
    assert [plain_words(block.text) for block in document.blocks if isinstance(block, Heading)] == [
        "1. DCGAN and its losses",
        "Where the images come from: the noise",
    ]
    assert not made().blocks


def test_persian_counts_in_its_own_digits_and_names_its_curves_in_its_own_words():
    run = a_gan(seed=3)
    document = made("gan-curves", "gan-images", "losses", "again", dcgan=run.id, language="fa")
    assert re.fullmatch(r"[۰-۹]+ \w+ [۰-۹]{4}", document.date)
    assert plain_words(document.blocks[0].text).startswith("۱. ")  # type: ignore[union-attr]
    figures = [block.caption for block in document.blocks if isinstance(block, Figure | Table)]
    values = [cell for block in document.blocks if isinstance(block, Table) for row in block.rows for cell in row[1:]]
    spans = [span for text in (*figures, *values) for span in text if span.kind == "name" and span.text != run.id]
    assert {"۳", "اشباع‌نشونده"} <= {span.text for span in spans}, "the seed and the objective"
    assert any("۳۰٫۰" in span.text for span in spans), "the FID"
    assert [span.text for span in spans if re.fullmatch(r"[\d.,%]+", span.text, re.ASCII)] == []
    assert "زیان‌ها" in plain_words(figures[0])
    assert "Losses" not in " ".join(map(plain_words, figures))


def test_the_letters_within_drawings_are_those_of_the_language():
    run = a_gan()
    drawn = {}
    for language in ("en", "fa"):
        with speaking("fa" if language == "en" else "en"):  # whoever asks reads another language than the document's
            document = made("gan-curves", dcgan=run.id, language=language)
        drawn[language] = next(block.picture.svg for block in document.blocks if isinstance(block, Figure))
    assert drawn["en"] == next(
        block.picture.svg for block in made("gan-curves", dcgan=run.id).blocks if isinstance(block, Figure)
    )
    assert drawn["fa"] != drawn["en"]


def test_places_are_filled_with_names_that_stay_text():
    text = (Span("of {run}, "), Span("do {command}", "code"), Span("x^{n}", "math"))
    assert filled(text, {"run": HOSTILE, "command": "a"}) == (
        Span("of "),
        Span(HOSTILE, "name"),
        Span(", "),
        Span("do a", "code"),
        Span("x^{n}", "math"),
    )


def test_figures_and_tables_are_counted_each_for_itself():
    run = a_gan()
    document = make(
        Store(), Choice({"dcgan": run.id}, sections=frozenset({"gan-curves", "gan-images", "again"})), refuse
    )
    for kind in (Figure, Table):
        numbers = [block.number for block in document.blocks if isinstance(block, kind)]
        assert numbers == [*range(1, len(numbers) + 1)]


def test_a_model_of_another_family_or_none_is_one_sentence():
    for models, sentence in (
        ({"vae": "dcgan-mnist"}, "dcgan-mnist is no VAE: choose another model for that part."),
        ({"vae": "gone"}, "There is no run and no pretrained model gone: give the id of a run, or one of "),
    ):
        with pytest.raises(UserError) as caught:
            make(Store(), Choice(models))
        assert str(caught.value).startswith(sentence)


def test_every_section_has_a_title_in_every_language():
    assert section_titles("fa").keys() == section_titles().keys()
    assert all(section_titles("fa").values())
