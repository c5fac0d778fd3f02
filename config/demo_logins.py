"""The log-ins of the demonstration, shown by `manage.py up` when the demonstration's data are there."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model


@dataclass(frozen=True)
class DemoLogin:
    """Somebody to log in as. `role` is for the reader of the terminal."""

    username: str
    password: str
    role: str


# `manage.py demo` makes these users. The password is public on purpose: production settings never load demo
# data.
DEMO_PASSWORD = "jifen-demo-2025"  # noqa: S105
DEMO_ROLES = {
    "demo-inspector": "inspector 经办人",
    "demo-approver": "approver 审核人",
    "demo-appeals": "appeal officer 异议复核人",
    "demo-auditor": "auditor 审计",
    "demo-administrator": "administrator 系统管理员",
    "demo-hr": "hospital HR 医院人事 (H15042200001)",
    "demo-hr-second-site": "hospital HR 医院人事 (H15042200002)",
}


def demo_logins() -> list[DemoLogin]:
    """Those demonstration users that exist."""
    present = get_user_model().objects.filter(username__in=DEMO_ROLES).values_list("username", flat=True)
    return [DemoLogin(name, DEMO_PASSWORD, DEMO_ROLES[name]) for name in DEMO_ROLES if name in set(present)]
