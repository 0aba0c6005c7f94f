"""Train on the nodes of a Slurm cluster, through submitit, which is to be installed for it (pip install submitit).

    python deploy/slurm.py --nodes 2 --processes 4 --partition gpu vae --dataset mnist --epochs 50
    python deploy/slurm.py --nodes 2 --processes 4 --partition gpu --resume RUN

What follows the options of this script is what train.py is told. One process a GPU; all of them share one global batch. The
run appears in the app when ``GENMODELS_HOME`` lies on a disk that the nodes and the app share.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import submitit

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 600.0  # seconds that a node waits for the first one to start
LONGEST = 24 * 60  # minutes


def command(arguments: list[str], processes: int, nodes: int, rank: int, first_node: str, port: int) -> list[str]:
    """What the node of a ``rank`` runs: torch's launcher, with so many processes a node, and train.py with ``arguments``.

    All meet at the ``port`` of the first node.
    """
    meeting = [f"--nnodes={nodes}", f"--node-rank={rank}", f"--master-addr={first_node}", f"--master-port={port}"]
    launcher = [sys.executable, "-m", "torch.distributed.run", f"--nproc-per-node={processes}", *meeting]
    return [*launcher, str(PROJECT / "train.py"), *arguments]


def meeting_port(told: Path, is_first: bool) -> int:
    """A port that is free on the first node, which tells it to the others by the file ``told``, on the disk that all share.

    Raises ``TimeoutError`` on another node when the first one tells nothing.
    """
    if is_first:
        with socket.socket() as free:
            free.bind(("", 0))
            port: int = free.getsockname()[1]
        part = told.with_suffix(".part")
        part.write_text(str(port))
        part.replace(told)
        return port
    deadline = time.monotonic() + PATIENCE
    while not told.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"The first node has not told its port in {told}: see what it printed.")
        time.sleep(0.5)
    return int(told.read_text())


def on_a_node(arguments: list[str], processes: int) -> int:
    """What Slurm starts, once on each node."""
    here = submitit.JobEnvironment()
    # Of each start of the job its own: Slurm may begin it anew on other nodes.
    told = here.paths.folder / f"{here.job_id}-{os.environ.get('SLURM_RESTART_COUNT', '0')}.port"
    port = meeting_port(told, is_first=here.node == 0)
    run = command(arguments, processes, here.num_nodes, here.node, here.hostnames[0], port)
    return subprocess.run(run, cwd=PROJECT, check=True).returncode


def submit(arguments: list[str], processes: int, cluster: str | None = None, **options: Any) -> submitit.Job:
    """Put it into Slurm's queue, or run it here with ``cluster`` "local"; ``options`` are submitit's."""
    sys.path.append(str(PROJECT))  # of a script, only its own folder is there
    from genmodels.storage.paths import home

    logs = home() / "slurm"
    executor = submitit.AutoExecutor(folder=logs, cluster=cluster)
    executor.update_parameters(tasks_per_node=1, name="genmodels", **options)
    return executor.submit(on_a_node, arguments, processes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1, help="and GPUs of each node [default 1]")
    parser.add_argument("--partition", help="default: the cluster's own")
    parser.add_argument("--minutes", type=int, default=LONGEST, help=f"after which Slurm ends it [default {LONGEST}]")
    options, arguments = parser.parse_known_args()
    slurm = {"slurm_partition": options.partition} if options.partition else {}
    job = submit(
        arguments, options.processes, nodes=options.nodes, gpus_per_node=options.processes, timeout_min=options.minutes,
        **slurm,
    )  # fmt: skip
    print(f"Job {job.job_id}; what it prints: {job.paths.stdout}")


if __name__ == "__main__":
    main()
