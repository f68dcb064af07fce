"""Files that people hand in and get back: categories, respondents, panels, charts."""
