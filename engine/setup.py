"""Set up a checkout: the virtual environment, the Pulumi engine, the PagerDuty plugin and the Workers runtime.

Only the standard library is used, so that any Python 3.11 can run it. Each part is keyed by the versions it is made
from, so a second run does nothing. Everything lands in the checkout (.venv, .tools) or in one cache folder of the
user's.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = ROOT / ".tools" / "bin"
PLUGINS = ROOT / ".tools" / "plugins"
PULUMI = "3.250.0"  # the newest version whose Go module can be had; see engine/cli/go.mod
PAGERDUTY_PLUGIN = "4.37.0"  # the version of the SDK in pyproject.toml
DOWNLOADS = "https://get.pulumi.com/releases"
DOWNLOAD_TIMEOUT = 15  # seconds without a byte


class SetupError(Exception):
    """One line that says what is missing and what to install."""


def cache_folder() -> Path:
    """Return the one folder outside the checkout that is written to."""
    if own := os.environ.get("ONCALL_CACHE"):
        return Path(own).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "oncall-as-code"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "oncall-as-code"


CACHE = cache_folder()


def say(text: str) -> None:
    """Tell the person waiting what is going on."""
    print(f"setup: {text}", flush=True)


def run(command: list[str], what: str, *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Run a command with a sign of life every 10 seconds; its output is shown only when it fails."""
    started = time.monotonic()
    done = threading.Event()

    def tell() -> None:
        while not done.wait(10):
            say(f"{what} ... {time.monotonic() - started:.0f} s")

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        result = subprocess.run(
            command, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
        )
    finally:
        done.set()
        teller.join()
    if result.returncode != 0:
        tail = "\n".join((result.stdout + result.stderr).strip().splitlines()[-15:])
        raise SetupError(f"{what} failed:\n{tail}")
    return result.stdout


def digest(*files: Path) -> str:
    """Return a short hash of the files' contents."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()[:16]


def link(name: str, target: Path, folder: Path = BIN) -> None:
    """Make FOLDER/NAME point at the target, replacing what was there in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{name}.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(folder / name)


# ---------------------------------------------------------------- Python


def python_environment() -> None:
    """Make .venv hold exactly the locked packages."""
    stamp = VENV / ".made-from"
    wanted = digest(ROOT / "uv.lock", ROOT / "pyproject.toml") + f" {sys.version_info[:2]} {ROOT}"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("Python packages (first time: about a minute)")
    python = VENV / "bin" / "python"
    if not python.exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            raise SetupError(
                "this Python can't make virtual environments: install python3-venv (or a full Python 3.11+)"
            )
    caches = {"PIP_CACHE_DIR": str(CACHE / "pip"), "UV_CACHE_DIR": str(CACHE / "uv"), "VIRTUAL_ENV": str(VENV)}
    caches |= uv_settings(python)
    lock = (ROOT / "uv.lock").read_text()
    uv_version = re.search(r'name = "uv"\nversion = "([^"]+)"', lock)
    if uv_version is None:
        raise SetupError("uv.lock names no version of uv: run `uv lock`")
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        run([str(python), "-m", "pip", "install", "-q", f"uv=={uv_version[1]}"], "installing uv", env=caches)
    # Exported rather than synced: `uv sync` asks the hosts written in the lock; here an index of the environment wins.
    locked = run([str(uv), "export", "--frozen", "--no-emit-project", "--quiet"], "reading uv.lock", env=caches)
    (ROOT / ".tools").mkdir(exist_ok=True)
    requirements = ROOT / ".tools" / "requirements.txt"
    requirements.write_text(locked)
    run([str(uv), "pip", "sync", "-q", "--compile-bytecode", str(requirements)], "installing packages", env=caches)
    run([str(uv), "pip", "install", "-q", "--no-deps", "-e", "."], "installing oncall", env=caches)
    stamp.write_text(wanted)


