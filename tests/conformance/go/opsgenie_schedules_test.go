package conformance

import (
	"testing"
	"time"

	"github.com/opsgenie/opsgenie-go-sdk-v2/forwarding_rule"
	"github.com/opsgenie/opsgenie-go-sdk-v2/og"
	"github.com/opsgenie/opsgenie-go-sdk-v2/schedule"
)

func TestScheduleAndRotation(t *testing.T) {
	schedules := must(schedule.NewClient(opsgenie(t)))(t)
	ana, ben := person(t, "rota.ana@acme.example"), person(t, "rota.ben@acme.example")
	owner := crew(t, "Rota", ana, ben)
	made := must(schedules.Create(ctx, &schedule.CreateRequest{
		Name: "rota", Description: "x", Timezone: berlin, Enabled: yes(), OwnerTeam: &og.OwnerTeam{Id: owner},
	}))(t)
	byID := &schedule.GetRequest{IdentifierType: schedule.Id, IdentifierValue: made.Id}
	read := must(schedules.Get(ctx, byID))(t).Schedule
	same(t, "schedule", []any{read.Name, read.Description, read.Timezone, read.Enabled, read.OwnerTeam.Id},
		[]any{"rota", "x", berlin, true, owner})
	must(schedules.Update(ctx, &schedule.UpdateRequest{
		IdentifierType: schedule.Id, IdentifierValue: made.Id, Name: "rota-2", Description: "y", Timezone: "UTC", Enabled: no(), OwnerTeam: &og.OwnerTeam{Id: owner},
	}))(t)
	read = must(schedules.Get(ctx, &schedule.GetRequest{IdentifierType: schedule.Name, IdentifierValue: "rota-2"}))(
		t,
	).Schedule
	same(t, "edited", []any{read.Id, read.Description, read.Timezone, read.Enabled}, []any{made.Id, "y", "UTC", false})

	end := monday.AddDate(1, 0, 0)
	for _, hours := range []*og.TimeRestriction{nil, daytime(), weekdays()} {
		sent := turns(ana, ben)
		sent.EndDate, sent.TimeRestriction = &end, hours
		sent.Participants = append(
			sent.Participants, og.Participant{Type: og.None}, og.Participant{Type: og.Team, Id: owner},
		)
		rotation := must(schedules.CreateRotation(ctx, &schedule.CreateRotationRequest{
			Rotation: &sent, ScheduleIdentifierType: schedule.Id, ScheduleIdentifierValue: made.Id,
		}))(t)
		get := &schedule.GetRotationRequest{
			ScheduleIdentifierType: schedule.Id, ScheduleIdentifierValue: made.Id, RotationId: rotation.Id,
		}
		back := must(schedules.GetRotation(ctx, get))(t)
		same(
			t, "rotation",
			[]any{back.Rotation.Name, back.StartDate, back.EndDate, back.Type, back.Length, back.TimeRestriction},
			[]any{sent.Name, sent.StartDate, sent.EndDate, sent.Type, sent.Length, sent.TimeRestriction},
		)
		same(t, "participants", len(back.Participants), len(sent.Participants))
		for index, one := range back.Participants {
			same(
				t, "participant", []any{one.Type, one.Id},
				[]any{sent.Participants[index].Type, sent.Participants[index].Id},
			)
		}
		changed := turns(ben)
		changed.Type, changed.Length = og.Daily, 2
		must(schedules.UpdateRotation(ctx, &schedule.UpdateRotationRequest{
			Rotation: &changed, ScheduleIdentifierType: schedule.Id, ScheduleIdentifierValue: made.Id, RotationId: rotation.Id,
		}))(t)
		back = must(schedules.GetRotation(ctx, get))(t)
		same(
			t, "edited", []any{back.Type, back.Length, len(back.Participants), back.Participants[0].Id},
			[]any{"daily", 2, 1, ben},
		)
		must(schedules.DeleteRotation(ctx, &schedule.DeleteRotationRequest{
			ScheduleIdentifierType: schedule.Id, ScheduleIdentifierValue: made.Id, RotationId: rotation.Id,
		}))(t)
		again, err := schedules.GetRotation(ctx, get)
		gone(t, "rotation", again, err)
	}
	must(schedules.Delete(ctx, &schedule.DeleteRequest{IdentifierType: schedule.Id, IdentifierValue: made.Id}))(t)
	again, err := schedules.Get(ctx, byID)
	gone(t, "schedule", again, err)
}

