"""What people fill in: fields, wording, and where an error stands. One file for each page of ordering or desk."""

from stadthaus.services.bulky_waste.forms.catalogue import VolumeForm
from stadthaus.services.bulky_waste.forms.contractor import CrewPhoneForm
from stadthaus.services.bulky_waste.forms.crew import LeftForm
from stadthaus.services.bulky_waste.forms.office import CancelForm, FeeBackForm, NewDayForm, OrderFilter
from stadthaus.services.bulky_waste.forms.paying import CheckForm, RefundAccountForm, WayForm
from stadthaus.services.bulky_waste.forms.things import OwnItemForm, WithinLimitsForm
from stadthaus.services.bulky_waste.forms.when import PlaceForm, WhenForm
from stadthaus.services.bulky_waste.forms.where import WhereForm
from stadthaus.services.bulky_waste.forms.who import LostLinkForm, ProveForm, WhoForm

__all__ = [
    "CancelForm",
    "CheckForm",
    "CrewPhoneForm",
    "FeeBackForm",
    "LeftForm",
    "LostLinkForm",
    "NewDayForm",
    "OrderFilter",
    "OwnItemForm",
    "PlaceForm",
    "ProveForm",
    "RefundAccountForm",
    "VolumeForm",
    "WayForm",
    "WhenForm",
    "WhereForm",
    "WhoForm",
    "WithinLimitsForm",
]
