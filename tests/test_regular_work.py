"""What the program does by itself, and how often."""

from datetime import UTC, datetime

from stadthaus.work.registry import next_times

NOW = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)
EVERY_MINUTE = datetime(2026, 11, 23, 12, 1, 30, tzinfo=UTC)
EVERY_HOUR = datetime(2026, 11, 23, 13, 0, 30, tzinfo=UTC)
AT_TWO = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
AT_HALF_PAST_TWO = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def test_each_kind_has_its_pace() -> None:
    ours = {kind: due_at for kind, due_at in next_times(NOW).items() if not kind.startswith("test.")}
    assert ours == {
        "accounts.clean_up": AT_HALF_PAST_TWO,
        "bulky_waste.delete_old_drafts": EVERY_HOUR,
        "bulky_waste.erase_people": EVERY_HOUR,
        "bulky_waste.hand_over": EVERY_MINUTE,
        "bulky_waste.tidy_up": AT_TWO,
        "collection_tours.keep_days": AT_TWO,
        "collection_tours.release_holds": EVERY_MINUTE,
        "collection_tours.tidy_up": AT_TWO,
        "payments.erase_debtors": EVERY_HOUR,
    }
