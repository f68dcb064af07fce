"""Crowdfunding."""
