package conformance

import (
	"testing"
	"time"

	"github.com/PagerDuty/go-pagerduty"
)

func TestPagerDutyService(t *testing.T) {
	client := pd(t)
	policy := ladder(t, "Service", target("user_reference", worker(t, "service.pd@acme.example")))
	create := pagerduty.Service{
		APIObject: pagerduty.APIObject{
			Type: "service",
		}, Name: "weather", Description: "x", AutoResolveTimeout: number(uint(14400)), AcknowledgementTimeout: number(uint(1800)),
		EscalationPolicy: pagerduty.EscalationPolicy{
			APIObject: target("escalation_policy_reference", policy),
		}, AlertCreation: "create_alerts_and_incidents",
		IncidentUrgencyRule: &pagerduty.IncidentUrgencyRule{
			Type: "use_support_hours", DuringSupportHours: &pagerduty.IncidentUrgencyType{Type: "constant", Urgency: "high"},
			OutsideSupportHours: &pagerduty.IncidentUrgencyType{Type: "constant", Urgency: "low"},
		},
		SupportHours: &pagerduty.SupportHours{
			Type: "fixed_time_per_day", Timezone: berlin, StartTime: "09:00:00", EndTime: "17:00:00",
			DaysOfWeek: []uint{1, 2, 3, 4, 5},
		},
		ScheduledActions: []pagerduty.ScheduledAction{
			{
				Type: "urgency_change", At: pagerduty.InlineModel{Type: "named_time", Name: "support_hours_start"},
				ToUrgency: "high",
			},
		},
		AlertGroupingParameters: &pagerduty.AlertGroupingParameters{
			Type: "time", Config: &pagerduty.AlertGroupParamsConfig{Timeout: number(uint(5))},
		},
		AutoPauseNotificationsParameters: &pagerduty.AutoPauseNotificationsParameters{Enabled: true, Timeout: 300},
	}
	made := must(client.CreateServiceWithContext(ctx, create))(t)
	read := must(
		client.GetServiceWithContext(
			ctx, made.ID,
			&pagerduty.GetServiceOptions{Includes: []string{"escalation_policies", "teams", "integrations"}},
		),
	)(
		t,
	)
	same(
		t, "service", []any{
			read.Name, read.Description, read.AutoResolveTimeout, read.AcknowledgementTimeout, read.EscalationPolicy.ID,
			read.EscalationPolicy.Name, read.Status,
		},
		[]any{"weather", "x", 14400, 1800, policy, "Service", "active"},
	)
	same(
		t, "hours", []any{read.IncidentUrgencyRule, read.SupportHours, read.ScheduledActions},
		[]any{create.IncidentUrgencyRule, create.SupportHours, create.ScheduledActions},
	)
	same(
		t, "grouping", []any{read.AlertGroupingParameters.Type, read.AutoPauseNotificationsParameters},
		[]any{"time", create.AutoPauseNotificationsParameters},
	)
	create.ID, create.Name, create.Description = made.ID, "tides", "y"
	must(client.UpdateServiceWithContext(ctx, create))(t)
	found := must(client.ListServicesPaginated(ctx, pagerduty.ListServiceOptions{Query: "tides"}))(t)
	same(t, "data source", []any{len(found), found[0].Description}, []any{1, "y"})

	for _, kind := range []string{"events_api_v2_inbound_integration", "generic_email_inbound_integration"} {
		sent := pagerduty.Integration{APIObject: pagerduty.APIObject{Type: kind}, Name: kind}
		if kind[0] == 'g' {
			sent.IntegrationEmail = "weather@acme.pagerduty.com"
		}
		integration := must(client.CreateIntegrationWithContext(ctx, made.ID, sent))(t)
		back := must(
			client.GetIntegrationWithContext(
				ctx, made.ID, integration.ID, pagerduty.GetIntegrationOptions{Includes: []string{"services"}},
			),
		)(
			t,
		)
		same(
			t, "integration", []any{
				back.Name, back.Type, back.Service.ID, len(back.IntegrationKey) == 32 || kind[0] == 'g',
				back.IntegrationEmail,
			},
			[]any{kind, kind, made.ID, true, sent.IntegrationEmail},
		)
		back.Name = "renamed"
		must(client.UpdateIntegrationWithContext(ctx, made.ID, *back))(t)
		done(t, client.DeleteIntegrationWithContext(ctx, made.ID, integration.ID))
	}
	windows := must(
		client.CreateMaintenanceWindowWithContext(ctx, "service.pd@acme.example", pagerduty.MaintenanceWindow{
			APIObject: pagerduty.APIObject{
				Type: "maintenance_window",
			}, StartTime: monday.Format(time.RFC3339), EndTime: monday.Add(time.Hour).Format(time.RFC3339),
			Description: "deploy", Services: []pagerduty.APIObject{target("service_reference", made.ID)},
		}),
	)(
		t,
	)
	window := must(client.GetMaintenanceWindowWithContext(ctx, windows.ID, pagerduty.GetMaintenanceWindowOptions{}))(t)
	same(
		t, "maintenance", []any{window.Description, window.Services[0].ID, window.CreatedBy != nil},
		[]any{"deploy", made.ID, true},
	)
	window.Description = "deploy 2"
	must(client.UpdateMaintenanceWindowWithContext(ctx, *window))(t)
	same(
		t, "listed",
		must(client.ListMaintenanceWindowsWithContext(ctx, pagerduty.ListMaintenanceWindowsOptions{Filter: "future", ServiceIDs: []string{made.ID}}))(t).MaintenanceWindows[0].Description,
		"deploy 2",
	)
	done(t, client.DeleteMaintenanceWindowWithContext(ctx, windows.ID))
	done(t, client.DeleteServiceWithContext(ctx, made.ID))
	_, err := client.GetServiceWithContext(ctx, made.ID, nil)
	lost(t, "service", err)
}

