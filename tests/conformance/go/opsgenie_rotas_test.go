package conformance

import (
	"testing"
	"time"

	"github.com/opsgenie/opsgenie-go-sdk-v2/escalation"
	"github.com/opsgenie/opsgenie-go-sdk-v2/og"
	"github.com/opsgenie/opsgenie-go-sdk-v2/schedule"
	"github.com/opsgenie/opsgenie-go-sdk-v2/team"
)

var monday = time.Date(2030, 11, 25, 8, 0, 0, 0, time.UTC)

// turns is a weekly rotation of the users given.
func turns(users ...string) og.Rotation {
	rotation := og.Rotation{Name: "weekly", StartDate: &monday, Type: og.Weekly, Length: 1}
	for _, one := range users {
		rotation.Participants = append(rotation.Participants, og.Participant{Type: og.User, Id: one})
	}
	return rotation
}

func TestTeam(t *testing.T) {
	teams := must(team.NewClient(opsgenie(t)))(t)
	ana, ben := person(t, "team.ana@acme.example"), person(t, "team.ben@acme.example")
	made := crew(t, "Team A", ana)
	byID := &team.GetTeamRequest{IdentifierType: team.Id, IdentifierValue: made}
	read := must(teams.Get(ctx, byID))(t)
	same(
		t, "team", []any{read.Name, read.Description, len(read.Members), read.Members[0].User.ID, read.Members[0].Role},
		[]any{"Team A", "x", 1, ana, "user"},
	)
	must(teams.Update(ctx, &team.UpdateTeamRequest{Id: made, Name: "Team B", Description: "y", Members: []team.Member{
		{User: team.User{ID: ana}, Role: "admin"}, {User: team.User{ID: ben}, Role: "user"},
	}}))(t)
	read = must(teams.Get(ctx, byID))(t)
	roles := map[string]string{}
	for _, one := range read.Members {
		roles[one.User.ID] = one.Role
	}
	same(
		t, "edited", []any{read.Name, read.Description, roles},
		[]any{"Team B", "y", map[string]string{ana: "admin", ben: "user"}},
	)

	// opsgenie_team_membership
	must(teams.RemoveMember(ctx, &team.RemoveTeamMemberRequest{
		TeamIdentifierType: team.Id, TeamIdentifierValue: made, MemberIdentifierType: team.Id, MemberIdentifierValue: ben,
	}))(t)
	must(teams.AddMember(ctx, &team.AddTeamMemberRequest{
		TeamIdentifierType: team.Id, TeamIdentifierValue: made, User: team.User{ID: ben}, Role: "admin",
	}))(t)
	read = must(teams.Get(ctx, byID))(t)
	same(t, "members", len(read.Members), 2)

	// The data source.
	named := must(teams.Get(ctx, &team.GetTeamRequest{IdentifierType: team.Name, IdentifierValue: "Team B"}))(t)
	same(t, "data source", []any{named.Id, named.Description}, []any{made, "y"})
	same(t, "listed", len(must(teams.List(ctx, &team.ListTeamRequest{}))(t).Teams) > 0, true)
	logs := must(
		teams.ListTeamLogs(ctx, &team.ListTeamLogsRequest{IdentifierType: team.Id, IdentifierValue: made, Limit: 5}),
	)(
		t,
	)
	same(t, "logs", len(logs.Logs) > 0 && logs.Logs[0].Log != "", true)

	must(teams.Delete(ctx, &team.DeleteTeamRequest{IdentifierType: team.Id, IdentifierValue: made}))(t)
	again, err := teams.Get(ctx, byID)
	gone(t, "team", again, err)
}

