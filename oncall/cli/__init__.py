"""The command `oncall`: one module a command over `main`; the only place that touches files, git and processes."""
