"""Train on the nodes of a Slurm cluster, through submitit, which is to be installed for it (pip install submitit).

    python deploy/slurm.py --nodes 2 --processes 4 --partition gpu vae --dataset mnist --epochs 50
    python deploy/slurm.py --nodes 2 --processes 4 --partition gpu --resume RUN

What follows the options of this script is what train.py is told. One process a GPU; all of them share one global batch. The
run appears in the app when ``GENMODELS_HOME`` lies on a disk that the nodes and the app share.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

import submitit

PROJECT = Path(__file__).resolve().parent.parent
PORT = 29500  # on the first node, where the processes meet
LONGEST = 24 * 60  # minutes


def command(arguments: list[str], processes: int, nodes: int, rank: int, first_node: str) -> list[str]:
    """What the node of a ``rank`` runs: torch's launcher, with so many processes a node, and train.py with ``arguments``."""
    meeting = [f"--nnodes={nodes}", f"--node-rank={rank}", f"--master-addr={first_node}", f"--master-port={PORT}"]
    launcher = [sys.executable, "-m", "torch.distributed.run", f"--nproc-per-node={processes}", *meeting]
    return [*launcher, str(PROJECT / "train.py"), *arguments]


def on_a_node(arguments: list[str], processes: int) -> int:
    """What Slurm starts, once on each node."""
    here = submitit.JobEnvironment()
    run = command(arguments, processes, here.num_nodes, here.node, here.hostnames[0])
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
