"""Measure speed and memory here and now.

    python -m benchmarks              everything
    python -m benchmarks dcgan        one part

Machines differ and are shared: the ratios of one run are what counts.
"""

import argparse
import json
import platform
from collections.abc import Callable

from benchmarks import app, health, latents, many_runs, memory, plain, training
from genmodels.families import DCGANConfig, VAEConfig

VAE, DCGAN = VAEConfig(batch_size=128), DCGANConfig(batch_size=128)
PARTS: dict[str, Callable[[int], dict[str, float]]] = {
    "vae": lambda turns: training.measure(VAE, plain.vae(VAE), turns),
    "dcgan": lambda turns: training.measure(DCGAN, plain.dcgan(DCGAN), turns),
    "memory": memory.measure,
    "app": app.measure,
    "latents": latents.measure,
    "runs": many_runs.measure,
    "health": health.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("part", nargs="?", choices=PARTS, help="default: all")
    parser.add_argument("--turns", type=int, default=3, help="the median of so many is told [default 3]")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    results = {part: PARTS[part](options.turns) for part in ([options.part] if options.part else PARTS)}
    if options.json:
        print(json.dumps(results, indent=2))
        return
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    for part, values in results.items():
        print(part)
        for name, value in values.items():
            print(f"  {name:45} {value:10.3f}")


if __name__ == "__main__":
    main()
