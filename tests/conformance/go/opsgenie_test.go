// Package conformance runs the vendors' own Go libraries, unchanged, against a running sandbox.
//
// The OpsGenie stories do with opsgenie-go-sdk-v2 what terraform-provider-opsgenie does with it for each of its
// resources and data sources: create, read back every field it keeps in its state, edit, import, destroy.
package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/opsgenie/opsgenie-go-sdk-v2/client"
	"github.com/opsgenie/opsgenie-go-sdk-v2/og"
	"github.com/opsgenie/opsgenie-go-sdk-v2/team"
	"github.com/opsgenie/opsgenie-go-sdk-v2/user"
	"github.com/sirupsen/logrus"
)

var ctx = context.Background()

// address is what the environment says a server of the sandbox listens at; without it there is nothing to test.
func address(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Skipf("%s is not set: it is the address of a sandbox", name)
	}
	return value
}

// opsgenie is the SDK's configuration as the provider makes it. The address is a bare host: without "api" in it the
// SDK speaks plain HTTP.
func opsgenie(t *testing.T) *client.Config {
	silent := logrus.New()
	silent.SetOutput(io.Discard)
	return &client.Config{
		ApiKey: "11111111-2222-3333-4444-555555555555", OpsGenieAPIURL: client.ApiUrl(address(t, "OPSGENIE_ADDRESS")),
		RetryCount: 10, Backoff: retryablehttp.DefaultBackoff, Logger: silent,
	}
}

// must gives the value of a call that has to succeed.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// same compares as JSON, so that values behind pointers count.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	left, right := string(must(json.Marshal(got))(t)), string(must(json.Marshal(want))(t))
	if left != right {
		t.Errorf("%s: got %s, want %s", what, left, right)
	}
}

// gone checks that a read finds nothing, in the form by which the provider drops the object from its state.
func gone[T any](t *testing.T, what string, _ T, err error) {
	t.Helper()
	var refusal *client.ApiError
	if !errors.As(err, &refusal) || refusal.StatusCode != http.StatusNotFound {
		t.Errorf("%s after its delete: %v", what, err)
	}
}

// order tells the sandbox's admin API something: faults, or a seed.
func order(t *testing.T, path, body string) {
	t.Helper()
	answer := must(http.Post(address(t, "SANDBOX_PAGE")+path, "application/json", strings.NewReader(body)))(t)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", path, answer.Status)
	}
}

func yes() *bool { value := true; return &value }
func no() *bool  { value := false; return &value }

func number[T any](value T) *T { return &value }

var berlin = "Europe/Berlin"

// person makes a user as the provider does and gives the id.
func person(t *testing.T, username string) string {
	t.Helper()
	users := must(user.NewClient(opsgenie(t)))(t)
	made := must(users.Create(ctx, &user.CreateRequest{
		Username: username, FullName: "A Person", Role: &user.UserRoleRequest{RoleName: "User"}, Locale: "en_US",
		TimeZone: berlin, Tags: []string{}, UserAddressRequest: &user.UserAddressRequest{},
		Details: map[string][]string{},
	}))(t)
	t.Cleanup(func() { _, _ = users.Delete(ctx, &user.DeleteRequest{Identifier: made.Id}) })
	return made.Id
}

// crew makes a team of the members given, as the provider does, and gives the id.
func crew(t *testing.T, name string, members ...string) string {
	t.Helper()
	teams := must(team.NewClient(opsgenie(t)))(t)
	rows := []team.Member{}
	for _, member := range members {
		rows = append(rows, team.Member{User: team.User{ID: member}, Role: "user"})
	}
	must(teams.Create(ctx, &team.CreateTeamRequest{Name: name, Description: "x", Members: rows}))(t)
	read := must(teams.Get(ctx, &team.GetTeamRequest{IdentifierType: team.Name, IdentifierValue: name}))(t)
	t.Cleanup(func() {
		_, _ = teams.Delete(ctx, &team.DeleteTeamRequest{IdentifierType: team.Id, IdentifierValue: read.Id})
	})
	return read.Id
}

// condition is one condition as the provider sends it.
func condition(field, operation, expected string) og.Condition {
	return og.Condition{
		Field: og.ConditionFieldType(field), Operation: og.ConditionOperation(operation), ExpectedValue: expected,
		IsNot: no(), Order: number(0),
	}
}

// weekdays are the working hours from Monday to Friday.
func weekdays() *og.TimeRestriction {
	return &og.TimeRestriction{
		Type: og.WeekdayAndTimeOfDay, RestrictionList: []og.Restriction{{
			StartDay: og.Monday, StartHour: number(uint32(9)), StartMin: number(uint32(0)),
			EndDay: og.Friday, EndHour: number(uint32(18)), EndMin: number(uint32(30)),
		}},
	}
}

// daytime is the same stretch of hours every day.
func daytime() *og.TimeRestriction {
	return &og.TimeRestriction{
		Type: og.TimeOfDay, Restriction: og.Restriction{
			StartHour: number(uint32(8)), StartMin: number(uint32(0)),
			EndHour: number(uint32(18)), EndMin: number(uint32(30)),
		},
	}
}
