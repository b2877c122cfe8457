"""The questions of an order: fields, wording, and where an error stands. One file a page, as people meet them."""

from stadthaus.services.bulky_waste.forms.paying import AccountForm, CheckForm, WayForm
from stadthaus.services.bulky_waste.forms.things import OwnItemForm, WithinLimitsForm
from stadthaus.services.bulky_waste.forms.when import PlaceForm, WhenForm
from stadthaus.services.bulky_waste.forms.where import WhereForm
from stadthaus.services.bulky_waste.forms.who import ProveForm, WhoForm

__all__ = [
    "AccountForm",
    "CheckForm",
    "OwnItemForm",
    "PlaceForm",
    "ProveForm",
    "WayForm",
    "WhenForm",
    "WhereForm",
    "WhoForm",
    "WithinLimitsForm",
]
