package conformance

import (
	"testing"
	"time"

	"github.com/PagerDuty/go-pagerduty"
)

func TestPagerDutySchedule(t *testing.T) {
	client := pd(t)
	ana, ben := worker(t, "rota.ana.pd@acme.example"), worker(t, "rota.ben.pd@acme.example")
	start := time.Now().UTC().Truncate(time.Hour).Add(-time.Hour)
	layer := func(name string, users ...string) pagerduty.ScheduleLayer {
		made := pagerduty.ScheduleLayer{
			Name: name, Start: start.Format(time.RFC3339), RotationVirtualStart: start.Format(time.RFC3339), RotationTurnLengthSeconds: 86400,
			Restrictions: []pagerduty.Restriction{
				{Type: "daily_restriction", StartTimeOfDay: "08:00:00", DurationSeconds: 3600 * 12},
			},
		}
		for _, one := range users {
			made.Users = append(made.Users, pagerduty.UserReference{User: target("user_reference", one)})
		}
		return made
	}
	made := must(client.CreateScheduleWithContext(ctx, pagerduty.Schedule{
		APIObject: pagerduty.APIObject{Type: "schedule"}, Name: "rota", TimeZone: berlin, Description: "x",
		ScheduleLayers: []pagerduty.ScheduleLayer{layer("first", ana, ben), layer("second", ben)},
	}))(t)
	since, until := start.Format(time.RFC3339), start.AddDate(0, 0, 7).Format(time.RFC3339)
	read := must(client.GetScheduleWithContext(ctx, made.ID, pagerduty.GetScheduleOptions{Since: since, Until: until}))(
		t,
	)
	same(
		t, "schedule", []any{read.Name, read.TimeZone, read.Description, len(read.ScheduleLayers), len(read.Users)},
		[]any{"rota", berlin, "x", 2, 2},
	)
	// Answered in the reverse of the order they were sent in.
	same(t, "layers", []any{read.ScheduleLayers[0].Name, read.ScheduleLayers[1].Name}, []any{"second", "first"})
	same(
		t, "layer", []any{
			read.ScheduleLayers[1].RotationTurnLengthSeconds, read.ScheduleLayers[1].Restrictions,
			read.ScheduleLayers[1].Users[0].User.ID,
		},
		[]any{86400, layer("").Restrictions, ana},
	)
	same(
		t, "rendered",
		len(read.FinalSchedule.RenderedScheduleEntries) > 0 && read.FinalSchedule.RenderedCoveragePercentage > 0, true,
	)

	read.ScheduleLayers[0], read.ScheduleLayers[1] = read.ScheduleLayers[1], read.ScheduleLayers[0]
	read.Name = "rota 2"
	read.ScheduleLayers[0].Users = read.ScheduleLayers[0].Users[:1]
	must(client.UpdateScheduleWithContext(ctx, made.ID, *read))(t)
	again := must(client.GetScheduleWithContext(ctx, made.ID, pagerduty.GetScheduleOptions{}))(t)
	same(
		t, "edited", []any{again.Name, len(again.ScheduleLayers), len(again.ScheduleLayers[1].Users)},
		[]any{"rota 2", 2, 1},
	)
	same(
		t, "listed",
		len(must(client.ListSchedulesWithContext(ctx, pagerduty.ListSchedulesOptions{Query: "rota 2"}))(t).Schedules),
		1,
	)
	done(t, client.PreviewScheduleWithContext(ctx, *read, pagerduty.PreviewScheduleOptions{Since: since, Until: until}))

	override := must(client.CreateOverrideWithContext(ctx, made.ID, pagerduty.Override{
		Start: start.Add(48 * time.Hour).
			Format(time.RFC3339),
		End: start.Add(50 * time.Hour).Format(time.RFC3339), User: target("user_reference", ana),
	}))(t)
	same(t, "override", []any{override.ID != "", override.User.ID}, []any{true, ana})
	listed := must(
		client.ListOverridesWithContext(ctx, made.ID, pagerduty.ListOverridesOptions{Since: since, Until: until}),
	)(
		t,
	).Overrides
	same(t, "overrides", []any{len(listed), listed[0].ID}, []any{1, override.ID})
	users := must(
		client.ListOnCallUsersWithContext(ctx, made.ID, pagerduty.ListOnCallUsersOptions{Since: since, Until: until}),
	)(
		t,
	)
	same(t, "on call in a week", len(users), 2)
	done(t, client.DeleteOverrideWithContext(ctx, made.ID, override.ID))

	policy := ladder(t, "Rota", target("schedule_reference", made.ID))
	calls := must(client.ListOnCallsWithContext(ctx, pagerduty.ListOnCallOptions{
		EscalationPolicyIDs: []string{policy}, Since: since, Until: until, Includes: []string{"users", "schedules"},
	}))(t).OnCalls
	same(
		t, "on-calls", []any{
			len(calls) > 0, calls[0].EscalationLevel, calls[0].EscalationPolicy.ID, calls[0].Schedule.Name,
			calls[0].User.Email != "",
		},
		[]any{true, 1, policy, "rota 2", true},
	)
	err := client.DeleteScheduleWithContext(ctx, made.ID)
	refused(t, "in use", err, 400, "Schedule can't be deleted if it's being used by escalation policies")
	done(t, client.DeleteEscalationPolicyWithContext(ctx, policy))
	done(t, client.DeleteScheduleWithContext(ctx, made.ID))
	_, err = client.GetScheduleWithContext(ctx, made.ID, pagerduty.GetScheduleOptions{})
	lost(t, "schedule", err)
}

