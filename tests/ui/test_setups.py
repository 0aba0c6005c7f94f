"""What fills the form, and what a page says before a start: nothing of it starts anything."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.command_line import Origin
from genmodels.config.experiments import config_of, experiments
from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.language import speaking
from genmodels.runs.run import LOCK, Run
from genmodels.runs.store import Store
from tests.support.helpers import finished, see
from tests.support.pages import button, open_page, press, texts
from tests.support.training import quicken, tiny


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Origin | None]]:
    """The configs that pages start runs with, and whose weights these begin with; no worker is started."""
    found: list[tuple[Any, Origin | None]] = []

    def start(store: Store, config: Any, name: str = "", owner: str = "", origin: Origin | None = None) -> Run:
        found.append((config, origin))
        return queue.create(store, config, name, owner, origin)

    monkeypatch.setattr(queue, "start", start)
    return found


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A finished one."""
    quicken(monkeypatch)
    store, made = Store(), finished(tiny(epochs=1))
    store.describe(made.id, name="First")
    store.update(made.id, seconds=2.0)
    (store.folder(made.id) / LOCK).touch()
    return see(store, made)


def shown(page: AppTest, *names: str) -> list[Any]:
    widgets = {widget.key: widget.value for kind in (page.number_input, page.selectbox, page.toggle) for widget in kind}
    return [widgets[f"vae.{name}"] for name in names]


# Links


def test_a_link_fills_the_form_and_starts_nothing(asked: list):
    page = open_page("vae", set="latent_dim:2,beta:4,binarize:false,kl_estimator:closed-form")
    assert shown(page, "latent_dim", "beta", "binarize", "kl_estimator") == [2, 4.0, False, "closed-form"]
    assert "settings of the link that you opened (Latent size (dimensions) 2, KL estimator closed-form, Beta 4, " in (
        page.info[0].value.replace("\\", "")
    )
    assert not asked
    assert not Store().runs()
    page.number_input(key="vae.beta").set_value(3.0)
    assert shown(page.run(), "latent_dim", "beta") == [2, 3.0], "it is taken once"
    press(page, "Start training")
    assert [config for config, _ in asked] == [
        VAEConfig(latent_dim=2, beta=3, binarize=False, kl_estimator="closed-form")
    ]
    assert "set" not in page.query_params
    assert not page.info


def test_what_fills_the_form_asks_for_no_press_of_a_button_that_is_not_there(monkeypatch: pytest.MonkeyPatch):
    assert "press **Start training**" in open_page("vae", set="latent_dim:2").info[0].value
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    page = open_page("vae", set="latent_dim:2")
    said = [page.info[0].value]
    press(page, "Experiments")
    page.button(key=f"experiment:{experiments('vae')[0].name}").click().run()
    said.append(page.info[0].value)
    assert "settings of the link" in said[0]
    assert "settings of the experiment" in said[1]
    assert "press" not in " ".join(said)


