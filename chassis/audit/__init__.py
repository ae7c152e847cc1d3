"""The audit: who decided what by which right, chained so that no row can be touched unnoticed."""
