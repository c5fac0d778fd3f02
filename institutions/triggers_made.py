"""Triggers that a model's first migration declares with the table, and one step at its end makes.

django-pgtrigger's own operation renders the models anew for each trigger. With some hundred of them that was most of
the time that a new database took.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


def make_triggers(app_label: str, *models: str) -> RunPython:
    """Return the step that makes every trigger that the app's models declare at this point of the migrations.

    A later migration names the models (in lower case) that it makes, or whose triggers it changes.
    """

    def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for model in apps.get_app_config(app_label).get_models():
            if models and model._meta.model_name not in models:
                continue
            for trigger in getattr(model._meta, "triggers", ()):
                schema_editor.execute(trigger.install_sql, params=None)

    return RunPython(make, RunPython.noop)