// TestTeamWithoutDefaults is the provider's `delete_default_resources`.
func TestTeamWithoutDefaults(t *testing.T) {
	teams := must(team.NewClient(opsgenie(t)))(t)
	escalations := must(escalation.NewClient(opsgenie(t)))(t)
	schedules := must(schedule.NewClient(opsgenie(t)))(t)
	crew(t, "Bare", person(t, "bare@acme.example"))
	rules := must(
		teams.ListRoutingRules(
			ctx, &team.ListRoutingRulesRequest{TeamIdentifierType: team.Name, TeamIdentifierValue: "Bare"},
		),
	)(
		t,
	)
	same(t, "default rules", len(rules.RoutingRules), 1)
	for _, one := range rules.RoutingRules {
		must(teams.UpdateRoutingRule(ctx, &team.UpdateRoutingRuleRequest{
			TeamIdentifierType: team.Name, TeamIdentifierValue: "Bare", RoutingRuleId: one.Id, Notify: &team.Notify{Type: team.None},
		}))(t)
	}
	deleted := 0
	for _, one := range must(escalations.List(ctx))(t).Escalations {
		if one.OwnerTeam != nil && one.OwnerTeam.Name == "Bare" {
			must(escalations.Delete(ctx, &escalation.DeleteRequest{IdentifierType: escalation.Id, Identifier: one.Id}))(
				t,
			)
			deleted++
		}
	}
	for _, one := range must(schedules.List(ctx, &schedule.ListRequest{Expand: yes()}))(t).Schedule {
		if one.OwnerTeam != nil && one.OwnerTeam.Name == "Bare" {
			must(schedules.Delete(ctx, &schedule.DeleteRequest{IdentifierType: schedule.Id, IdentifierValue: one.Id}))(
				t,
			)
			deleted++
		}
	}
	same(t, "defaults", deleted, 2)
}

func TestRoutingRule(t *testing.T) {
	teams := must(team.NewClient(opsgenie(t)))(t)
	escalations := must(escalation.NewClient(opsgenie(t)))(t)
	ana := person(t, "routing@acme.example")
	owner := crew(t, "Routing", ana)
	target := must(escalations.Create(ctx, steps("routing", owner, ana)))(t)
	create := &team.CreateRoutingRuleRequest{
		TeamIdentifierType: team.Id, TeamIdentifierValue: owner, Name: "urgent", Order: number(0), Timezone: berlin,
		Criteria: &og.Criteria{
			CriteriaType: og.MatchAllConditions, Conditions: []og.Condition{condition("priority", "equals", "P1")},
		},
		TimeRestriction: daytime(), Notify: &team.Notify{Type: team.EscalationNotifyType, Id: target.Id},
	}
	made := must(teams.CreateRoutingRule(ctx, create))(t)
	get := &team.GetRoutingRuleRequest{TeamIdentifierType: team.Id, TeamIdentifierValue: owner, RoutingRuleId: made.Id}
	read := must(teams.GetRoutingRule(ctx, get))(t)
	same(t, "rule", []any{read.IsDefault, read.Name, read.Order, read.Timezone}, []any{false, "urgent", 0, berlin})
	same(t, "time_restriction", read.TimeRestriction, create.TimeRestriction)
	same(t, "criteria", read.Criteria, create.Criteria)
	same(
		t, "notify", []any{read.Notify.Type, read.Notify.Id, read.Notify.Name},
		[]any{"escalation", target.Id, "routing"},
	)

	must(teams.UpdateRoutingRule(ctx, &team.UpdateRoutingRuleRequest{
		TeamIdentifierType: team.Id, TeamIdentifierValue: owner, RoutingRuleId: made.Id, Name: "later", Timezone: "UTC",
		Criteria: &og.Criteria{
			CriteriaType: og.MatchAll,
		}, TimeRestriction: weekdays(), Notify: &team.Notify{Type: team.None},
	}))(t)
	must(teams.ChangeRoutingRuleOrder(ctx, &team.ChangeRoutingRuleOrderRequest{
		TeamIdentifierType: team.Id, TeamIdentifierValue: owner, RoutingRuleId: made.Id, Order: number(0),
	}))(t)
	read = must(teams.GetRoutingRule(ctx, get))(t)
	same(t, "edited", []any{read.Name, read.Timezone, read.Criteria, read.Notify.Type, read.TimeRestriction},
		[]any{"later", "UTC", &og.Criteria{CriteriaType: og.MatchAll}, "none", weekdays()})

	// The default rule can be imported and edited: it has all that the provider takes apart.
	for _, one := range must(teams.ListRoutingRules(ctx, &team.ListRoutingRulesRequest{TeamIdentifierType: team.Id, TeamIdentifierValue: owner}))(t).RoutingRules {
		if !one.IsDefault {
			continue
		}
		must(teams.UpdateRoutingRule(ctx, &team.UpdateRoutingRuleRequest{
			TeamIdentifierType: team.Id, TeamIdentifierValue: owner, RoutingRuleId: one.Id, Name: one.Name,
			Criteria: &og.Criteria{
				CriteriaType: og.MatchAll,
			}, Notify: &team.Notify{Type: team.EscalationNotifyType, Id: target.Id},
		}))(t)
		read = must(
			teams.GetRoutingRule(
				ctx, &team.GetRoutingRuleRequest{
					TeamIdentifierType: team.Id, TeamIdentifierValue: owner, RoutingRuleId: one.Id,
				},
			),
		)(
			t,
		)
		same(
			t, "default", []any{read.IsDefault, read.Criteria.CriteriaType, read.Notify.Id},
			[]any{true, "match-all", target.Id},
		)
	}
	must(
		teams.DeleteRoutingRule(
			ctx, &team.DeleteRoutingRuleRequest{
				TeamIdentifierType: team.Id, TeamIdentifierValue: owner, RoutingRuleId: made.Id,
			},
		),
	)(
		t,
	)
	again, err := teams.GetRoutingRule(ctx, get)
	gone(t, "routing rule", again, err)
}

