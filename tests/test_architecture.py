"""Keeps the rule of dependence: model <- pure core <- shell <- cli, and providers beside the shell."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Everything in migrator/ that is neither named here nor in a package named here is shell.
MODEL = {"errors", "model"}
INTERFACES = {"interfaces"}
PURE = {
    "answers",
    "checks",
    "clock",
    "codec",
    "cutover",
    "diff",
    "discovery",
    "journey",
    "mail",
    "meaning",
    "notices",
    "past",
    "plain",
    "plan",
    "report",
    "story",
    "timeline",
    "translate",
    "ttls",
    "zonefile",
}
OPEN_TO_PROVIDERS = MODEL | INTERFACES | {"zonefile", "codec", "files"}
FORBIDDEN_IN_PURE = {
    "asyncio",
    "boto3",
    "botocore",
    "dns.asyncquery",
    "dns.query",
    "dns.resolver",
    "http",
    "httpx",
    "os",
    "pathlib",
    "random",
    "rich",
    "secrets",
    "selectors",
    "shutil",
    "socket",
    "sqlalchemy",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "typer",
    "urllib.request",
}
CLOCK_CALLS = {"now", "utcnow", "today"}
FORBIDDEN_ANYWHERE = {"dns.zone", "dns.node", "dns.rdataset", "dns.zonefile", "dns.versioned"}


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """Every module that the file imports, `from a import b` as both `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def part_of(module: str) -> str:
    """The second component: which part of migrator a module belongs to."""
    return module.split(".")[1] if "." in module else ""


def own(names: set[str]) -> set[str]:
    return {name for name in names if name == "migrator" or name.startswith("migrator.")}


def matches(name: str, forbidden: set[str]) -> bool:
    return any(name == banned or name.startswith(f"{banned}.") for banned in forbidden)


@pytest.mark.parametrize("path", sources("migrator"), ids=module_of)
def test_migrator_knows_providers_only_in_the_command_line_and_the_workflow(path: Path) -> None:
    known = {name for name in imports(path) if name.split(".")[0] == "providers"}

    assert not known or part_of(module_of(path)) in {"cli", "workflow"}


@pytest.mark.parametrize("path", sources("migrator/demo/clouds"), ids=module_of)
def test_the_fakes_know_nothing_of_the_program_that_they_judge(path: Path) -> None:
    assert {name for name in own(imports(path)) if not name.startswith("migrator.demo.clouds")} == set()


@pytest.mark.parametrize("path", sources("migrator"), ids=module_of)
def test_each_layer_imports_only_itself_and_what_is_below(path: Path) -> None:
    part = part_of(module_of(path))
    used = {part_of(name) for name in own(imports(path))} - {""}
    if part in MODEL:
        allowed = MODEL
    elif part in INTERFACES:
        allowed = MODEL | INTERFACES
    elif part in PURE:
        allowed = MODEL | PURE
    elif part == "cli" or part in {"__main__", "demo"}:
        return
    else:
        assert "cli" not in used
        return

    assert used - allowed == set()


@pytest.mark.parametrize(
    "path", [p for p in sources("migrator") if part_of(module_of(p)) in MODEL | PURE], ids=module_of
)
def test_the_pure_core_knows_no_network_clock_or_environment(path: Path) -> None:
    assert {name for name in imports(path) if matches(name, FORBIDDEN_IN_PURE)} == set()
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert calls & CLOCK_CALLS == set()


@pytest.mark.parametrize(
    "path", [p for p in sources("migrator") if part_of(module_of(p)) in PURE - {"report"}], ids=module_of
)
def test_who_judges_does_not_know_how_it_is_shown(path: Path) -> None:
    assert "report" not in {part_of(name) for name in own(imports(path))}


@pytest.mark.parametrize("path", sources("providers"), ids=module_of)
def test_providers_know_the_model_the_interfaces_and_the_formats(path: Path) -> None:
    used = {part_of(name) for name in own(imports(path))}

    assert used - OPEN_TO_PROVIDERS - {""} == set()


@pytest.mark.parametrize("path", sources("migrator") + sources("providers"), ids=module_of)
def test_dnspython_zones_are_no_model(path: Path) -> None:
    assert {name for name in imports(path) if matches(name, FORBIDDEN_ANYWHERE)} == set()


@pytest.mark.parametrize("path", sources("migrator"), ids=module_of)
def test_only_the_client_opens_dns_sockets(path: Path) -> None:
    opening = {name for name in imports(path) if matches(name, {"socket", "dns.query"})}

    assert not opening or part_of(module_of(path)) in {"dnsclient", "network", "demo"}


@pytest.mark.parametrize("path", [*sources("migrator"), *sources("providers")], ids=module_of)
def test_data_classes_are_made_in_the_quick_way(path: Path) -> None:
    module = module_of(path)

    if module != "migrator.model.values" and not module.startswith("migrator.demo.clouds."):
        assert "dataclasses.dataclass" not in imports(path)
