package conformance

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/PagerDuty/go-pagerduty"
)

// pd is go-pagerduty as terraform-provider-pagerduty's newer half sets it up.
func pd(t *testing.T) *pagerduty.Client {
	base := address(t, "PAGERDUTY_ADDRESS")
	return pagerduty.NewClient("sandbox-token-pdpdpd", pagerduty.WithAPIEndpoint(base),
		pagerduty.WithV2EventsAPIEndpoint(base), pagerduty.WithTerraformProvider("1.9.5"))
}

// refused checks the status of an answer, and that its error object could be read.
func refused(t *testing.T, what string, err error, status int, text string) {
	t.Helper()
	var refusal pagerduty.APIError
	if !errors.As(err, &refusal) || refusal.StatusCode != status || !refusal.APIError.Valid ||
		!strings.Contains(err.Error(), text) {
		t.Errorf("%s: %v", what, err)
	}
}

func lost(t *testing.T, what string, err error) {
	t.Helper()
	refused(t, what, err, http.StatusNotFound, "Not Found")
}

func done(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// worker makes a user and gives the id.
func worker(t *testing.T, email string) string {
	t.Helper()
	client := pd(t)
	made := must(client.CreateUserWithContext(ctx, pagerduty.User{
		APIObject: pagerduty.APIObject{Type: "user"}, Name: email, Email: email, Timezone: berlin, Role: "user",
	}))(t)
	t.Cleanup(func() { _ = client.DeleteUserWithContext(ctx, made.ID) })
	return made.ID
}

func target(kind, id string) pagerduty.APIObject {
	return pagerduty.APIObject{ID: id, Type: kind}
}

// ladder makes an escalation policy of one step, without a team.
func ladder(t *testing.T, name string, to pagerduty.APIObject) string {
	t.Helper()
	client := pd(t)
	made := must(client.CreateEscalationPolicyWithContext(ctx, pagerduty.EscalationPolicy{
		APIObject: pagerduty.APIObject{Type: "escalation_policy"}, Name: name,
		EscalationRules: []pagerduty.EscalationRule{{Delay: 5, Targets: []pagerduty.APIObject{to}}},
	}))(t)
	t.Cleanup(func() { _ = client.DeleteEscalationPolicyWithContext(ctx, made.ID) })
	return made.ID
}

// desk makes a service and gives it.
func desk(t *testing.T, name, policy string) *pagerduty.Service {
	t.Helper()
	client := pd(t)
	made := must(client.CreateServiceWithContext(ctx, pagerduty.Service{
		APIObject: pagerduty.APIObject{
			Type: "service",
		}, Name: name, Description: "x", AlertCreation: "create_alerts_and_incidents",
		EscalationPolicy: pagerduty.EscalationPolicy{APIObject: target("escalation_policy_reference", policy)},
	}))(t)
	t.Cleanup(func() { _ = client.DeleteServiceWithContext(ctx, made.ID) })
	return made
}

func TestPagerDutyTeam(t *testing.T) {
	client := pd(t)
	parent := must(client.CreateTeamWithContext(ctx, &pagerduty.Team{Name: "Parent", Description: "x"}))(t)
	made := must(client.CreateTeamWithContext(ctx, &pagerduty.Team{
		Name: "Child", Description: "Managed", Parent: &pagerduty.APIObject{ID: parent.ID, Type: "team_reference"},
	}))(t)
	read := must(client.GetTeamWithContext(ctx, made.ID))(t)
	same(
		t, "team", []any{read.Name, read.Description, read.Parent.ID, read.Type},
		[]any{"Child", "Managed", parent.ID, "team"},
	)
	must(client.UpdateTeamWithContext(ctx, made.ID, &pagerduty.Team{Name: "Child 2", Description: "y"}))(t)
	same(t, "edited", must(client.GetTeamWithContext(ctx, made.ID))(t).Name, "Child 2")
	found := must(client.ListTeamsWithContext(ctx, pagerduty.ListTeamOptions{Query: "Child", Limit: 100}))(t)
	same(t, "data source", []any{len(found.Teams), found.More}, []any{1, false})

	ana := worker(t, "team.pd@acme.example")
	done(
		t, client.AddUserToTeamWithContext(
			ctx, pagerduty.AddUserToTeamOptions{TeamID: made.ID, UserID: ana, Role: "responder"},
		),
	)
	members := must(client.ListTeamMembersPaginated(ctx, made.ID))(t)
	same(t, "membership", []any{len(members), members[0].User.ID, members[0].Role}, []any{1, ana, "responder"})
	done(
		t, client.AddUserToTeamWithContext(
			ctx, pagerduty.AddUserToTeamOptions{TeamID: made.ID, UserID: ana, Role: "manager"},
		),
	)
	page := must(client.ListTeamMembers(ctx, made.ID, pagerduty.ListTeamMembersOptions{Limit: 100}))(t)
	same(t, "edited", []any{page.Members[0].Role, page.Limit, page.More}, []any{"manager", 100, false})
	done(t, client.RemoveUserFromTeamWithContext(ctx, made.ID, ana))
	same(t, "gone", len(must(client.ListTeamMembersPaginated(ctx, made.ID))(t)), 0)
	policy := ladder(t, "Team", target("user_reference", ana))
	done(t, client.AddEscalationPolicyToTeamWithContext(ctx, made.ID, policy))
	done(t, client.RemoveEscalationPolicyFromTeamWithContext(ctx, made.ID, policy))
	done(t, client.DeleteTeamWithContext(ctx, made.ID))
	done(t, client.DeleteTeamWithContext(ctx, parent.ID))
	_, err := client.GetTeamWithContext(ctx, made.ID)
	lost(t, "team", err)
}

func TestPagerDutyUser(t *testing.T) {
	client := pd(t)
	id := worker(t, "user.pd@acme.example")
	read := must(
		client.GetUserWithContext(
			ctx, id, pagerduty.GetUserOptions{Includes: []string{"contact_methods", "notification_rules", "teams"}},
		),
	)(
		t,
	)
	same(
		t, "user", []any{read.Email, read.Timezone, read.Role, len(read.ContactMethods) > 0},
		[]any{"user.pd@acme.example", berlin, "user", true},
	)
	must(client.UpdateUserWithContext(ctx, pagerduty.User{
		APIObject: pagerduty.APIObject{
			ID: id, Type: "user",
		}, Name: "Ana", Email: "user.pd@acme.example", JobTitle: "SRE", Color: "teal", Role: "user", Description: "d",
	}))(t)
	read = must(client.GetUserWithContext(ctx, id, pagerduty.GetUserOptions{}))(t)
	same(
		t, "edited", []any{read.Name, read.JobTitle, read.Color, read.Description, read.Timezone},
		[]any{"Ana", "SRE", "teal", "d", berlin},
	)
	found := must(
		client.ListUsersWithContext(
			ctx, pagerduty.ListUsersOptions{Query: "user.pd@acme.example", Limit: 100, Total: true},
		),
	)(
		t,
	)
	same(t, "data source", []any{len(found.Users), found.Total, found.Users[0].ID}, []any{1, 1, id})
	_, err := client.CreateUserWithContext(ctx, pagerduty.User{Name: "x", Email: "user.pd@acme.example"})
	refused(t, "taken", err, http.StatusBadRequest, "Email has already been taken")

	for _, method := range []pagerduty.ContactMethod{
		{Type: "email_contact_method", Label: "Work", Address: "ana2@acme.example"},
		{Type: "phone_contact_method", Label: "Mobile", Address: "1715550100", CountryCode: 49},
		{Type: "sms_contact_method", Label: "Mobile", Address: "1715550100", CountryCode: 49},
	} {
		made := must(client.CreateUserContactMethodWithContext(ctx, id, method))(t)
		back := must(client.GetUserContactMethodWithContext(ctx, id, made.ID))(t)
		same(
			t, method.Type, []any{back.Type, back.Label, back.Address},
			[]any{method.Type, method.Label, method.Address},
		)
		if method.CountryCode != 0 {
			same(t, "country", back.CountryCode, method.CountryCode)
		}
		_, err := client.CreateUserContactMethodWithContext(ctx, id, method)
		refused(t, "twice", err, http.StatusBadRequest, "User Contact method must be unique")
		back.Label = "Other"
		must(client.UpdateUserContactMethodWthContext(ctx, id, *back))(t)
		same(t, "edited", must(client.GetUserContactMethodWithContext(ctx, id, made.ID))(t).Label, "Other")

		rule := must(client.CreateUserNotificationRuleWithContext(ctx, id, pagerduty.NotificationRule{
			Type: "assignment_notification_rule", StartDelayInMinutes: 7, Urgency: "high",
			ContactMethod: pagerduty.ContactMethod{ID: made.ID, Type: made.Type},
		}))(t)
		told := must(client.GetUserNotificationRuleWithContext(ctx, id, rule.ID))(t)
		// The state holds the contact method's type as it was given, not a reference's.
		same(
			t, "rule",
			[]any{told.StartDelayInMinutes, told.Urgency, told.ContactMethod.ID, told.ContactMethod.Type, told.Type},
			[]any{7, "high", made.ID, method.Type, "assignment_notification_rule"},
		)
		told.Urgency = "low"
		must(client.UpdateUserNotificationRuleWithContext(ctx, id, *told))(t)
		same(
			t, "listed", len(must(client.ListUserNotificationRulesWithContext(ctx, id))(t).NotificationRules) > 0, true,
		)
		done(t, client.DeleteUserNotificationRuleWithContext(ctx, id, rule.ID))
		_, err = client.GetUserNotificationRuleWithContext(ctx, id, rule.ID)
		lost(t, "rule", err)
		done(t, client.DeleteUserContactMethodWithContext(ctx, id, made.ID))
		_, err = client.GetUserContactMethodWithContext(ctx, id, made.ID)
		lost(t, "contact method", err)
	}
	must(client.ListUserContactMethodsWithContext(ctx, id))(t)
	done(t, client.DeleteUserWithContext(ctx, id))
	_, err = client.GetUserWithContext(ctx, id, pagerduty.GetUserOptions{})
	lost(t, "user", err)
}
