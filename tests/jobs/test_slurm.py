"""Training through submitit, whose local kind of cluster stands in for Slurm."""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy import slurm
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT


def test_each_node_runs_the_launcher_with_its_own_rank_and_the_same_meeting_place():
    first, second = (slurm.command(["vae", "--epochs", "3"], 4, 2, rank, "node17", 4711) for rank in (0, 1))
    assert "--node-rank=0" in first
    assert [*first] == [word.replace("--node-rank=1", "--node-rank=0") for word in second]
    assert {"--nnodes=2", "--nproc-per-node=4", "--master-addr=node17", "--master-port=4711"} <= {*first}
    assert first[-3:] == ["vae", "--epochs", "3"]


def test_logs_lie_beside_the_runs_also_where_the_script_alone_is_run(tmp_path: Path):
    """In a process whose path begins with the script's folder; submitit is told nothing that it would run."""
    code = (
        "import runpy, submitit; submitit.AutoExecutor = lambda folder, cluster: exit(str(folder)); "
        "runpy.run_path('deploy/slurm.py', run_name='slurm')['submit'](['vae'], 1)"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "GENMODELS_HOME": "~/lab"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert done.stderr == f"{tmp_path / 'lab' / 'slurm'}\n"


def test_all_nodes_meet_at_a_port_that_is_free_on_the_first(tmp_path: Path):
    told = tmp_path / "17-0.port"
    with ThreadPoolExecutor(2) as nodes:
        others = [nodes.submit(slurm.meeting_port, told, is_first=False) for _ in range(2)]
        port = slurm.meeting_port(told, is_first=True)
        assert [other.result(timeout=20) for other in others] == [port] * 2
    with socket.socket() as meeting:
        meeting.bind(("", port))
        assert slurm.meeting_port(tmp_path / "18-0.port", is_first=True) != port, "another job's on the same node"


def test_a_node_whose_first_one_tells_nothing_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(slurm, "PATIENCE", 0.0)
    with pytest.raises(TimeoutError, match="has not told its port"):
        slurm.meeting_port(tmp_path / "17-0.port", is_first=False)


@pytest.mark.exhaustive
@pytest.mark.distributed
@pytest.mark.slow
def test_a_submitted_run_trains_in_two_processes_and_appears_in_the_store(home: Path):
    options = "vae --epochs 1 --width 4 --hidden 16 --latent-dim 2 --batch-size 100 --device cpu --check-every 0"
    job = slurm.submit(options.split(), processes=2, cluster="local", timeout_min=5)
    assert job.result() == 0, job.stderr()
    (run,) = Store().runs()
    assert (run.state, run.epoch) == ("finished", 1.0)
    assert (home / "slurm").is_dir()
