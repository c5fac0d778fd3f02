"""The restoration manifest of an attribution: what its decision caused, and how it was undone."""

from django.utils.translation import gettext as _

from cases.models import Attribution
from institutions.errors import WrongState
from scoring.selectors.manifests import Manifest, restoration_manifest


def manifest_of(attribution: Attribution) -> Manifest:
    """Return the manifest, in the active language; refuse (409) a decision that never took effect."""
    if attribution.entry is None:
        raise WrongState(
            _("This decision never took effect: it caused nothing that could be undone."),
            rule="a manifest lists the effects of an award",
            state=attribution.state,
        )
    return restoration_manifest(attribution.entry)
