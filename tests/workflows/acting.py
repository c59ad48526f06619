"""Runs the workflows by `act`, on this machine and without containers, in repositories made for it.

Stand-ins: the actions of others (`actions/`), GitHub's API (the one of `tests/cli/test_comment.py`, which here also
refuses what the job's `permissions` leave out), and GitHub's repositories (a bare one on the disk). `act` itself knows
neither `permissions`, `concurrency` and `environment` nor which branches and paths an event is for.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.cli.test_comment import TOKEN, Host

ROOT = Path(__file__).resolve().parents[2]
ACTIONS = Path(__file__).parent / "actions"
WORKFLOWS = ROOT / ".github" / "workflows"
NUMBER = 7
WHO = {"GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@acme.example"}
WHO |= {"GIT_COMMITTER_NAME": "Ana", "GIT_COMMITTER_EMAIL": "ana@acme.example"}
# What each call needs (https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens).
NEEDS: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("GET", r"/user", ()),
    ("GET", r".*/pulls(/\d+)?", ("pull-requests: read", "pull-requests: write")),
    ("GET", r".*/issues/7/comments", ("pull-requests: read", "pull-requests: write", "issues: read", "issues: write")),
    (".*", r".*/issues/(7/comments|comments/\d+)", ("pull-requests: write", "issues: write")),
    ("GET", r".*/issues", ("issues: read", "issues: write")),
    (".*", r".*/issues(/\d+)?", ("issues: write",)),
)


def act() -> str | None:
    """Where act is, if it is anywhere."""
    return shutil.which("act") or shutil.which("act", path=str(Path.home() / "go" / "bin"))


class GitHub(Host):
    """GitHub's API for the token of one job, which may do what the job's `permissions` say."""

    def __init__(self) -> None:
        super().__init__(me=None)
        self.rights: frozenset[str] = frozenset()

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        for verb, pattern, one_of in NEEDS:
            if re.fullmatch(verb, method) and re.fullmatch(pattern, path):
                if one_of and not self.rights & set(one_of):
                    return 403, {"message": "Resource not accessible by integration"}
                return super().answer(method, path, query, body)
        return 404, {"message": "Not Found"}


@dataclass(frozen=True)
class Run:
    """What a run left: how each step ended, what they said, the page of the run, its artefacts."""

    succeeded: bool
    steps: Mapping[str, str]
    said: str
    summary: str
    artifacts: Path


@dataclass
class Repository:
    """A repository at GitHub, with one pull request."""

    home: Path
    git_hub: GitHub
    python: Path
    tool: Path = ROOT  # where oncall-as-code is, for a repository that has none of it
    runs: int = 0
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> Path:
        return self.home / "origin.git"

    @property
    def work(self) -> Path:
        return self.home / "work"

    def git(self, *words: str, at: Path | None = None) -> str:
        command = ["git", "-C", str(at or self.work), "-c", "init.defaultBranch=main", *words]
        done = subprocess.run(command, env={**os.environ, **WHO}, check=False, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr)
        return done.stdout.strip()

    def begin(self, files: Mapping[str, Path | str]) -> None:
        """Make it of files, on the branch main."""
        self.work.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", str(self.origin))
        self.git("config", "uploadpack.allowAnySHA1InWant", "true", at=self.origin)
        self.git("init", "--quiet", ".")
        self.write(files)
        self.commit("the beginning")
        self.git("push", "--quiet", str(self.origin), "HEAD:refs/heads/main")

    def write(self, files: Mapping[str, Path | str]) -> None:
        for name, what in files.items():
            place = self.work / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(what, Path):
                shutil.copy(what, place)
            else:
                place.write_text(what)

    def commit(self, title: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", title)
        return self.git("rev-parse", "HEAD")

    def pull_request(
        self, files: Mapping[str, Path | str], branch: str = "on-call", owner: str = "acme", labels: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Make the edit the one pull request's; gives the event. GitHub's merge commit is the checkout's."""
        self.git("checkout", "--quiet", "-B", "edit", "main")
        self.write(files)
        head = self.commit("an edit")
        self.git("checkout", "--quiet", "-B", "merge", "main")
        self.git("merge", "--quiet", "--no-ff", "-m", "Merge", "edit")
        refs = [f"+edit:refs/pull/{NUMBER}/head", f"+merge:refs/pull/{NUMBER}/merge"]
        if owner == "acme":
            refs.append(f"+edit:refs/heads/{branch}")
        self.git("push", "--quiet", str(self.origin), *refs)
        pull = {
            "number": NUMBER,
            "title": "`$(touch hurt)` \"; touch hurt; '${{ github.token }}",
            "head": {
                "ref": branch,
                "sha": head,
                "label": f"{owner}:{branch}",
                "repo": {"full_name": f"{owner}/oncall"},
            },
            "base": {"ref": "main", "sha": self.git("rev-parse", "main"), "repo": {"full_name": "acme/oncall"}},
            "labels": [{"name": label} for label in labels],
        }
        self.git_hub.pulls = [pull]
        return {"action": "synchronize", "number": NUMBER, "pull_request": pull, "repository": self.about}

    @property
    def about(self) -> dict[str, Any]:
        return {"name": "oncall", "full_name": "acme/oncall", "default_branch": "main", "owner": {"login": "acme"}}

    def completed(self, event: Mapping[str, Any], conclusion: str = "success") -> dict[str, Any]:
        """The event that the preview's run of a pull request is over; a fork's names no pull request."""
        head = event["pull_request"]["head"]
        owner = head["label"].partition(":")[0]
        run = {
            "event": "pull_request",
            "conclusion": conclusion,
            "head_sha": head["sha"],
            "head_branch": head["ref"],
            "head_repository": {"full_name": f"{owner}/oncall", "owner": {"login": owner}},
            "pull_requests": [{"number": NUMBER}] if owner == "acme" else [],
        }
        return {"action": "completed", "workflow_run": run, "repository": self.about}

    def run(self, workflow: str, event: str, data: Mapping[str, Any], secrets: Mapping[str, str] | None = None) -> Run:
        """Run a workflow as it stands in the merge commit, or on main."""
        self.runs += 1
        home = self.home / f"run-{self.runs}"
        (home / "artifacts").mkdir(parents=True)
        (home / "event.json").write_text(json.dumps(data))
        ref = f"refs/pull/{NUMBER}/merge" if event == "pull_request" else "refs/heads/main"
        sha = self.git("rev-parse", ref, at=self.origin)
        text = self.git("show", f"{sha}:.github/workflows/{workflow}", at=self.origin)
        (home / workflow).write_text(text)
        found = yaml.safe_load(text)
        (job,) = found["jobs"].values()
        rights = job.get("permissions", found["permissions"])
        self.git_hub.rights = frozenset(f"{name}: {right}" for name, right in rights.items())
        uses = set(re.findall(r"uses: (\S+@\S+)", text + (ROOT / "action.yml").read_text()))
        places = {one: str(ACTIONS / one.partition("@")[0].rpartition("/")[2]) for one in uses}
        places |= {one: str(self.tool) for one in uses if "oncall-as-code" in one}
        environment = {
            "GITHUB_REPOSITORY": "acme/oncall",
            "GITHUB_REPOSITORY_OWNER": "acme",
            "GITHUB_API_URL": self.git_hub.url,
            "GITHUB_REF": ref,
            "SHA_REF": sha,
            "STAND_IN_ORIGIN": str(self.origin),
            "STAND_IN_TOOL": str(self.tool),
            "STAND_IN_PYTHON": str(self.python),
            "STAND_IN_ARTIFACTS": str(home / "artifacts"),
        }
        (home / "empty").mkdir()
        command = [
            *(str(act()), event, "-C", str(home / "empty"), "-W", str(home / workflow), "-e", str(home / "event.json")),
            *("-P", f"{job['runs-on']}=-self-hosted", "--no-skip-checkout", "--no-cache-server", "--json"),
            *("--action-cache-path", str(home / "cache")),
            *(word for one, place in places.items() for word in ("--local-repository", f"{one}={place}")),
            *(word for pair in environment.items() for word in ("--env", "=".join(pair))),
            *(word for pair in self.variables.items() for word in ("--var", "=".join(pair))),
            *(word for pair in {"GITHUB_TOKEN": TOKEN, **(secrets or {})}.items() for word in ("-s", "=".join(pair))),
        ]
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "RUNNER_", "GIT_"))
        }
        done = subprocess.run(command, env=kept, capture_output=True, text=True, check=False, timeout=900)
        lines = [json.loads(line) for line in (done.stdout + done.stderr).splitlines() if line.startswith("{")]
        (home / "log").write_text(done.stdout + done.stderr)
        stray = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("{")]
        steps = {
            line["step"]: line["stepResult"] for line in lines if line.get("stepResult") and line.get("stage") == "Main"
        }
        said = "\n".join([*(str(line.get("msg", "")).rstrip("\n") for line in lines), *stray])
        told = [line["content"] for line in lines if line.get("command") == "summary" and len(line["stepID"]) == 1]
        return Run(done.returncode == 0, steps, said, "".join(told), home / "artifacts")


def quick_python(folder: Path) -> Path:
    """A `python` for the runner whose virtual environments run what is installed with the packages of these tests: the
    same code, without a minute of downloads.
    """
    folder.mkdir()
    python = Path(sys.executable)
    texts = {
        "python": f"""#!/bin/bash
if [ "$1 $2" != "-m venv" ]; then exec {python} "$@"; fi
mkdir -p "$3/bin" && cp {folder}/pip "$3/bin/pip"
""",
        "pip": f"""#!/bin/bash
[ "$1 $2" = "install --quiet" ] && [ -f "$3/pyproject.toml" ] || exit 1
tool=$(realpath "$3")
words='import sys; from oncall.cli.main import main; sys.exit(main())'
printf '#!/bin/bash\\nPYTHONPATH=%q exec {python} -P -c "%s" "$@"\\n' "$tool" "$words" > "$(dirname "$0")/oncall"
chmod +x "$(dirname "$0")/oncall"
""",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder
