"""Messages: English where they are written, told in the language of whoever is served, kept so that they can be told later."""

import pickle
import threading

import numpy as np
import pytest

from genmodels.errors import UserError
from genmodels.language import (
    FROM_THE_RIGHT,
    LANGUAGES,
    N_,
    _,
    counted,
    current,
    joined,
    listed,
    ngettext,
    sided,
    speaking,
    told,
)
from genmodels.language.message import rows_by_columns
from genmodels.language.stored import recalled, stored

UNITS = '{"id": "{n:,} unit", "plural": "{n:,} units", "text": "", "values": {"n": %s}}'
QUEUED = "waiting, place {position} in the queue"


def test_english_is_the_message_itself():
    message = N_("{n:,} images of {name!r}", n=1234, name="x")
    assert message == _(message) == "1,234 images of 'x'"


def test_numbers_have_the_digits_and_signs_of_the_language():
    with speaking("fa"):
        assert _(QUEUED, position=12) == "در انتظار، جای ۱۲ در صف"
        assert _("{n:,}", n=np.int64(1234567)) == "۱٬۲۳۴٬۵۶۷"
        assert _("{share:.1%}", share=0.123) == "۱۲٫۳٪"
        assert _("{x:.2f}", x=-0.5) == "\u200e−۰٫۵۰", "the minus stands before the number, whatever is around it"
        assert _("{x:.3g}", x=-1.5e-7) == "\u200e−۱٫۵×۱۰^\u200e−۷"
        assert _("{x:.3g}", x=1e6) == "۱×۱۰^۶"
        assert [_("{x:.1f}", x=x) for x in (float("inf"), float("-inf"), float("nan"))] == ["∞", "\u200e−∞", "ناعدد"]


def test_what_others_named_is_kept_apart_from_what_is_read_from_the_right_but_not_in_code():
    with speaking("fa"):
        assert "\u2068my run\u2069" in _("Open {name}", name="my run")
        code = _("The tracker {log_with} is not installed here: run `pip install {log_with}`, or start without a tracker (log_with none).", log_with="wandb")  # fmt: skip
        assert "`pip install wandb`" in code


def test_what_comes_after_a_latin_word_stays_at_the_left_of_it():
    with speaking("fa"):
        cores = "CPU, {n} core, {memory:.0f} GiB", "CPU, {n} cores, {memory:.0f} GiB"
        assert ngettext(*cores, n=2, memory=24.0) == "CPU\u200f، ۲ هسته، ۲۴ GiB"
        assert sided("دقت KMeans **۷۳٫۷٪**") == "دقت KMeans\u200f **۷۳٫۷٪**"
        assert _("MNIST sample, 5,000 digits") == "نمونهٔ MNIST\u200f، ۵٬۰۰۰ رقم"
        assert _(N_("{name}: {n:,} units, row by row", name=N_("VAE"), n=3)) == "VAE\u200f: ۳ واحد، سطر به سطر"
        assert _("FID of {n:,} samples", n=256) == "FID\u200f ۲۵۶ نمونه"
        assert _(N_("{title} ({n} runs)", title=N_("VAE"), n=3)) == "VAE\u200f (۳ اجرا)"
    assert _("MNIST sample, 5,000 digits") == "MNIST sample, 5,000 digits"


def test_a_formula_is_read_from_the_left_whole():
    with speaking("fa"):
        assert _("all there is: ln {categories} = {most:.2f}", categories=10, most=2.3).endswith(
            "\u2066ln ۱۰ = ۲٫۳۰\u2069"
        )


def test_plural_forms_are_those_of_the_language():
    assert [ngettext("{n:,} unit", "{n:,} units", n=n) for n in (1, 2)] == ["1 unit", "2 units"]
    with speaking("fa"):
        assert [ngettext("{n:,} unit", "{n:,} units", n=n) for n in (1, 2)] == ["۱ واحد", "۲ واحد"]


def test_a_message_within_a_message_and_one_of_an_error_are_told_too():
    inner = N_("choose fewer images")
    outer = N_("{title} needs more than {most_bytes:g} GB of memory: {less}.", title="UMAP", most_bytes=4.0, less=inner)
    with speaking("fa"):
        assert _(outer).endswith("تصویرهای کمتری برگزینید.")
        assert _(UserError(outer)) == _(outer)
        assert listed(["a", "b"]) == "a\u200f، b", "the mark keeps b at the left of a"
    assert str(UserError(outer)) == outer == "UMAP needs more than 4 GB of memory: choose fewer images."


def test_what_no_catalogue_has_is_told_as_it_is():
    with speaking("fa"):
        assert _("qwertz") == "qwertz"
        assert _("") == ""


def test_each_thread_has_the_language_of_whom_it_serves():
    seen = []
    with speaking("fa"):
        threading.Thread(target=lambda: seen.append(current())).start()
        assert current() == "fa"
    assert (current(), seen) == ("en", ["en"])


def test_a_message_can_be_sent_to_another_process():
    message = pickle.loads(pickle.dumps(N_(QUEUED, position=3)))
    with speaking("fa"):
        assert told(message) == told(N_(QUEUED, position=3))


def test_a_stored_message_is_told_in_any_language():
    message = N_("Begins with weights of {name} ({id}), step {step:,}: {which}.", name="a", id="b", step=np.int64(7), which=N_("with which that began itself"))  # fmt: skip
    again = recalled(str(message), stored(message))
    assert again == message
    with speaking("fa"):
        assert told(again) == told(message) != message


def test_sentences_that_were_stored_together_are_each_told():
    message = joined([N_(QUEUED, position=1), N_(QUEUED, position=2), N_("with which that began itself")])
    with speaking("fa"):
        assert told(recalled(str(message), stored(message))) == told(message)
        assert "جای ۱ در صف" in told(message)


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{",
        "[]",
        "null",
        '{"id": 3}',
        '{"id": "{x:999999999}", "plural": "", "text": "", "values": {"x": 1}}',
        '{"id": "waiting, place {position} in the queue", "plural": "", "text": "", "values": []}',
        '{"id": "waiting, place {position} in the queue", "plural": "", "text": "", "values": {}}',
        f'{{"id": "{QUEUED}", "plural": "{{n:9999999999}}", "text": "", "values": {{"position": 1, "n": 2}}}}',
        *(UNITS % n for n in ('"abc"', "[1]", "Infinity", "1e999", "null", "{}")),
        '{"id": "{x:.1%}", "plural": "", "text": "", "values": {"x": 1' + "0" * 400 + "}}",
        '{"id": "{first} {rest}", "plural": "", "text": "", "values": {"first": "", "rest": ' * 300 + "1" + "}}" * 300,
    ],
)
def test_what_was_not_kept_or_came_from_elsewhere_stays_english(kept: str):
    with speaking("fa"):
        assert told(recalled("Something happened.", kept)) == "Something happened."


def test_persian_is_read_from_the_right():
    assert LANGUAGES["fa"] == "فارسی"
    assert "fa" in FROM_THE_RIGHT


def test_a_message_of_a_number_has_a_form_for_one_wherever_it_is_told():
    assert [counted("{n:,} image", "{n:,} images", n) for n in (1, 2)] == ["1 image", "2 images"]
    with speaking("fa"):
        assert _(counted("{n:,} image", "{n:,} images", 1)) == "۱ تصویر"


def test_a_size_is_written_one_way_in_each_language():
    size = rows_by_columns(14, 7)
    assert (told(size), told(size, "fa")) == ("14 × 7", "۱۴ × ۷")
