"""The model in use, for commands that work without one too."""

from collections.abc import Collection

from memoryhunter.cli.explain import explain
from memoryhunter.cli.terminal import tell
from memoryhunter.domain.errors import UserError
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.workspace import Workspace


def model_in_use(workspace: Workspace, told: Collection[str] = ()) -> ModelPackage | None:
    """Give the model in use; None without one, and for a chosen one that is gone or damaged.

    That is told, but for models whose trouble was `told` already. Raises `UserError` for a model
    asked for in this run: whoever names one wants it, and not hours of work without it.
    """
    try:
        package = workspace.package()
    except UserError as error:
        if workspace.asked_for is not None:
            raise
        if error.values.get("model") not in told:
            tell(explain(error))
        return None
    tell_trouble(workspace)
    return package


def tell_trouble(workspace: Workspace) -> None:
    """Tell why another model works in place of the chosen one, if one does."""
    trouble, package = workspace.trouble(), workspace.package()
    if trouble is not None and package is not None:
        tell(explain(trouble))
        tell(f"Until then, '{package.id}' ({package.name}) takes its place.")
