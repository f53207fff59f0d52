"""A bare Wagtail site with one type of page: what `bench.render` compares a page of Diurna with."""
