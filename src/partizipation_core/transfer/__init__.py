"""Transfer: whole procedures, municipalities and databases go elsewhere, with proof."""
