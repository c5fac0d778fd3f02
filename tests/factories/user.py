"""Makes users and gives them roles, as the product ships them."""

from collections.abc import Iterable

import factory

from institutions.models import Institution, Role, RoleAssignment, User
from institutions.permissions import Permission
from institutions.roles import BUILTIN_ROLES

PASSWORD = "only-for-tests-1"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A user without a role, whose password is `PASSWORD`."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    display_name = factory.Sequence(lambda n: f"经办员{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = factory.django.Password(PASSWORD)


class RoleFactory(factory.django.DjangoModelFactory[Role]):
    """A role of the administration's own; built-in ones come from `builtin_role`."""

    class Meta:
        model = Role
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"role{n}")
    name = factory.Sequence(lambda n: f"角色{n}")
    permissions = factory.LazyFunction(list)


def builtin_role(code: str) -> Role:
    """Return one of the roles that ship with the product."""
    shipped = next(role for role in BUILTIN_ROLES if role.code == code)
    return Role.objects.get_or_create(
        code=shipped.code,
        defaults={
            "name": shipped.name,
            "scope": shipped.scope,
            "permissions": [item.value for item in shipped.permissions],
            "is_builtin": True,
        },
    )[0]


def assign(user: User, role: str, *, region: str = "", institution: Institution | None = None) -> User:
    """Give a user a built-in role over a region or an institution; return the user."""
    RoleAssignment.objects.create(user=user, role=builtin_role(role), region_prefix=region, institution=institution)
    return user


def officer(role: str, *, region: str = "") -> User:
    """Return a new officer with a built-in role over a region ("" = the whole country)."""
    return assign(UserFactory.create(is_staff=True), role, region=region)


def hr_of(institution: Institution) -> User:
    """Return a new HR user of an institution."""
    return assign(UserFactory.create(), "institution_hr", institution=institution)


def user_with(permissions: Iterable[Permission], *, region: str = "") -> User:
    """Return a new officer who holds just these permissions over a region."""
    user = UserFactory.create(is_staff=True)
    role = RoleFactory.create(permissions=[item.value for item in permissions])
    RoleAssignment.objects.create(user=user, role=role, region_prefix=region)
    return user
