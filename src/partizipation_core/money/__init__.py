"""Money by itself: shares, books and account numbers, exact to the cent and pure."""