// TestWhoIsOnCall is not the provider's: overrides, on-calls, the timeline and forwarding of the SDK.
func TestWhoIsOnCall(t *testing.T) {
	schedules := must(schedule.NewClient(opsgenie(t)))(t)
	forwarding := must(forwarding_rule.NewClient(opsgenie(t)))(t)
	ana, ben := person(t, "who.ana@acme.example"), person(t, "who.ben@acme.example")
	owner := crew(t, "Who", ana, ben)
	made := must(schedules.Create(ctx, &schedule.CreateRequest{
		Name: "who", Timezone: berlin, OwnerTeam: &og.OwnerTeam{Id: owner}, Rotations: []og.Rotation{turns(ana, ben)},
	}))(t)
	at := monday.Add(time.Hour)
	flat := must(
		schedules.GetOnCalls(
			ctx, &schedule.GetOnCallsRequest{
				Flat: yes(), Date: &at, ScheduleIdentifierType: schedule.Id, ScheduleIdentifier: made.Id,
			},
		),
	)(
		t,
	)
	same(t, "on call", []any{flat.OnCallRecipients, flat.Parent.Id}, []any{[]string{"who.ana@acme.example"}, made.Id})
	tree := must(
		schedules.GetOnCalls(
			ctx, &schedule.GetOnCallsRequest{
				Flat: no(), Date: &at, ScheduleIdentifierType: schedule.Name, ScheduleIdentifier: "who",
			},
		),
	)(
		t,
	)
	same(t, "tree", []any{len(tree.OnCallParticipants), tree.OnCallParticipants[0].Id}, []any{1, ana})
	next := must(
		schedules.GetNextOnCall(
			ctx, &schedule.GetNextOnCallsRequest{
				Flat: yes(), Date: &at, ScheduleIdentifierType: schedule.Id, ScheduleIdentifier: made.Id,
			},
		),
	)(
		t,
	)
	same(t, "next", next.Parent.Id, made.Id)
	must(
		schedules.GetNextOnCall(
			ctx, &schedule.GetNextOnCallsRequest{
				Flat: no(), Date: &at, ScheduleIdentifierType: schedule.Id, ScheduleIdentifier: made.Id,
			},
		),
	)(
		t,
	)

	from, to := monday.Add(24*time.Hour), monday.Add(48*time.Hour)
	override := must(schedules.CreateScheduleOverride(ctx, &schedule.CreateScheduleOverrideRequest{
		Alias: "swap", User: schedule.Responder{Type: schedule.UserResponderType, Id: ben}, StartDate: from, EndDate: to,
		ScheduleIdentifierType: schedule.Id, ScheduleIdentifier: made.Id,
	}))(t)
	get := &schedule.GetScheduleOverrideRequest{
		ScheduleIdentifierType: schedule.Id, ScheduleIdentifier: made.Id, Alias: override.Alias,
	}
	read := must(schedules.GetScheduleOverride(ctx, get))(t)
	same(t, "override", []any{read.Alias, read.User.Id, read.StartDate, read.EndDate}, []any{"swap", ben, from, to})
	must(schedules.UpdateScheduleOverride(ctx, &schedule.UpdateScheduleOverrideRequest{
		Alias: "swap", User: schedule.Responder{Type: schedule.UserResponderType, Username: "who.ben@acme.example"}, StartDate: from, EndDate: to.Add(time.Hour),
		ScheduleIdentifierType: schedule.Id, ScheduleIdentifier: made.Id, Rotations: []schedule.RotationIdentifier{{Name: "weekly"}},
	}))(t)
	same(
		t, "overrides", len(
			must(
				schedules.ListScheduleOverride(
					ctx, &schedule.ListScheduleOverrideRequest{
						ScheduleIdentifierType: schedule.Id, ScheduleIdentifier: made.Id,
					},
				),
			)(
				t).ScheduleOverride,
		),
		1,
	)
	timeline := must(schedules.GetTimeline(ctx, &schedule.GetTimelineRequest{
		IdentifierType: schedule.Id, IdentifierValue: made.Id, Expands: []schedule.ExpandType{schedule.Base, schedule.Forwarding, schedule.Override},
		Interval: 2, IntervalUnit: schedule.Weeks, Date: &monday,
	}))(t)
	same(
		t, "timeline", []any{
			len(timeline.FinalTimeline.Rotations), len(timeline.FinalTimeline.Rotations[0].Periods) > 2,
			timeline.ScheduleInfo.Name,
		},
		[]any{1, true, "who"},
	)
	must(
		schedules.DeleteScheduleOverride(
			ctx, &schedule.DeleteScheduleOverrideRequest{
				ScheduleIdentifierType: schedule.Id, ScheduleIdentifier: made.Id, Alias: "swap",
			},
		),
	)(
		t,
	)
	again, err := schedules.GetScheduleOverride(ctx, get)
	gone(t, "override", again, err)

	forward := must(forwarding.Create(ctx, &forwarding_rule.CreateRequest{
		FromUser: forwarding_rule.User{
			Id: ana,
		}, ToUser: forwarding_rule.User{Username: "who.ben@acme.example"}, StartDate: from, EndDate: to, Alias: "away",
	}))(t)
	back := must(
		forwarding.Get(
			ctx, &forwarding_rule.GetRequest{IdentifierType: forwarding_rule.Alias, IdentifierValue: "away"},
		),
	)(
		t,
	).ForwardingRule
	same(
		t, "forwarding", []any{back.Id, back.FromUser.Id, back.ToUser.Id, back.StartDate},
		[]any{forward.Id, ana, ben, from},
	)
	must(forwarding.Update(ctx, &forwarding_rule.UpdateRequest{
		IdentifierType: forwarding_rule.Id, IdentifierValue: forward.Id, FromUser: back.FromUser, ToUser: back.ToUser, StartDate: from, EndDate: to.Add(time.Hour),
	}))(t)
	same(t, "forwardings", len(must(forwarding.List(ctx, &forwarding_rule.ListRequest{}))(t).ForwardingRule), 1)
	must(
		forwarding.Delete(
			ctx, &forwarding_rule.DeleteRequest{IdentifierType: forwarding_rule.Alias, IdentifierValue: "away"},
		),
	)(
		t,
	)
}
