"""Answers for everybody who types an address."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadthaus.accounts.audience import public
from stadthaus.accounts.rate_limits import client_address
from stadthaus.base_services.addresses.queries import find_streets
from stadthaus.base_services.addresses.rate_limits import TokenBuckets

SHORTEST_TEXT = 2
REQUESTS_PER_MINUTE = 120
# In memory and for this process only: a limit that cost a statement would cost more than the answer.
_buckets = TokenBuckets(limit=REQUESTS_PER_MINUTE * settings.RATE_FACTOR, per_seconds=60)


@public
@require_safe
def suggest_streets(request: HttpRequest) -> HttpResponse:
    """Suggest up to ten streets for `q`: `["Ackerweg", …]`, nearest first, from two letters on."""
    if not _buckets.take(client_address(request), timezone.now()):
        return JsonResponse([], safe=False, status=429, headers={"Retry-After": "5"})
    text = request.GET.get("q", "").strip()
    streets = find_streets(text) if len(text) >= SHORTEST_TEXT else []
    return JsonResponse(
        [street.label for street in streets], safe=False, headers={"Cache-Control": "public, max-age=300"}
    )
