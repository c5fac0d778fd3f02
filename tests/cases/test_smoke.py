import pytest
from cases.states import State
from tests.factories.attribution import procedure

@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State))
def test_walk(state, now):
    walk = procedure(state, now=now)
    assert walk.attribution.state == state