def test_where_nobody_trains_no_empty_page_asks_for_a_press(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    for module in ("models.model_picker", "gan.compare_objectives"):
        monkeypatch.setattr(f"genmodels.ui.{module}.pretrained_models", lambda *families: [])
    said = " ".join(info.value for page in (open_page("vae"), open_page("dcgan", tab="Compare")) for info in page.info)
    assert "nobody trains" in said
    assert "No run yet." in said
    assert "press" not in said


def test_the_form_closes_once_its_run_has_started_and_stays_where_it_was_refused(monkeypatch: pytest.MonkeyPatch):
    def refuse(*arguments: Any) -> Run:
        raise UserError("The disk is full.")

    page = open_page("vae")
    with monkeypatch.context() as full:
        full.setattr(queue, "start", refuse)
        press(page, "Start training")
        assert "Training could not start: The disk is full." in texts(page)
    monkeypatch.setattr(queue, "start", queue.create)
    press(page, "Start training")
    assert "Start training" not in [each.label for each in page.button]
    assert "epoch **0.0** of 20" in texts(page)


def test_a_link_to_another_tab_opens_the_one_with_the_form():
    page = open_page("vae", tab="Decoder", set="latent_dim:2")
    assert shown(page, "latent_dim") == [2]
    assert page.session_state["tab"] == "Train"


@pytest.mark.parametrize("text", ["beta:400", "folder:/etc/passwd", "nonsense", "**bold**:1"])
def test_a_link_that_is_not_allowed_says_so_and_changes_nothing(text: str):
    page = open_page("vae", set=text)
    (error,) = page.error
    assert error.value.startswith("The settings in this address were not taken, because ")
    assert shown(page, "beta", "epochs") == [1.0, 20]


def test_the_form_gives_its_link():
    page = open_page("conditional", model="InfoGAN")
    page.number_input(key="infogan.categories").set_value(5)
    page.run()
    link = next(code.value for code in page.code if "set=" in code.value)
    assert link.endswith("?model=InfoGAN&set=categories:5")


# Experiments


def test_the_link_of_the_form_has_the_language_and_what_it_filled_is_told_in_that_of_the_reader():
    page = open_page("vae", set="latent_dim:2", lang="fa")
    assert any(code.value.endswith("?set=latent_dim:2&lang=fa") for code in page.code)
    assert "(بُعد) ۲" in page.info[0].value
    page.session_state["lang"] = "en"
    with speaking("fa"):  # the browser still has the labels of before
        page.run()
    assert "(dimensions) 2)" in page.info[0].value.replace("\\", "")
    assert any(code.value.endswith("?set=latent_dim:2") for code in page.code)


def test_a_press_fills_the_form_with_an_experiment(asked: list):
    page = press(open_page("vae"), "Experiments")
    collapse = experiments("vae")[0]
    assert f"**{collapse.title}**" in texts(page)
    page.button(key=f"experiment:{collapse.name}").click().run()
    press(page, "Start training")
    assert asked == [(config_of("vae", collapse), None)]


def table_of(page: AppTest) -> Any:
    return page.table[0].value


def test_what_was_seen_stands_beside_what_was_to_be_seen():
    store = Store()
    collapse, annealing = experiments("vae")[:2]
    other = store.create(config_of("vae", annealing).model_dump())
    store.add_metrics(other.id, 620, 10.0, {"test/kl": 0.5})
    run = store.create(config_of("vae", collapse).model_dump())
    store.add_metrics(run.id, 620, 10.0, {"test/kl": 0.02, "test/active_units": 7.0})
    store.update(run.id, state="finished", step=620, total_steps=620)
    seen = table_of(open_page("vae", run=run.id))
    kl, units, alarm = (seen.loc[name] for name in seen.index)
    assert kl["to be seen"] == "at most 0.1; was 0.0174"
    assert "0.02" in kl["here"]
    assert "check" in kl["here"]
    assert kl.iloc[-1] == "0.5"
    assert "not as expected" in units["here"]
    assert alarm["to be seen"] == "posterior collapse"


def test_other_runs_have_no_such_table():
    run = Store().create(VAEConfig(beta=19).model_dump())
    assert not open_page("vae", run=run.id).table


# Alarms


def test_an_alarm_fills_the_form_with_what_it_advises(asked: list):
    store = Store()
    run = store.create(DCGANConfig(epochs=3, seed=5, learning_rate=0.5).model_dump(), "Hot")
    store.add_metrics(run.id, 10, 0.1, {"train/g_loss": float("nan")})
    page = open_page("dcgan", run=run.id)
    press(page, "Set Learning rate to 0.0002")
    press(page, "Start training")
    assert asked == [(DCGANConfig(epochs=3, seed=5), None)]
    press(open_page("runs", run=run.id), "Set Learning rate to 0.0002")


# Runs


def test_a_run_is_trained_again_with_its_settings(run: Run, asked: list):
    press(press(open_page("vae", run=run.id), "Train again with these settings"), "Start training")
    assert asked == [(tiny(epochs=1), None)]


def test_a_new_run_begins_with_the_weights_of_another(run: Run, asked: list):
    page = press(open_page("vae", run=run.id), "Continue from here with other settings")
    page.number_input(key="vae.beta").set_value(4.0)
    page.number_input(key="vae.width").set_value(5)
    press(page.run(), "Start training")
    assert "width must be 4 to continue from First" in texts(page)
    page.number_input(key="vae.width").set_value(4)
    press(page.run(), "Start training")
    assert asked[-1] == (tiny(epochs=1, beta=4), Origin(run.id, "newest"))
    child = Store().runs()[0]
    assert child.parent == run.id
    assert "Began with the weights of **First**, step 8." in texts(page)


def test_one_may_change_ones_mind_about_the_weights(run: Run, asked: list):
    page = press(open_page("vae", run=run.id), "Continue from here with other settings")
    press(press(page, "Begin with new weights"), "Start training")
    assert asked == [(tiny(epochs=1), None)]


def test_one_more_epoch_of_a_finished_run_is_a_run_of_its_own(run: Run, asked: list):
    press(open_page("vae", run=run.id), "One more epoch")
    assert asked == [(tiny(epochs=1), Origin(run.id))]
    assert Store().runs()[0].name == "First, one more epoch"


def test_one_more_epoch_of_a_stopped_run_resumes_it(run: Run, monkeypatch: pytest.MonkeyPatch):
    resumed: list[tuple[str, float]] = []
    monkeypatch.setattr(queue, "resume", lambda store, run_id, epochs: resumed.append((run_id, epochs)))
    Store().update(run.id, state="stopped")
    press(open_page("vae", run=run.id), "One more epoch")
    assert resumed == [(run.id, 1.0)]


def test_what_another_machine_had_is_no_setting_here(asked: list):
    store = Store()
    run = store.create(VAEConfig(device="cuda:1", epochs=3).model_dump(), "Far")
    page = press(open_page("vae", run=run.id), "Train again with these settings")
    assert "device cuda:1 is not to be had here" in "\n".join(info.value for info in page.info)
    press(page, "Start training")
    assert asked == [(VAEConfig(epochs=3), None)]


# Before a start


def test_a_page_tells_what_a_start_would_take(run: Run):
    page = open_page("vae", run=run.id)
    said = texts(page)
    assert "Starts at once." in said
    assert "autoencoder: 1,688,289 weights" in said
    assert button(page, "Estimate the time")
    page = press(page, "Train again with these settings")
    assert "About 10 s for 40 steps, as its last run." in texts(page), "4,000 images, 100 a step, 0.25 s each"


def test_who_comes_after_others_is_told_the_place():
    store = Store()
    held = [queue.hold(store, store.create(VAEConfig().model_dump()).id) for _ in range(2)]
    assert "Starts when 2 runs before it are done." in texts(open_page("vae"))
    assert len(held) == 2


def test_a_rehearsal_measures_the_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.jobs.rehearsal.measure", lambda store, config: 0.5)
    page = press(open_page("vae"), "Estimate the time")
    assert "About 10 min 20 s for 1,240 steps, by a rehearsal." in texts(page)
