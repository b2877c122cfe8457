"""How allauth, which signs people in, is told what counts here."""
