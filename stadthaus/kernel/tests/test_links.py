from stadthaus.kernel.links import is_genuine, make_link, new_public_id, public_id_of

KEY, OTHER_KEY = b"k" * 40, b"o" * 40
PUBLIC_ID = new_public_id(bytes(range(8)))
LINK = make_link(KEY, PUBLIC_ID, 1)


def test_a_link_holds_its_public_id_and_is_fit_for_an_address() -> None:
    assert public_id_of(LINK) == PUBLIC_ID
    assert len(PUBLIC_ID) == 12
    assert LINK.isalnum() and LINK.lower() == LINK


def test_the_towns_own_link_is_genuine() -> None:
    assert is_genuine(KEY, LINK, 1)


def test_raising_the_serial_revokes_every_link_that_was_sent() -> None:
    assert not is_genuine(KEY, LINK, 2)
    assert is_genuine(KEY, make_link(KEY, PUBLIC_ID, 2), 2)


def test_another_key_makes_another_link() -> None:
    assert not is_genuine(OTHER_KEY, LINK, 1)


def test_no_changed_letter_is_taken() -> None:
    changed = [LINK[:place] + ("a" if LINK[place] != "a" else "b") + LINK[place + 1 :] for place in range(len(LINK))]
    assert not [link for link in changed if is_genuine(KEY, link, 1)]


def test_no_shortened_or_lengthened_link_is_taken() -> None:
    wrong = [LINK[:length] for length in range(len(LINK))] + [LINK + "a", LINK.upper(), "", "ä" * len(LINK)]
    assert not [link for link in wrong if is_genuine(KEY, link, 1)]


def test_the_proof_of_one_order_does_not_open_another() -> None:
    other = new_public_id(bytes(range(8, 16)))
    assert not is_genuine(KEY, other + LINK[len(PUBLIC_ID) :], 1)
