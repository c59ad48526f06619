package conformance

import (
	"testing"

	"github.com/opsgenie/opsgenie-go-sdk-v2/contact"
	"github.com/opsgenie/opsgenie-go-sdk-v2/custom_user_role"
	"github.com/opsgenie/opsgenie-go-sdk-v2/notification"
	"github.com/opsgenie/opsgenie-go-sdk-v2/og"
	"github.com/opsgenie/opsgenie-go-sdk-v2/schedule"
	"github.com/opsgenie/opsgenie-go-sdk-v2/team"
	"github.com/opsgenie/opsgenie-go-sdk-v2/user"
)

func TestUser(t *testing.T) {
	users := must(user.NewClient(opsgenie(t)))(t)
	create := &user.CreateRequest{
		Username: "ana.user+oncall@acme.example", FullName: "Ana", Role: &user.UserRoleRequest{RoleName: "User"},
		Locale: "en_US", TimeZone: berlin, Tags: []string{"a", "b"}, SkypeUsername: "ana.skype",
		Details: map[string][]string{"k": {"1", "2"}}, UserAddressRequest: &user.UserAddressRequest{
			Country: "DE", State: "BE", City: "Berlin", Line: "1", ZipCode: "10115",
		},
	}
	made := must(users.Create(ctx, create))(t)
	read := must(users.Get(ctx, &user.GetRequest{Identifier: made.Id}))(t)
	same(t, "username", read.Username, create.Username)
	same(t, "full_name", read.FullName, create.FullName)
	same(t, "role", read.Role.RoleName, "User")
	same(t, "locale", read.Locale, create.Locale)
	same(t, "timezone", read.TimeZone, create.TimeZone)
	same(t, "tags", read.Tags, create.Tags)
	same(t, "skype_username", read.SkypeUsername, create.SkypeUsername)
	same(t, "details", read.Details, create.Details)
	same(t, "user_address", read.UserAddress, create.UserAddressRequest)
	if read.CreatedAt.IsZero() {
		t.Error("no createdAt")
	}

	must(users.Update(ctx, &user.UpdateRequest{
		Identifier: made.Id, FullName: "Ana B", Role: &user.UserRoleRequest{RoleName: "Admin"}, Locale: "de_DE",
		TimeZone: "UTC", Tags: []string{}, UserAddressRequest: &user.UserAddressRequest{}, Details: map[string][]string{},
	}))(t)
	// Import and the data source read by id and by name.
	read = must(users.Get(ctx, &user.GetRequest{Identifier: create.Username}))(t)
	same(t, "id", read.Id, made.Id)
	same(t, "edited", []string{read.FullName, read.Role.RoleName, read.Locale, read.TimeZone},
		[]string{"Ana B", "Admin", "de_DE", "UTC"})

	list := must(users.List(ctx, &user.ListRequest{Limit: 10, Query: "username:ana.user+oncall@acme.example"}))(t)
	same(t, "found", len(list.Users), 1)
	same(t, "total", list.TotalCount, 1)
	must(users.ListUserEscalations(ctx, &user.ListUserEscalationsRequest{Identifier: made.Id}))(t)
	must(users.ListUserForwardingRules(ctx, &user.ListUserForwardingRulesRequest{Identifier: made.Id}))(t)

	must(users.Delete(ctx, &user.DeleteRequest{Identifier: made.Id}))(t)
	again, err := users.Get(ctx, &user.GetRequest{Identifier: made.Id})
	gone(t, "user", again, err)
}

// TestUserLeaves is the provider's delete: memberships and turns go before the user.
func TestUserLeaves(t *testing.T) {
	users := must(user.NewClient(opsgenie(t)))(t)
	teams := must(team.NewClient(opsgenie(t)))(t)
	schedules := must(schedule.NewClient(opsgenie(t)))(t)
	leaver, stayer := person(t, "leaver@acme.example"), person(t, "stayer@acme.example")
	owner := crew(t, "Leavers", leaver, stayer)
	made := must(schedules.Create(ctx, &schedule.CreateRequest{
		Name: "leavers", Timezone: berlin, OwnerTeam: &og.OwnerTeam{Id: owner},
		Rotations: []og.Rotation{turns(leaver, stayer)},
	}))(t)
	of := must(users.ListUserTeams(ctx, &user.ListUserTeamsRequest{Identifier: leaver}))(t)
	same(t, "teams", of.Teams, []user.Team{{Id: owner, Name: "Leavers"}})
	on := must(users.ListUserSchedules(ctx, &user.ListUserSchedulesRequest{Identifier: leaver}))(t)
	found := false
	for _, one := range on.Schedules {
		found = found || one.Id == made.Id
	}
	same(t, "schedules", found, true)
	for _, one := range must(schedules.ListRotations(ctx, &schedule.ListRotationsRequest{
		ScheduleIdentifierType: schedule.Id, ScheduleIdentifierValue: made.Id,
	}))(t).Rotations {
		left := turns(stayer)
		must(schedules.UpdateRotation(ctx, &schedule.UpdateRotationRequest{
			ScheduleIdentifierType: schedule.Id, ScheduleIdentifierValue: made.Id, RotationId: one.Id, Rotation: &left,
		}))(t)
	}
	must(teams.RemoveMember(ctx, &team.RemoveTeamMemberRequest{
		TeamIdentifierType: team.Id, TeamIdentifierValue: owner,
		MemberIdentifierType: team.Id, MemberIdentifierValue: leaver,
	}))(t)
	must(users.Delete(ctx, &user.DeleteRequest{Identifier: leaver}))(t)
}