// steps is an escalation to the users given, five minutes apart.
func steps(name, owner string, users ...string) *escalation.CreateRequest {
	request := &escalation.CreateRequest{
		Name: name, Description: "x", OwnerTeam: &og.OwnerTeam{Id: owner}, Repeat: &escalation.RepeatRequest{},
	}
	for index, one := range users {
		request.Rules = append(request.Rules, escalation.RuleRequest{
			Condition: og.IfNotAcked, NotifyType: og.Default, Recipient: og.Participant{Type: og.User, Id: one},
			Delay: escalation.EscalationDelayRequest{TimeAmount: uint32(5 * index)},
		})
	}
	return request
}

func TestEscalation(t *testing.T) {
	escalations := must(escalation.NewClient(opsgenie(t)))(t)
	ana, ben := person(t, "steps.ana@acme.example"), person(t, "steps.ben@acme.example")
	owner := crew(t, "Steps", ana, ben)
	create := steps("steps", owner, ana, ben)
	create.Rules = append(create.Rules, escalation.RuleRequest{
		Condition: og.IfNotClosed, NotifyType: og.All, Recipient: og.Participant{Type: og.Team, Id: owner},
		Delay: escalation.EscalationDelayRequest{TimeAmount: 15},
	})
	made := must(escalations.Create(ctx, create))(t)
	check := func(read escalation.Escalation, sent []escalation.RuleRequest) {
		t.Helper()
		same(t, "rules", len(read.Rules), len(sent))
		for index, rule := range read.Rules {
			want := sent[index]
			same(
				t, "rule", []any{
					rule.Condition, rule.NotifyType, rule.Recipient.Type, rule.Recipient.Id, rule.Delay.TimeAmount,
					rule.Delay.TimeUnit,
				},
				[]any{
					want.Condition, want.NotifyType, want.Recipient.Type, want.Recipient.Id, want.Delay.TimeAmount,
					og.Minutes,
				},
			)
		}
	}
	read := must(escalations.Get(ctx, &escalation.GetRequest{IdentifierType: escalation.Id, Identifier: made.Id}))(t)
	same(t, "escalation", []any{read.Name, read.Description, read.OwnerTeam.Id}, []any{"steps", "x", owner})
	check(read.Escalation, create.Rules)

	must(escalations.Update(ctx, &escalation.UpdateRequest{
		IdentifierType: escalation.Id, Identifier: made.Id, Name: "steps-2", Description: "y", Rules: create.Rules[:1], OwnerTeam: &og.OwnerTeam{Id: owner},
		Repeat: &escalation.RepeatRequest{
			WaitInterval: 10, Count: 2, ResetRecipientStates: yes(), CloseAlertAfterAll: no(),
		},
	}))(t)
	read = must(escalations.Get(ctx, &escalation.GetRequest{IdentifierType: escalation.Name, Identifier: "steps-2"}))(t)
	check(read.Escalation, create.Rules[:1])
	same(t, "repeat", read.Repeat, escalation.Repeat{WaitInterval: 10, Count: 2, ResetRecipientStates: true})
	must(escalations.Delete(ctx, &escalation.DeleteRequest{IdentifierType: escalation.Id, Identifier: made.Id}))(t)
	again, err := escalations.Get(ctx, &escalation.GetRequest{IdentifierType: escalation.Id, Identifier: made.Id})
	gone(t, "escalation", again, err)
}
