package conformance

import (
	"testing"
	"time"

	"github.com/opsgenie/opsgenie-go-sdk-v2/alert"
	"github.com/opsgenie/opsgenie-go-sdk-v2/integration"
	"github.com/opsgenie/opsgenie-go-sdk-v2/maintenance"
	"github.com/opsgenie/opsgenie-go-sdk-v2/og"
	"github.com/opsgenie/opsgenie-go-sdk-v2/policy"
)

func TestAlertPolicy(t *testing.T) {
	policies := must(policy.NewClient(opsgenie(t)))(t)
	owner := crew(t, "Policed")
	for _, team := range []string{"", owner} {
		main := policy.MainFields{
			Name: "tier", Enabled: yes(), PolicyDescription: "x", TeamId: team, TimeRestriction: weekdays(),
			Filter: &og.Filter{
				ConditionMatchType: og.MatchAnyCondition,
				Conditions:         []og.Condition{condition("message", "contains", "db")},
			},
		}
		made := must(policies.CreateAlertPolicy(ctx, &policy.CreateAlertPolicyRequest{
			MainFields: main, Message: "{{message}}", Continue: yes(), Alias: "{{alias}}", AlertDescription: "{{description}}", Entity: "{{entity}}", Source: "{{source}}",
			IgnoreOriginalDetails: no(), IgnoreOriginalActions: no(), IgnoreOriginalResponders: no(), IgnoreOriginalTags: yes(),
			Actions: []string{
				"restart",
			}, Tags: []string{"tier-1"}, Priority: alert.P1, Responders: &[]alert.Responder{{Type: alert.TeamResponder, Id: owner}},
		}))(t)
		get := &policy.GetAlertPolicyRequest{Id: made.Id, TeamId: team}
		read := must(policies.GetAlertPolicy(ctx, get))(t)
		same(
			t, "policy", []any{
				read.Name, read.Enabled, read.PolicyDescription, read.Message, read.Continue, read.Alias,
				read.AlertDescription, read.Entity, read.Source,
			},
			[]any{"tier", true, "x", "{{message}}", true, "{{alias}}", "{{description}}", "{{entity}}", "{{source}}"},
		)
		same(
			t, "flags", []any{
				read.IgnoreOriginalActions, read.IgnoreOriginalDetails, read.IgnoreOriginalResponders,
				read.IgnoreOriginalTags,
			},
			[]any{false, false, false, true},
		)
		same(
			t, "lists", []any{read.Actions, read.Tags, (*read.Responders)[0].Id, (*read.Responders)[0].Name},
			[]any{[]string{"restart"}, []string{"tier-1"}, owner, ""},
		)
		same(t, "filter", read.Filter, main.Filter)
		same(t, "time_restriction", read.TimeRestriction, main.TimeRestriction)

		main.Name, main.Enabled, main.Filter, main.TimeRestriction = "tiers", no(), &og.Filter{
			ConditionMatchType: og.MatchAll,
		}, daytime()
		must(policies.UpdateAlertPolicy(ctx, &policy.UpdateAlertPolicyRequest{
			MainFields: main, Id: made.Id, Message: "m", Continue: no(), IgnoreOriginalDetails: no(), IgnoreOriginalActions: no(), IgnoreOriginalResponders: no(), IgnoreOriginalTags: no(),
			Actions: []string{}, Tags: []string{}, Priority: alert.P2,
		}))(t)
		read = must(policies.GetAlertPolicy(ctx, get))(t)
		same(
			t, "edited", []any{
				read.Name, read.Enabled, read.Message, read.Priority, read.Filter.ConditionMatchType,
				read.TimeRestriction, len(read.Tags),
			},
			[]any{"tiers", false, "m", "P2", "match-all", daytime(), 0},
		)
		must(
			policies.EnablePolicy(
				ctx, &policy.EnablePolicyRequest{Id: made.Id, TeamId: team, Type: policy.AlertPolicy},
			),
		)(
			t,
		)
		must(
			policies.DisablePolicy(
				ctx, &policy.DisablePolicyRequest{Id: made.Id, TeamId: team, Type: policy.AlertPolicy},
			),
		)(
			t,
		)

		// The order of policies, and the data source.
		second := must(policies.CreateAlertPolicy(ctx, &policy.CreateAlertPolicyRequest{
			MainFields: policy.MainFields{Name: "second", Enabled: yes(), TeamId: team}, Message: "x",
		}))(t)
		for index, id := range []string{second.Id, made.Id} {
			must(
				policies.ChangeOrder(
					ctx,
					&policy.ChangeOrderRequest{Id: id, TeamId: team, Type: policy.AlertPolicy, TargetIndex: index + 1},
				),
			)(
				t,
			)
		}
		order := map[string]int{}
		for _, one := range must(policies.ListAlertPolicies(ctx, &policy.ListAlertPoliciesRequest{TeamId: team}))(t).Policies {
			order[one.Id] = one.Order
			same(t, "type", one.Type, "alert")
		}
		same(t, "order", order[second.Id] < order[made.Id], true)
		for _, id := range []string{second.Id, made.Id} {
			must(policies.DeletePolicy(ctx, &policy.DeletePolicyRequest{Id: id, TeamId: team, Type: "alert"}))(t)
		}
		again, err := policies.GetAlertPolicy(ctx, get)
		gone(t, "alert policy", again, err)
	}
}

