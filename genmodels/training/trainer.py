"""The one training loop, for every family. It knows no family by name and nothing of the store."""

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import torch
from accelerate.utils import broadcast_object_list

from genmodels.checkpoints import checkpoint, code_history
from genmodels.checkpoints.checkpoint import Checkpoint
from genmodels.checkpoints.integrity import NEWEST, START, steps
from genmodels.config.base import RunConfig
from genmodels.config.splits import Split, held_out
from genmodels.data import load
from genmodels.data.dataset import Dataset
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_uint8
from genmodels.data.transfer import HostCopy, Labelled
from genmodels.language import N_
from genmodels.models import build
from genmodels.models.base import Batch
from genmodels.storage.callbacks import BATCH_SIZE, Report
from genmodels.storage.image_grid import save_grid
from genmodels.training import compilation, finite, kept_codes, offline_view, out_of_memory
from genmodels.training.async_writer import Writer
from genmodels.training.best_checkpoint import Best
from genmodels.training.devices import environment, global_batch, make_accelerator
from genmodels.training.final_test import score_test_images
from genmodels.training.running_means import RunningMeans
from genmodels.training.sample_monitor import SampleMonitor
from genmodels.training.schedule import set_learning_rates
from genmodels.training.stop_check import StopCheck
from genmodels.training.take_up import take_up
from genmodels.training.throughput import Clock

ROWS_PER_EPOCH = 10  # points of a training curve in one epoch
TEST_IMAGES = 2000  # held-out images behind a point of a curve; the evaluation uses all test images
TEST_BATCH = 500
PREVIEW_IMAGES = 64

State = Literal["finished", "stopped"]


