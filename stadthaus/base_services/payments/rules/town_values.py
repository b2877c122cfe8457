"""What payments ask of a town: how long an unpaid order waits, number range, limit of waivers, term of vouchers."""

from typing import Any

from stadthaus.base_services.payments.rules.kassenzeichen import read_pattern
from stadthaus.town.rules.asked import operational
from stadthaus.town.rules.values import parts, read_term, whole


def read_online_minutes(value: Any) -> int:
    """Read `{"minutes": 30}`."""
    minutes: int = parts(value, {"minutes": whole(1, 24 * 60)})["minutes"]
    return minutes


VALUES = {
    "payments.banking_days_for_transfer": operational(whole(0, 30)),
    "payments.kassenzeichen": operational(read_pattern),
    "payments.pay_by.counter": operational(read_term),
    "payments.pay_by.online": operational(read_online_minutes),
    "payments.pay_by.transfer": operational(read_term),
    "payments.refund_days": operational(whole(0, 365)),
    "payments.retention_years": operational(whole(1, 100)),
    "payments.waiver_limit": operational(whole(0, 1_000_000)),
}
