"""`python -m genmodels.jobs.cuda_order` prints the UUIDs of the cards, one a line, as CUDA numbers them in this environment."""

import uuid

from cuda.bindings import driver  # which torch brings along where it is built for CUDA


def main() -> None:
    driver.cuInit(0)
    _, count = driver.cuDeviceGetCount()
    for index in range(count):
        _, device = driver.cuDeviceGet(index)
        _, found = driver.cuDeviceGetUuid(device)
        print(f"GPU-{uuid.UUID(bytes=found.bytes)}")


if __name__ == "__main__":
    main()
