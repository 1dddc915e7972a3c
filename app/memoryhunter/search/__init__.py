"""What happens to a query."""