func TestNotificationPolicy(t *testing.T) {
	policies := must(policy.NewClient(opsgenie(t)))(t)
	owner := crew(t, "Notified")
	minutes := func(n int) *policy.Duration { return &policy.Duration{TimeAmount: n, TimeUnit: og.Minutes} }
	for name, request := range map[string]policy.CreateNotificationPolicyRequest{
		"hold":    {DelayAction: &policy.DelayAction{DelayOption: policy.NextTime, UntilHour: number(9), UntilMinute: number(0)}, Suppress: no()},
		"wait":    {DelayAction: &policy.DelayAction{DelayOption: policy.ForDuration, Duration: minutes(5)}, Suppress: no()},
		"close":   {AutoCloseAction: &policy.AutoCloseAction{Duration: minutes(30)}, Suppress: no()},
		"restart": {AutoRestartAction: &policy.AutoRestartAction{Duration: minutes(5), MaxRepeatCount: 3}, Suppress: no()},
		"dedup":   {DeDuplicationAction: &policy.DeDuplicationAction{DeDuplicationActionType: "frequency-based", Count: 2, Duration: minutes(10)}, Suppress: no()},
		"mute":    {Suppress: yes()},
	} {
		request.MainFields = policy.MainFields{
			Name: name, Enabled: yes(), PolicyDescription: "x", TeamId: owner, TimeRestriction: daytime(),
			Filter: &og.Filter{
				ConditionMatchType: og.MatchAllConditions,
				Conditions:         []og.Condition{condition("priority", "equals", "P3")},
			},
		}
		made := must(policies.CreateNotificationPolicy(ctx, &request))(t)
		get := &policy.GetNotificationPolicyRequest{Id: made.Id, TeamId: owner}
		read := must(policies.GetNotificationPolicy(ctx, get))(t)
		same(
			t, name, []any{read.Name, read.Enabled, read.PolicyDescription, read.Filter, read.TimeRestriction},
			[]any{name, true, "x", request.Filter, request.TimeRestriction},
		)
		same(
			t, name+" actions", []any{
				read.DelayAction, read.AutoCloseAction, read.AutoRestartAction, read.DeDuplicationAction, read.Suppress,
			},
			[]any{
				request.DelayAction, request.AutoCloseAction, request.AutoRestartAction, request.DeDuplicationAction,
				*request.Suppress,
			},
		)
		request.MainFields.Name, request.MainFields.Enabled = name+" 2", no()
		must(
			policies.UpdateNotificationPolicy(
				ctx,
				&policy.UpdateNotificationPolicyRequest{MainFields: request.MainFields, Id: made.Id, Suppress: yes()},
			),
		)(
			t,
		)
		read = must(policies.GetNotificationPolicy(ctx, get))(t)
		same(
			t, name+" edited", []any{read.Name, read.Enabled, read.Suppress, read.DelayAction},
			[]any{name + " 2", false, true, nil},
		)
		same(
			t, "listed",
			must(policies.ListNotificationPolicies(ctx, &policy.ListNotificationPoliciesRequest{TeamId: owner}))(t).Policies[0].Id,
			made.Id,
		)
		must(policies.DeletePolicy(ctx, &policy.DeletePolicyRequest{Id: made.Id, TeamId: owner, Type: "notification"}))(
			t,
		)
		again, err := policies.GetNotificationPolicy(ctx, get)
		gone(t, "notification policy", again, err)
	}
}