func TestPagerDutyEscalationPolicy(t *testing.T) {
	client := pd(t)
	ana, ben := worker(t, "steps.ana.pd@acme.example"), worker(t, "steps.ben.pd@acme.example")
	team := must(client.CreateTeamWithContext(ctx, &pagerduty.Team{Name: "Steps"}))(t)
	policy := pagerduty.EscalationPolicy{
		APIObject: pagerduty.APIObject{Type: "escalation_policy"}, Name: "steps", Description: "x", NumLoops: 2,
		Teams: []pagerduty.APIReference{{ID: team.ID, Type: "team_reference"}},
		EscalationRules: []pagerduty.EscalationRule{
			{
				Delay: 5, Targets: []pagerduty.APIObject{target("user_reference", ana)},
			}, {Delay: 10, Targets: []pagerduty.APIObject{target("user_reference", ana), target("user_reference", ben)}},
		},
	}
	made := must(client.CreateEscalationPolicyWithContext(ctx, policy))(t)
	read := must(
		client.GetEscalationPolicyWithContext(
			ctx, made.ID, &pagerduty.GetEscalationPolicyOptions{Includes: []string{"teams"}},
		),
	)(
		t,
	)
	same(
		t, "policy", []any{
			read.Name, read.Description, read.NumLoops, read.Teams[0].ID, len(read.EscalationRules),
			read.EscalationRules[1].Delay, len(read.EscalationRules[1].Targets),
		},
		[]any{"steps", "x", 2, team.ID, 2, 10, 2},
	)
	read.Name, read.EscalationRules = "steps 2", read.EscalationRules[:1]
	must(client.UpdateEscalationPolicyWithContext(ctx, made.ID, *read))(t)
	found := must(
		client.ListEscalationPoliciesWithContext(
			ctx, pagerduty.ListEscalationPoliciesOptions{Query: "steps", UserIDs: []string{ana}},
		),
	)(
		t,
	)
	same(
		t, "data source", []any{len(found.EscalationPolicies), len(found.EscalationPolicies[0].EscalationRules)},
		[]any{1, 1},
	)
	done(t, client.DeleteEscalationPolicyWithContext(ctx, made.ID))
	_, err := client.GetEscalationPolicyWithContext(ctx, made.ID, nil)
	lost(t, "policy", err)
	done(t, client.DeleteTeamWithContext(ctx, team.ID))
}