func TestContact(t *testing.T) {
	contacts := must(contact.NewClient(opsgenie(t)))(t)
	owner := person(t, "contact@acme.example")
	made := must(contacts.Create(ctx, &contact.CreateRequest{
		UserIdentifier: "contact@acme.example", To: "49-305550101", MethodOfContact: contact.Sms,
	}))(t)
	read := must(contacts.Get(ctx, &contact.GetRequest{UserIdentifier: owner, ContactIdentifier: made.Id}))(t)
	same(t, "contact", []any{read.Id, read.MethodOfContact, read.To, read.Status.Enabled},
		[]any{made.Id, "sms", "49-305550101", true})
	must(
		contacts.Update(
			ctx, &contact.UpdateRequest{UserIdentifier: owner, ContactIdentifier: made.Id, To: "49-305550102"},
		),
	)(
		t,
	)
	must(contacts.Disable(ctx, &contact.DisableRequest{UserIdentifier: owner, ContactIdentifier: made.Id}))(t)
	must(contacts.Enable(ctx, &contact.EnableRequest{UserIdentifier: owner, ContactIdentifier: made.Id}))(t)
	must(contacts.Disable(ctx, &contact.DisableRequest{UserIdentifier: owner, ContactIdentifier: made.Id}))(t)
	read = must(contacts.Get(ctx, &contact.GetRequest{UserIdentifier: owner, ContactIdentifier: made.Id}))(t)
	same(t, "edited", []any{read.To, read.Status.Enabled}, []any{"49-305550102", false})
	list := must(contacts.List(ctx, &contact.ListRequest{UserIdentifier: owner}))(t)
	seen := map[string]string{}
	for _, one := range list.Contact {
		seen[one.Id] = one.MethodOfContact
	}
	same(t, "data source", seen[made.Id], "sms")
	must(contacts.Delete(ctx, &contact.DeleteRequest{UserIdentifier: owner, ContactIdentifier: made.Id}))(t)
	again, err := contacts.Get(ctx, &contact.GetRequest{UserIdentifier: owner, ContactIdentifier: made.Id})
	gone(t, "contact", again, err)
}

