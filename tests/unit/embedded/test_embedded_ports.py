"""Ports: those taken are named, in two languages, before anything starts."""

import socket

import pytest

from deploy.embedded.errors import CannotStart
from deploy.embedded.ports import LOOPBACK, free_ports, is_free, require_free


def test_a_taken_port_is_named_with_what_wants_it() -> None:
    free, taken = free_ports(2)
    with socket.socket() as holder:
        holder.bind((LOOPBACK, taken))
        holder.listen()

        with pytest.raises(CannotStart) as refused:
            require_free({"intake": taken, "routing": free})

    assert "port_taken" == refused.value.code
    for text in (refused.value.zh, refused.value.en):
        assert f"{taken} (intake)" in text
        assert "routing" not in text


def test_free_ports_differ_and_lie_below_those_of_outgoing_connections() -> None:
    found = free_ports(20)

    assert 20 == len(set(found))
    assert all(port < 32_768 and is_free(port) for port in found)