func TestPagerDutyOrchestration(t *testing.T) {
	client := pd(t)
	service := desk(t, "routed", ladder(t, "Routed", target("user_reference", worker(t, "routed.pd@acme.example"))))
	made := must(client.CreateOrchestrationWithContext(ctx, pagerduty.Orchestration{Name: "all", Description: "x"}))(t)
	read := must(client.GetOrchestrationWithContext(ctx, made.ID, &pagerduty.GetOrchestrationOptions{}))(t)
	same(
		t, "orchestration",
		[]any{read.Name, read.Description, len(read.Integrations), read.Integrations[0].Parameters.RoutingKey[:1]},
		[]any{"all", "x", 1, "R"},
	)
	must(client.UpdateOrchestrationWithContext(ctx, made.ID, pagerduty.Orchestration{Name: "all 2"}))(t)
	same(
		t, "listed",
		must(client.ListOrchestrationsWithContext(ctx, pagerduty.ListOrchestrationsOptions{}))(t).Orchestrations[0].Name,
		"all 2",
	)
	router := pagerduty.OrchestrationRouter{
		Sets: []*pagerduty.OrchestrationRouterRuleSet{{ID: "start", Rules: []*pagerduty.OrchestrationRouterRule{{
			Label: "weather", Conditions: []*pagerduty.OrchestrationRouterRuleCondition{{Expression: "event.summary matches part 'weather'"}},
			Actions: &pagerduty.OrchestrationRouterActions{RouteTo: service.ID},
		}}}},
		CatchAll: &pagerduty.OrchestrationRouterCatchAllRule{
			Actions: &pagerduty.OrchestrationRouterActions{RouteTo: "unrouted"},
		},
	}
	must(client.UpdateOrchestrationRouterWithContext(ctx, made.ID, router))(t)
	back := must(client.GetOrchestrationRouterWithContext(ctx, made.ID, &pagerduty.GetOrchestrationRouterOptions{}))(t)
	same(
		t, "router", []any{
			back.Sets[0].Rules[0].Label, back.Sets[0].Rules[0].Actions, back.Sets[0].Rules[0].ID != "", back.CatchAll,
		},
		[]any{"weather", router.Sets[0].Rules[0].Actions, true, router.CatchAll},
	)
	must(client.UpdateOrchestrationUnroutedWithContext(ctx, made.ID, pagerduty.OrchestrationUnrouted{
		Sets: []*pagerduty.ServiceOrchestrationRuleSet{{ID: "start", Rules: []*pagerduty.ServiceOrchestrationRule{}}},
		CatchAll: &pagerduty.OrchestrationUnroutedCatchAllRule{
			Actions: &pagerduty.OrchestrationUnroutedRuleActions{Severity: "info"},
		},
	}))(t)
	same(
		t, "unrouted",
		must(client.GetOrchestrationUnroutedWithContext(ctx, made.ID, &pagerduty.GetOrchestrationUnroutedOptions{}))(
			t,
		).CatchAll.Actions.Severity,
		"info",
	)
	must(client.UpdateServiceOrchestrationWithContext(ctx, service.ID, pagerduty.ServiceOrchestration{
		Sets: []*pagerduty.ServiceOrchestrationRuleSet{
			{
				ID: "start", Rules: []*pagerduty.ServiceOrchestrationRule{
					{Label: "quiet", Actions: &pagerduty.ServiceOrchestrationRuleActions{Suppress: true}},
				},
			},
		},
		CatchAll: &pagerduty.ServiceOrchestrationCatchAllRule{Actions: &pagerduty.ServiceOrchestrationRuleActions{}},
	}))(t)
	same(
		t, "of a service",
		must(client.GetServiceOrchestrationWithContext(ctx, service.ID, &pagerduty.GetServiceOrchestrationOptions{}))(t).Sets[0].Rules[0].Label,
		"quiet",
	)
	must(
		client.UpdateServiceOrchestrationActiveWithContext(
			ctx, service.ID, pagerduty.ServiceOrchestrationActive{Active: true},
		),
	)(
		t,
	)
	same(t, "active", must(client.GetServiceOrchestrationActiveWithContext(ctx, service.ID))(t).Active, true)
	done(t, client.DeleteOrchestrationWithContext(ctx, made.ID))
	_, err := client.GetOrchestrationWithContext(ctx, made.ID, nil)
	lost(t, "orchestration", err)
}
