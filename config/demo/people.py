"""The officers and hospital staff of the demonstration; plainly fictional, their password public on purpose."""

from datetime import datetime

from config.demo_logins import DEMO_PASSWORD
from institutions.models import Institution, Role, User
from institutions.permissions import WHOLE_COUNTRY
from institutions.services.roles import assign_role

OFFICERS = {
    "demo-inspector": "inspector",
    "demo-approver": "approver",
    "demo-appeals": "appeal_officer",
    "demo-auditor": "auditor",
    "demo-administrator": "administrator",
}
HR_STAFF = {"demo-hr": "H15042200001", "demo-hr-second-site": "H15042200002"}


def officer(username: str, *, now: datetime) -> User:
    """The officer of that name, made on first use, with the role over the whole country."""
    user = _user(username, is_staff=True)
    role = Role.objects.get(code=OFFICERS[username])
    assign_role(user=user, role=role, region_prefix=WHOLE_COUNTRY, institution=None, by=None, now=now)
    return user


def hospital_staff(*, now: datetime) -> None:
    """One HR log-in for each of the two sites of the Chifeng case."""
    role = Role.objects.get(code="institution_hr")
    for username, code in HR_STAFF.items():
        site = Institution.objects.get(code=code)
        user = _user(username, is_staff=False)
        assign_role(user=user, role=role, region_prefix=WHOLE_COUNTRY, institution=site, by=None, now=now)


def _user(username: str, *, is_staff: bool) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(
            username=username, email=f"{username}@example.org", password=DEMO_PASSWORD, is_staff=is_staff
        )
    return user
