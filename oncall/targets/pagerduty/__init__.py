"""PagerDuty: high and low urgency, layered schedules, services with a routing key each."""
