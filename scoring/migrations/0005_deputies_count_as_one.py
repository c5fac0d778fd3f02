"""For the rule of two officers a deputy counts as one person with whom they stand in for (ADR 0051)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0003_delegation'),
        ('scoring', '0004_found_by_case'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='rulebookdraft',
            trigger=pgtrigger.compiler.Trigger(name='deputies_count_as_the_uploader', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.decided_by_id IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.decided_by_id IS DISTINCT FROM NEW.decided_by_id) AND NEW.state = 'activated' AND institutions_as_one(NEW.decided_by_id, NEW.uploaded_by_id, NEW.decided_at, 'scoring.rulebookdraft', NEW.id::text)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'deputies_count_as_the_uploader', TABLE = TG_TABLE_NAME, MESSAGE = 'Two-officer rule: whoever counts as one person with the uploader does not activate the draft (rule deputies_count_as_the_uploader)'; END IF; RETURN NEW;", hash='76143b2ea35a58d655be1243a4a816e21ed51043', operation='INSERT OR UPDATE', pgid='pgtrigger_deputies_count_as_the_uploader_e5ab4', table='scoring_rulebookdraft', when='BEFORE')),
        ),
    ]