def uv_settings(python: Path) -> dict[str, str]:
    """Hand pip's mirror and certificates on to uv, which reads its own variables only."""
    settings = {}
    if not os.environ.get("UV_DEFAULT_INDEX") and not os.environ.get("UV_INDEX_URL"):
        asked = subprocess.run(
            [str(python), "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
        )
        mirror = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
        if mirror:
            settings["UV_DEFAULT_INDEX"] = mirror
    if os.environ.get("PIP_CERT") and not os.environ.get("SSL_CERT_FILE"):
        settings["SSL_CERT_FILE"] = os.environ["PIP_CERT"]
    return settings


# ---------------------------------------------------------------- the engine


def engine() -> None:
    """Have `pulumi` and its Python host: from PATH, else the official release, else built from pinned Go modules."""
    found = shutil.which("pulumi", path=path_without_tools())
    if found:
        for name in ("pulumi", "pulumi-language-python", "pulumi-language-python-exec"):
            (BIN / name).unlink(missing_ok=True)
        return
    home = CACHE / f"pulumi-{PULUMI}-{digest(ROOT / 'engine' / 'cli' / 'go.sum', ROOT / 'engine' / 'host' / 'go.sum')}"
    if not (home / "pulumi").exists():
        with tempfile.TemporaryDirectory(dir=ensure(CACHE)) as scratch:
            made = download_engine(Path(scratch)) or build_engine(Path(scratch))
            shutil.rmtree(home, ignore_errors=True)
            made.replace(home)
    for tool in home.iterdir():
        link(tool.name, tool)


def path_without_tools() -> str:
    """Return PATH without our own folder, so that what is found there is the user's."""
    return os.pathsep.join(part for part in os.environ.get("PATH", "").split(os.pathsep) if Path(part) != BIN)


def ensure(folder: Path) -> Path:
    """Make the folder where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def machine() -> tuple[str, str]:
    """Return the operating system and processor in Pulumi's words."""
    processor = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}.get(
        platform.machine().lower()
    )
    if processor is None or sys.platform not in ("linux", "darwin"):
        raise SetupError(
            f"{sys.platform} on {platform.machine()} is not supported: use Linux or macOS on x86-64 or ARM64"
        )
    return sys.platform, processor


def fetch(url: str, folder: Path) -> bool:
    """Download and unpack an archive; False where it can't be reached."""
    try:
        with (
            urllib.request.urlopen(url, timeout=DOWNLOAD_TIMEOUT) as answer,
            tarfile.open(fileobj=answer, mode="r|gz") as archive,
        ):
            archive.extractall(folder, filter="data")
    except (urllib.error.URLError, http.client.HTTPException, OSError, tarfile.TarError) as fault:
        say(f"{url} can't be had ({str(fault)[:80]})")
        return False
    return True


def download_engine(scratch: Path) -> Path | None:
    """Get the official release of the engine, or None."""
    system, processor = machine()
    name = f"pulumi-v{PULUMI}-{system}-{'x64' if processor == 'amd64' else processor}.tar.gz"
    say(f"Pulumi {PULUMI}: trying the official release")
    return (
        scratch / "pulumi"
        if fetch(f"{DOWNLOADS}/sdk/{name}", scratch) and (scratch / "pulumi" / "pulumi").exists()
        else None
    )


