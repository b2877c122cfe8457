"""Tests that concern every service."""
