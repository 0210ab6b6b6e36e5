"""Who the customer is, the relation and its history."""
