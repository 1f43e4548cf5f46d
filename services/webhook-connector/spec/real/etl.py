"""A flow that does as it is told, served as the deployment etl/nightly."""
import time

from prefect import flow


@flow(name="etl")
def etl(day: int = 1, seconds: int = 0, fail: bool = False):
    if fail:
        raise ValueError("as told")
    time.sleep(seconds)


if __name__ == "__main__":
    etl.serve(name="nightly")