func TestMaintenance(t *testing.T) {
	windows := must(maintenance.NewClient(opsgenie(t)))(t)
	integrations := must(integration.NewClient(opsgenie(t)))(t)
	target := must(
		integrations.CreateApiBased(ctx, &integration.APIBasedIntegrationRequest{Name: "maintained", Type: "API"}),
	)(
		t,
	)
	rules := []maintenance.Rule{
		{State: maintenance.Disabled, Entity: maintenance.Entity{Id: target.Id, Type: maintenance.Integration}},
	}
	start, end := monday, monday.Add(2*time.Hour)
	made := must(windows.Create(ctx, &maintenance.CreateRequest{
		Description: "deploy", Rules: rules, Time: maintenance.Time{Type: maintenance.Schedule, StartDate: &start, EndDate: &end},
	}))(t)
	same(t, "planned", []any{made.Status, made.Id != ""}, []any{"planned", true})
	find := func(id string) bool {
		t.Helper()
		for _, one := range must(windows.List(ctx, &maintenance.ListRequest{}))(t).Maintenances {
			if one.Id == id {
				return true
			}
		}
		return false
	}
	same(t, "listed", find(made.Id), true)
	read := must(windows.Get(ctx, &maintenance.GetRequest{Id: made.Id}))(t)
	same(
		t, "maintenance", []any{read.Description, read.Time.Type, read.Time.StartDate, read.Time.EndDate, read.Results},
		[]any{"deploy", "schedule", start, end, rules},
	)
	later := end.Add(time.Hour)
	must(windows.Update(ctx, &maintenance.UpdateRequest{
		Id: made.Id, Description: "deploy 2", Rules: rules, Time: maintenance.Time{Type: maintenance.Schedule, StartDate: &start, EndDate: &later},
	}))(t)
	read = must(windows.Get(ctx, &maintenance.GetRequest{Id: made.Id}))(t)
	same(t, "edited", []any{read.Description, read.Time.EndDate}, []any{"deploy 2", later})

	running := must(
		windows.Create(
			ctx, &maintenance.CreateRequest{
				Description: "now", Rules: rules, Time: maintenance.Time{Type: maintenance.For1Hour},
			},
		),
	)(
		t,
	)
	read = must(windows.Get(ctx, &maintenance.GetRequest{Id: running.Id}))(t)
	same(t, "running", []any{read.Status, read.Time.Type}, []any{"active", "for-1-hour"})
	changed := time.Now().UTC().Add(3 * time.Hour).Truncate(time.Minute)
	must(windows.ChangeEndDate(ctx, &maintenance.ChangeEndDateRequest{Id: running.Id, EndDate: &changed}))(t)
	same(t, "ends later", must(windows.Get(ctx, &maintenance.GetRequest{Id: running.Id}))(t).Time.EndDate, changed)
	must(windows.Cancel(ctx, &maintenance.CancelRequest{Id: running.Id}))(t)
	for _, id := range []string{running.Id, made.Id} {
		must(windows.Delete(ctx, &maintenance.DeleteRequest{Id: id}))(t)
		same(t, "deleted", find(id), false)
	}
	must(integrations.Delete(ctx, &integration.DeleteIntegrationRequest{Id: target.Id}))(t)
}
