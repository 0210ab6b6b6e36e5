"""Changes to tables that have grown, made while everybody goes on writing to them."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently


class AddIndexUnlocked(AddIndexConcurrently):
    """Build an index without holding up a write; its migration says ``atomic = False``.

    A try that was interrupted leaves an index behind that nobody uses and that bears the name: it
    is dropped first, so that migrating again is all there is to do.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop what is left of it, then build it."""
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.remove_index(model, self.index, concurrently=True)  # says IF EXISTS
        super().database_forwards(app_label, schema_editor, from_state, to_state)
