"""How the API description tells of keys."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """An organisation's key."""

    target_class = "institutions.api.keys.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the scheme of OpenAPI."""
        return {"type": "http", "scheme": "bearer", "description": "An organisation's API key, jf_…"}
