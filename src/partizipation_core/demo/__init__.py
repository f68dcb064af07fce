"""The main job, shown: a whole procedure on a real database, with everything it leaves behind."""
