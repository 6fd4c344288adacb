"""Where the programs and the database cluster are: told by CMake and ./run, never guessed silently."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Missing(Exception):
    """Something that the tests need is not there; the text says what and how to get it."""


def _program(variable: str, place: str) -> pathlib.Path:
    build = pathlib.Path(os.environ.get("RASTRO_TEST_BUILD", ROOT / "build" / "release"))
    path = pathlib.Path(os.environ.get(variable, build / place))
    if not path.exists():
        raise Missing(f"{path} is not built: ./run build")
    return path


def rastrod() -> pathlib.Path:
    return _program("RASTRO_TEST_RASTROD", "server/rastrod")


def rastro() -> pathlib.Path:
    return _program("RASTRO_TEST_RASTRO", "client/rastro")


def audit_verify() -> pathlib.Path:
    return _program("RASTRO_TEST_AUDIT_VERIFY", "client/audit_verify/rastro-audit-verify")


def work_folder() -> pathlib.Path:
    """Below this folder every run makes one of its own, and removes it."""
    return pathlib.Path(os.environ.get("RASTRO_TEST_WORK", "/tmp"))


def cluster() -> dict[str, str]:
    """Socket folder, port and passwords of the throw-away cluster."""
    names = {"host": "RASTRO_TEST_PGHOST", "port": "RASTRO_TEST_PGPORT",
             "superuser": "RASTRO_TEST_PGSUPERUSER", "owner_password": "RASTRO_TEST_OWNER_PASSWORD",
             "app_password": "RASTRO_TEST_APP_PASSWORD"}
    missing = [variable for variable in names.values() if not os.environ.get(variable)]
    if missing:
        raise Missing(f"{', '.join(missing)} not set: run the tests with ./run test or ./run in-cluster")
    return {key: os.environ[variable] for key, variable in names.items()}


def run(words, *, env=None, input=None, expect=0, timeout=60) -> subprocess.CompletedProcess:
    """Runs a program; the failure shows what was asked and what came."""
    words = [str(word) for word in words]
    done = subprocess.run(words, env={**os.environ, **(env or {})}, input=input, capture_output=True, text=True,
                          timeout=timeout, check=False)
    if expect is not None and done.returncode != expect:
        raise AssertionError(f"{' '.join(words)}\nexit {done.returncode}, expected {expect}\n"
                             f"stdout: {done.stdout}\nstderr: {done.stderr}")
    return done