def build_engine(scratch: Path) -> Path:
    """Build the engine and its Python host from the modules pinned in engine/ (about 4 minutes on 2 cores)."""
    go = shutil.which("go")
    version = (
        re.search(
            r"go(\d+)\.(\d+)", subprocess.run([go, "version"], capture_output=True, text=True, check=False).stdout
        )
        if go
        else None
    )
    if go is None or version is None or (int(version[1]), int(version[2])) < (1, 25):
        raise SetupError(
            "Pulumi can't be downloaded here and building it needs Go 1.25 or newer: install pulumi, or Go from go.dev"
        )
    made = ensure(scratch / "engine")
    work = ensure(CACHE / "go")  # one place, so that an interrupted build goes on where it was
    env = {
        "GOMODCACHE": str(work / "mod"),
        "GOCACHE": str(work / "build"),
        "GOFLAGS": "-mod=readonly -buildvcs=false",
        "CGO_ENABLED": "0",
    }
    say(f"Pulumi {PULUMI}: building it from Go modules (once, about 5 minutes on 2 cores)")
    stamp = f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{PULUMI}"
    for module, package, flags in (
        ("cli", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", stamp),
        ("host", "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python", "-s -w"),
    ):
        folder = ROOT / "engine" / module
        run([go, "mod", "download"], f"downloading the modules of {package.rsplit('/', 1)[1]}", cwd=folder, env=env)
        run(
            [go, "build", "-trimpath", "-ldflags", flags, "-o", str(made / package.rsplit("/", 1)[1]), package],
            f"building {package.rsplit('/', 1)[1]}",
            cwd=folder,
            env=env,
        )
    source = run(
        [go, "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"],
        "finding the Python host's script",
        cwd=ROOT / "engine" / "host",
        env=env,
    ).strip()
    script = made / "pulumi-language-python-exec"
    shutil.copyfile(Path(source) / "python" / "cmd" / "pulumi-language-python-exec", script)
    script.chmod(0o755)
    run([go, "clean", "-cache", "-modcache"], "clearing the build's cache", env=env)
    shutil.rmtree(work, ignore_errors=True)
    return made


# ---------------------------------------------------------------- the PagerDuty plugin


def pagerduty_plugin() -> None:
    """Have a PagerDuty plugin: an installed official one, else its download, else the stand-in of the sandbox.

    It is linked where only our own engine runs look for it: a stand-in on PATH could end up at real accounts.
    """
    name = "pulumi-resource-pagerduty"
    own = shutil.which(name, path=path_without_tools())
    homes = [Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi"), CACHE / "pulumi-home"]
    found = [each for home in homes for each in home.glob(f"plugins/resource-pagerduty-v*/{name}")]
    installed = sorted(found, key=lambda each: [int(part) for part in re.findall(r"\d+", each.parent.name)])
    if own or installed:
        link(name, Path(own) if own else installed[-1], PLUGINS)
        return
    if (PLUGINS / name).exists():  # the stand-in was chosen before; `rm -r .tools` asks again
        return
    system, processor = machine()
    target = CACHE / "pulumi-home" / "plugins" / f"resource-pagerduty-v{PAGERDUTY_PLUGIN}"
    say(f"PagerDuty plugin {PAGERDUTY_PLUGIN}: trying the official release")
    with tempfile.TemporaryDirectory(dir=ensure(CACHE)) as scratch:
        if fetch(f"{DOWNLOADS}/plugins/{name}-v{PAGERDUTY_PLUGIN}-{system}-{processor}.tar.gz", Path(scratch)):
            ensure(target)
            (Path(scratch) / name).replace(target / name)
            link(name, target / name, PLUGINS)
            return
    say("PagerDuty plugin: using the sandbox's stand-in (it sends the requests the official one sends)")
    link(name, ROOT / "sandbox" / "plugin" / name, PLUGINS)


# ---------------------------------------------------------------- the Workers runtime


def workerd() -> None:
    """Have the Workers runtime, from its npm package (Node only installs it)."""
    spec = ROOT / "engine" / "worker"
    home = CACHE / f"workerd-{digest(spec / 'package-lock.json')}"
    if not home.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise SetupError("npm is missing: install Node.js 20 or newer (nodejs.org)")
        say("Workers runtime (workerd, from npm)")
        with tempfile.TemporaryDirectory(dir=ensure(CACHE)) as scratch:
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(spec / name, Path(scratch) / name)
            run(
                [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                "installing workerd",
                cwd=Path(scratch),
                env={"npm_config_cache": str(CACHE / "npm"), "npm_config_update_notifier": "false"},
            )
            (Path(scratch) / "node_modules").rename(home)
    binaries = sorted(home.glob("@cloudflare/workerd-*/bin/workerd"))
    if not binaries:
        raise SetupError(f"npm brought no workerd for this machine: remove {home} and try again")
    link("workerd", binaries[0])


def main() -> int:
    """Set everything up; 1 and one line where something is missing."""
    if sys.version_info < (3, 11):
        print(
            f"setup: Python 3.11 or newer is needed (this is {platform.python_version()}): "
            "install it, or run make PYTHON=python3.12"
        )
        return 1
    try:
        python_environment()
        engine()
        pagerduty_plugin()
        workerd()
    except SetupError as fault:
        print(f"setup: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: stopped; run it again to go on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
