"""Online payment providers by name. A new one is a module that fulfils `base.Provider` and a line here."""

from stadthaus.base_services.payments.providers.base import Provider
from stadthaus.base_services.payments.providers.demo import DemoProvider

PROVIDERS: dict[str, Provider] = {"demo": DemoProvider()}