func TestNotificationRule(t *testing.T) {
	rules := must(notification.NewClient(opsgenie(t)))(t)
	schedules := must(schedule.NewClient(opsgenie(t)))(t)
	person(t, "rules@acme.example")
	mail := og.Contact{To: "rules@acme.example", MethodOfContact: og.Email}
	steps := []*og.Step{
		{Contact: mail, SendAfter: &og.SendAfter{TimeUnit: "minute", TimeAmount: 0}, Enabled: yes()},
		{Contact: mail, SendAfter: &og.SendAfter{TimeUnit: "minute", TimeAmount: 3}, Enabled: no()},
	}
	create := &notification.CreateRuleRequest{
		UserIdentifier: "rules@acme.example", Name: "urgent", ActionType: notification.CreateAlert,
		NotificationTime: []notification.NotificationTimeType{}, Steps: steps, Enabled: yes(), Order: 1,
		Criteria: &og.Criteria{
			CriteriaType: og.MatchAllConditions, Conditions: []og.Condition{condition("priority", "equals", "P1")},
		},
		TimeRestriction: weekdays(), Repeat: &notification.Repeat{LoopAfter: 10, Enabled: yes()},
	}
	made := must(rules.CreateRule(ctx, create))(t).SimpleNotificationRule
	get := &notification.GetRuleRequest{UserIdentifier: "rules@acme.example", RuleId: made.Id}
	read := must(rules.GetRule(ctx, get))(t)
	same(t, "rule", []any{read.Name, read.ActionType, read.Enabled}, []any{"urgent", "create-alert", true})
	same(t, "time_restriction", read.TimeRestriction, create.TimeRestriction)
	same(t, "steps", len(read.Steps), 2)
	for index, step := range read.Steps {
		same(t, "contact", step.Contact, steps[index].Contact)
		same(t, "send_after", step.SendAfter.TimeAmount, steps[index].SendAfter.TimeAmount)
		same(t, "enabled", step.Enabled, *steps[index].Enabled)
	}

	updated := must(rules.UpdateRule(ctx, &notification.UpdateRuleRequest{
		UserIdentifier: "rules@acme.example", RuleId: made.Id, NotificationTime: []notification.NotificationTimeType{},
		Enabled: no(), Order: 1, Steps: steps[:1], Criteria: &og.Criteria{CriteriaType: og.MatchAll},
	}))(t).SimpleNotificationRule
	same(t, "id", updated.Id, made.Id)
	read = must(rules.GetRule(ctx, get))(t)
	same(t, "edited", []any{read.Enabled, len(read.Steps)}, []any{false, 1})
	same(
		t, "listed", len(
			must(rules.ListRule(ctx, &notification.ListRuleRequest{UserIdentifier: "rules@acme.example"}))(
				t,
			).SimpleNotificationRules,
		) > 1,
		true,
	)

	// Steps one by one.
	step := must(rules.CreateRuleStep(ctx, &notification.CreateRuleStepRequest{
		UserIdentifier: "rules@acme.example", RuleId: made.Id, Contact: mail, SendAfter: &og.SendAfter{TimeUnit: "minute", TimeAmount: 7}, Enabled: yes(),
	}))(t)
	all := must(
		rules.ListRuleStep(
			ctx, &notification.ListRuleStepsRequest{UserIdentifier: "rules@acme.example", RuleId: made.Id},
		),
	)(
		t,
	)
	same(t, "steps", len(all.RuleSteps), 2)
	one := must(
		rules.GetRuleStep(
			ctx, &notification.GetRuleStepRequest{
				UserIdentifier: "rules@acme.example", RuleId: made.Id, RuleStepId: step.Id,
			},
		),
	)(
		t,
	)
	same(
		t, "step", []any{one.RuleStep.Id, one.RuleStep.SendAfter.TimeAmount, one.RuleStep.Contact.To},
		[]any{step.Id, 7, "rules@acme.example"},
	)
	must(
		rules.DeleteRuleStep(
			ctx, &notification.DeleteRuleStepRequest{
				UserIdentifier: "rules@acme.example", RuleId: made.Id, RuleStepId: step.Id,
			},
		),
	)(
		t,
	)

	// A rule about a schedule's shifts.
	owner := crew(t, "Rules")
	must(
		schedules.Create(
			ctx, &schedule.CreateRequest{Name: "rules", Timezone: berlin, OwnerTeam: &og.OwnerTeam{Id: owner}},
		),
	)(
		t,
	)
	shifts := must(rules.CreateRule(ctx, &notification.CreateRuleRequest{
		UserIdentifier: "rules@acme.example", Name: "shifts", ActionType: notification.ScheduleStart, Enabled: yes(),
		NotificationTime: []notification.NotificationTimeType{notification.JustBefore, notification.FifteenMinutesAgo},
		Schedules:        []notification.Schedule{{TypeOfSchedule: "schedule", Name: "rules"}}, Steps: steps[:1],
	}))(t).SimpleNotificationRule
	read = must(
		rules.GetRule(ctx, &notification.GetRuleRequest{UserIdentifier: "rules@acme.example", RuleId: shifts.Id}),
	)(
		t,
	)
	same(t, "notification_time", read.NotificationTime, []string{"just-before", "15-minutes-ago"})
	same(t, "schedules", read.Schedules[0].Name, "rules")

	must(rules.DeleteRule(ctx, &notification.DeleteRuleRequest{UserIdentifier: "rules@acme.example", RuleId: made.Id}))(
		t,
	)
	again, err := rules.GetRule(ctx, get)
	gone(t, "notification rule", again, err)
}

func TestCustomRole(t *testing.T) {
	roles := must(custom_user_role.NewClient(opsgenie(t)))(t)
	made := must(roles.Create(ctx, &custom_user_role.CreateRequest{
		Name: "watcher", ExtendedRole: "user", GrantedRights: []string{"alert-delete"}, DisallowedRights: []string{"profile-edit", "contacts-edit"},
	}))(t)
	// The provider reads by name and writes by id.
	read := must(
		roles.Get(ctx, &custom_user_role.GetRequest{Identifier: "watcher", IdentifierType: custom_user_role.Name}),
	)(
		t,
	)
	same(t, "role", []any{read.Id, read.Name, read.ExtendedRole, read.GrantedRights, read.DisallowedRights},
		[]any{made.Id, "watcher", "user", []string{"alert-delete"}, []string{"profile-edit", "contacts-edit"}})
	must(roles.Update(ctx, &custom_user_role.UpdateRequest{
		Identifier: made.Id, IdentifierType: custom_user_role.Id, Name: "watcher", ExtendedRole: "observer", GrantedRights: []string{"alert-create"},
	}))(t)
	read = must(
		roles.Get(ctx, &custom_user_role.GetRequest{Identifier: "watcher", IdentifierType: custom_user_role.Name}),
	)(
		t,
	)
	same(t, "edited", []any{read.ExtendedRole, read.GrantedRights}, []any{"observer", []string{"alert-create"}})
	same(
		t, "listed", must(roles.List(ctx, &custom_user_role.ListRequest{}))(t).CustomUserRoles,
		[]custom_user_role.CustomUserRole{{Id: made.Id, Name: "watcher"}},
	)
	must(roles.Delete(ctx, &custom_user_role.DeleteRequest{Identifier: made.Id, IdentifierType: custom_user_role.Id}))(
		t,
	)
	again, err := roles.Get(
		ctx, &custom_user_role.GetRequest{Identifier: "watcher", IdentifierType: custom_user_role.Name},
	)
	gone(t, "role", again, err)
}
