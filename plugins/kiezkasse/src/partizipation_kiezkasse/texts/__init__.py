"""The sentences and labels of the Kiezkassen, a folder for each language."""