class Trainer:
    """Trains the run in ``folder`` as ``config`` says, from its newest whole checkpoint if there is one.

    ``loader`` gives other images than those of the config's data set. Raises ``DataError`` when the images cannot be had and
    ``TrainingError`` when the run cannot go on.
    """

    def __init__(
        self, config: RunConfig, folder: Path | None, report: Report, loader: load.Loader | None = None
    ) -> None:
        self.config, self.report = config, report
        self.loader = loader or load.load_for
        self.accelerator = make_accelerator(config)
        # Only the main process knows the folder; the others wait for it here.
        (self.folder,) = broadcast_object_list([folder])
        self.device = self.accelerator.device
        if config.deterministic:
            # cuBLAS repeats itself only with a workspace of fixed size, and torch refuses to use it without.
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
            torch.use_deterministic_algorithms(True)

        self.train_set = self._load("train").to(self.device)
        self.test_set = self._load("test").to(self.device)
        self.split = held_out(config.model_dump())
        self.held_out = self._load("validation").to(self.device) if self.split == "validation" else self.test_set
        self.batch_size = global_batch(config, len(self.train_set), self.accelerator.num_processes, report)
        self.steps_per_epoch = len(self.train_set) // self.batch_size
        self.total_steps = config.epochs * self.steps_per_epoch
        self.last_step = self.total_steps  # after which it stops; ``run`` may be asked for less

        self.family = build(config, len(self.train_set.classes))
        self.family.prepare(self.accelerator)
        self.noise = Noise(config.seed, self.device, self.accelerator.process_index, self.accelerator.num_processes)
        self.monitor: SampleMonitor | None = None
        if config.check_every and self.family.generates and self.accelerator.is_main_process:
            self.monitor = SampleMonitor(config, self.family, self.train_set, self.held_out)
        self.step = 0
        self.saved: int | None = None  # the step of the newest checkpoint
        self.compiled: bool | None = None  # what the measurement of ``compile`` "auto" chose, once it was made
        self.seconds = 0.0
        self.means = RunningMeans()
        # Steps that its weights had been trained for when they were another run's.
        self.inherited = max(steps(self.folder / START), default=0)
        take_up(self)
        self.best = Best(self.folder, config, self.step)
        previews = self._distance(config.preview_every)
        self.codes_every = kept_codes.distance(config, previews, self.total_steps, self.batch_size)

    def _load(self, split: Split) -> Dataset:
        with self.accelerator.main_process_first():
            return self.loader(self.config, split, self.report.event)

    # The loop

    def run(self, should_stop: Callable[[], bool] = lambda: False, until: float = math.inf) -> State:
        """Train until the last epoch, the end of the step at ``until`` epochs, or ``should_stop``; in any case the last step is on
        disk at the end."""
        if not math.isinf(until):
            self.last_step = round(until * self.steps_per_epoch)
        found = environment(self.device, self.train_set.digest()) | {BATCH_SIZE: str(self.batch_size)}
        self.report.started(self.step, self.total_steps, found)
        self._compile()
        with Writer() as self.writer:
            if self.accelerator.is_main_process:
                code_history.drop_after(self.folder, self.step)
            if self.step == 0:
                self._preview()
            state = self._loop(StopCheck(should_stop, self.accelerator), Clock(self.step))
            self._save()
            self.writer.wait()
        if state == "finished":
            if self.split == "validation" and self.accelerator.is_main_process:
                score_test_images(self)
            self._keep()
        # The threads that join the processes would ask for the interpreter while it ends, which aborts the process.
        self.accelerator.end_training()
        return state

    def _loop(self, stop: StopCheck, clock: Clock) -> State:
        while self.step < self.total_steps:
            for images, labels in self._rest_of_epoch():
                self._train_on(Batch(images, labels, self.epoch, self.step))
                if self.step % self._row_distance() == 0 or self.step == self.total_steps:
                    self._flush(clock)
                if self._due(self.config.preview_every):
                    self._preview()
                self._judge()
                if self._due(self.config.checkpoint_every):
                    self._save()
                if self.step < self.total_steps and (self.step >= self.last_step or stop()):
                    return "stopped"
        return "finished"

    def _compile(self) -> None:
        if self.step == self.total_steps or not compilation.wanted(self.config, self.device):
            return
        # A run that goes on keeps to what was measured at its start, and so to its numbers.
        measure = self.config.compile == "auto" and self.compiled is None
        if self.config.compile == "auto" and self.compiled is False:
            return
        self.report.event(N_("The networks are being compiled, which may take some minutes."))
        images, labels = next(self._rest_of_epoch())
        batch = Batch(images, labels, self.epoch)
        outcome = compilation.compile_networks(self.family, batch, self.config.seed, measure)
        self.report.event(outcome.sentence, outcome.level)
        if measure:
            self.compiled = outcome.compiled

    @property
    def epoch(self) -> float:
        return self.step / self.steps_per_epoch

    def _rest_of_epoch(self) -> Iterator[Labelled]:
        """This process's part of each batch from the present step to the end of its epoch.

        The order depends on the seed and the epoch alone, so the step is all that a checkpoint has to know of it.
        """
        epoch, done = divmod(self.step, self.steps_per_epoch)
        generator = torch.Generator().manual_seed(self.config.seed * 1_000_003 + epoch)
        order = torch.randperm(len(self.train_set), generator=generator)
        steps = order[: self.steps_per_epoch * self.batch_size].view(self.steps_per_epoch, self.batch_size)
        own = steps.chunk(self.accelerator.num_processes, 1)[self.accelerator.process_index]
        return self.train_set.batches(own[done:])

    def _train_on(self, batch: Batch) -> None:
        set_learning_rates(self.family.optimizers.values(), self.config, self.step, self.total_steps)
        values = out_of_memory.step_or_explain(self.family, batch, self.noise)
        self.step += 1
        self.family.update_average(self.inherited + self.step)
        self.means.add(values)

    def _row_distance(self) -> int:
        return max(1, self.steps_per_epoch // ROWS_PER_EPOCH)

    def _due(self, epochs: float) -> bool:
        """Whether something that happens every so many epochs, if more than 0, happens after the present step."""
        return epochs > 0 and self._at_every(self._distance(epochs))

    def _distance(self, epochs: float) -> int:
        return max(1, round(epochs * self.steps_per_epoch))

    def _at_every(self, steps: int) -> bool:
        return self.step % steps == 0 or self.step == self.total_steps

    # What it tells and keeps

    def _flush(self, clock: Clock) -> None:
        """Report the means since the last row: where the host waits for the device."""
        values = {f"train/{name}": value for name, value in self.means.take(self.accelerator).items()}
        self._must_be_finite(values)
        speed, elapsed = clock.tick(self.step, self.batch_size)
        self.seconds += elapsed
        self.report.progress(self.step, self.epoch, speed, self.seconds)
        self.report.metrics(self.step, self.epoch, values)

    def _judge(self) -> None:
        """Report what held-out images and samples say where that is due, and keep the best."""
        if not self.accelerator.is_main_process:
            return
        values: dict[str, float] = {}
        if self.step % self.steps_per_epoch == 0:
            judged = self.family.evaluate(self.batches_of(self.held_out), Noise(self.config.seed, self.device))
            values |= {f"{self.split}/{name}": value for name, value in judged.items()}
        if self.monitor is not None and self._due(self.config.check_every):
            values |= {f"score/{name}": value for name, value in self.monitor.evaluate().items()}
        if not values:
            return
        self._must_be_finite(values)
        self.report.metrics(self.step, self.epoch, values)
        if self.best.better(self.step, values):
            best = self.best.checkpoint(self.step, {}, {"classes": self.train_set.classes})
            self.writer.write(self._write, self.best.save, best, HostCopy(self.family.tensors()), HostCopy({}))

    def batches_of(self, judged: Dataset) -> Iterator[Batch]:
        """The images behind a point of a curve on held-out ones."""
        for indices in torch.arange(min(TEST_IMAGES, len(judged))).split(TEST_BATCH):
            images, labels = judged.batch(indices)
            yield Batch(images, labels, self.epoch)

    def _must_be_finite(self, values: dict[str, float]) -> None:
        if finite.broken(values):
            self.writer.wait()  # what was wrong with an earlier step comes first
        finite.must_be_finite(values, self.step, self.epoch, self.report, self._has_checkpoint)

    def _has_checkpoint(self) -> bool:
        return bool(steps(self.folder / NEWEST))

    def _preview(self) -> None:
        if self.accelerator.is_main_process and self.config.preview_every:
            images, _ = self.held_out.batch(torch.arange(min(PREVIEW_IMAGES, len(self.held_out))))
            # What is not finite ends training by its curve, which names it.
            pictures = {
                name: to_uint8(drawn.nan_to_num(0, 1, 0)) for name, drawn in self.family.previews(images).items()
            }
            self.writer.write(self._draw, self.step, HostCopy(pictures))
            if self.codes_every and self._at_every(self.codes_every):
                codes = HostCopy({"mu": kept_codes.encoded(self.family, self.test_set)})
                self.writer.write(kept_codes.keep, self.folder, self.step, codes)

    def _draw(self, step: int, pictures: HostCopy) -> None:
        for name, images in pictures.wait().items():
            save_grid(self.folder / "pictures" / f"{name}-{step:08d}.png", images.numpy())

    def _save(self) -> None:
        """Have a checkpoint of the present step written, unless there is one: it is never removed to be written anew."""
        if self.step == self.saved:
            return
        self.saved = self.step
        self.means.share(self.accelerator)
        if not self.accelerator.is_main_process:
            return
        optimizers, options = checkpoint.pack_optimizers(self.family.optimizers)
        monitored = {} if self.monitor is None else self.monitor.tensors()
        training = self.means.tensors() | optimizers | monitored | {"noise": self.noise.generator.get_state()}
        state = {
            "optimizers": options,
            "counts": dict(self.means.counts),  # training goes on while this is written
            "seconds": self.seconds,
            "classes": self.train_set.classes,
            "compiled": self.compiled,
        }
        copies = HostCopy(self.family.tensors()), HostCopy(training)
        self.writer.write(self._write, self._save_newest, Checkpoint(self.step, {}, {}, state), *copies)

    def _write(self, save: Callable, empty: Checkpoint, weights: HostCopy, training: HostCopy) -> None:
        """Have ``save`` write the checkpoint with its tensors once their copies have come."""
        full = replace(empty, weights=weights.wait(), training=training.wait())
        # A step that went wrong may not have had its row yet; two checkpoints later, no good one would be left.
        totals = finite.totals(full.training | full.weights)
        finite.must_be_finite(totals, full.step, full.step / self.steps_per_epoch, self.report, self._has_checkpoint)
        save(full)

    def _save_newest(self, saved: Checkpoint) -> None:
        checkpoint.save(self.folder / NEWEST, saved)
        self.report.saved(saved.step)

    def _keep(self) -> None:
        if self.accelerator.is_main_process:
            try:
                offline_view.keep(self.family, self.test_set, self.folder, self.step)
            except OSError as error:  # the run itself is whole
                self.report.event(
                    N_("The test images could not be kept for looking at them without the data: {error}.", error=error),
                    "warning",
                )
