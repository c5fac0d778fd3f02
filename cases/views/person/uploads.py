"""Files that come with a form: read within limits, each checked, and what is wrong said beside the field."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.policy import evidence_types
from cases.services import evidence as evidence_rows
from cases.services.submissions import FILES_MAX, TOTAL_SIZE_MAX, SentFile

FIELD = "files"
ACCEPT = ",".join(f".{extension}" for extension in evidence_types.EXTENSIONS)


def sent_files(request: HttpRequest, field: str = FIELD) -> tuple[list[SentFile], list[dict[str, str]]]:
    """Return the files sent under a field, and what is wrong with them: too many, too large, empty, not of a kind.

    A file over the size limit is not read.
    """
    sent: Sequence[UploadedFile] = request.FILES.getlist(field)
    if len(sent) > FILES_MAX:
        return [], [_problem(field, _("At most %(count)d files can be sent at once.") % {"count": FILES_MAX})]
    kept: list[SentFile] = []
    problems: list[dict[str, str]] = []
    for upload in sent:
        name = upload.name or _("file without a name")
        if (upload.size or 0) > evidence_types.SIZE_MAX:
            limit = evidence_types.SIZE_MAX // 1024 // 1024
            problems.append(_problem(field, _("%(name)s is larger than %(size)d MB.") % {"name": name, "size": limit}))
            continue
        content = upload.read()
        try:
            evidence_rows.ensure_acceptable(name, content)
        except evidence_rows.EvidenceRefused as refused:
            problems.append(_problem(field, str(refused)))
        else:
            kept.append(SentFile(name, content))
    if sum(len(file.content) for file in kept) > TOTAL_SIZE_MAX:
        limit = TOTAL_SIZE_MAX // 1024 // 1024
        problems.append(_problem(field, _("The files are larger than %(size)d MB together.") % {"size": limit}))
    return kept, problems


def limits() -> dict[str, object]:
    """Return what the hint beside the field says of kinds and sizes."""
    return {
        "accept": ACCEPT,
        "files_max": FILES_MAX,
        "size_max": evidence_types.SIZE_MAX // 1024 // 1024,
    }


def _problem(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}
