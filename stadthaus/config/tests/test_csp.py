from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.test import RequestFactory

from stadthaus.config.csp import OnePolicyMiddleware

HEADER = "Content-Security-Policy"


def policy_of(kind: type[CSPMiddleware], rf: RequestFactory, response: HttpResponse) -> str:
    middleware, request = kind(lambda _: response), rf.get("/")
    middleware.process_request(request)
    return str(middleware.process_response(request, response).headers[HEADER])


def test_the_policy_is_the_one_django_csp_writes(rf: RequestFactory) -> None:
    ours, theirs = (policy_of(kind, rf, HttpResponse()) for kind in (OnePolicyMiddleware, CSPMiddleware))
    assert set(ours.split("; ")) == set(theirs.split("; "))
    assert "default-src 'none'" in ours


def test_an_answer_with_a_policy_of_its_own_keeps_it(rf: RequestFactory) -> None:
    assert policy_of(OnePolicyMiddleware, rf, HttpResponse(headers={HEADER: "sandbox"})) == "sandbox"
