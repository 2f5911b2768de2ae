"""A contract for import-linter that needs no list of apps: new apps are covered the day they appear."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output


class PrivateModels(Contract):
    """`turnus.APP.models` (and `…_models`) may be imported inside `turnus.APP` only; others ask the app's functions."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 (import-linter's signature)
        """Every import of an app's models by a module outside this app."""
        strangers = [
            (importer, models)
            for models in sorted(name for name in graph.modules if name.count(".") == 2 and name.endswith("models"))
            for importer in sorted(graph.find_modules_that_directly_import(models))
            if not importer.startswith(models.rpartition(".")[0] + ".")
        ]
        return ContractCheck(kept=not strangers, metadata={"strangers": strangers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line per forbidden import."""
        strangers: list[tuple[str, str]] = check.metadata["strangers"]
        for importer, models in strangers:
            output.print_error(f"- {importer} -> {models}", bold=False)
