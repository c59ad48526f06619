package conformance

import (
	"errors"
	"net/http"
	"testing"

	"github.com/PagerDuty/go-pagerduty"
)

func TestPagerDutyIncident(t *testing.T) {
	client := pd(t)
	from := "incident.pd@acme.example"
	ana := worker(t, from)
	service := desk(t, "broken", ladder(t, "Broken", target("user_reference", ana)))
	integration := must(
		client.CreateIntegrationWithContext(
			ctx, service.ID, pagerduty.Integration{
				APIObject: pagerduty.APIObject{Type: "events_api_v2_inbound_integration"}, Name: "events",
			},
		),
	)(
		t,
	)
	event := &pagerduty.V2Event{
		RoutingKey: integration.IntegrationKey, Action: "trigger", DedupKey: "k1", Payload: &pagerduty.V2Payload{
			Summary: "weather is down", Source: "probe", Severity: "critical", Details: map[string]string{"a": "b"},
		},
	}
	told := must(client.ManageEventWithContext(ctx, event))(t)
	same(t, "event", []any{told.Status, told.DedupKey}, []any{"success", "k1"})
	_, err := client.ManageEventWithContext(ctx, &pagerduty.V2Event{RoutingKey: "short", Action: "trigger"})
	var refusal pagerduty.APIError
	if !errors.As(err, &refusal) || refusal.StatusCode != http.StatusBadRequest {
		t.Errorf("a bad event: %v", err)
	}
	list := must(
		client.ListIncidentsWithContext(
			ctx, pagerduty.ListIncidentsOptions{
				ServiceIDs: []string{service.ID}, Statuses: []string{"triggered"},
				Includes: []string{"first_trigger_log_entries", "services"},
			},
		),
	)(
		t,
	).Incidents
	same(
		t, "incidents", []any{
			len(list), list[0].Title, list[0].Urgency, list[0].Assignments[0].Assignee.ID,
			list[0].AlertCounts.Triggered,
		},
		[]any{1, "weather is down", "high", ana, 1},
	)
	id := list[0].ID
	alerts := must(client.ListIncidentAlertsWithContext(ctx, id, pagerduty.ListIncidentAlertsOptions{}))(t).Alerts
	same(
		t, "alerts", []any{len(alerts), alerts[0].AlertKey, alerts[0].Severity, alerts[0].Status},
		[]any{1, "k1", "critical", "triggered"},
	)
	must(client.GetIncidentAlertWithContext(ctx, id, alerts[0].ID))(t)
	must(
		client.CreateIncidentNoteWithContext(
			ctx, id, pagerduty.IncidentNote{Content: "hello", User: pagerduty.APIObject{Summary: from}},
		),
	)(
		t,
	)
	same(t, "notes", must(client.ListIncidentNotesWithContext(ctx, id))(t)[0].Content, "hello")
	must(
		client.ManageIncidentsWithContext(
			ctx, from, []pagerduty.ManageIncidentsOptions{{ID: id, Type: "incident_reference", Status: "acknowledged"}},
		),
	)(
		t,
	)
	read := must(client.GetIncidentWithContext(ctx, id))(t)
	same(
		t, "acknowledged", []any{read.Status, read.Acknowledgements[0].Acknowledger.ID, read.Service.ID},
		[]any{"acknowledged", ana, service.ID},
	)
	entries := must(
		client.ListIncidentLogEntriesWithContext(
			ctx, id, pagerduty.ListIncidentLogEntriesOptions{IsOverview: false, Includes: []string{"channels"}},
		),
	)(
		t,
	).LogEntries
	same(t, "log entries", len(entries) >= 3, true)
	must(client.GetLogEntryWithContext(ctx, entries[0].ID, pagerduty.GetLogEntryOptions{}))(t)
	must(client.ListLogEntriesWithContext(ctx, pagerduty.ListLogEntriesOptions{}))(t)
	second := must(client.CreateIncidentWithContext(ctx, from, &pagerduty.CreateIncidentOptions{
		Type: "incident", Title: "by hand", Service: &pagerduty.APIReference{ID: service.ID, Type: "service_reference"}, Urgency: "low",
		Body: &pagerduty.APIDetails{Type: "incident_body", Details: "d"}, IncidentKey: "by-hand",
	}))(t)
	must(
		client.MergeIncidentsWithContext(
			ctx, from, id, []pagerduty.MergeIncidentsOptions{{ID: second.ID, Type: "incident_reference"}},
		),
	)(
		t,
	)
	alerts[0].Status = "resolved"
	must(client.ManageIncidentAlerts(ctx, id, from, &pagerduty.IncidentAlertList{Alerts: alerts}))(t)
	same(t, "resolved", must(client.GetIncidentWithContext(ctx, id))(t).Status, "resolved")
	_, err = client.GetIncidentWithContext(ctx, "PNOBODY")
	lost(t, "incident", err)
}
