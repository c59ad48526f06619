package conformance

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/opsgenie/opsgenie-go-sdk-v2/alert"
	"github.com/opsgenie/opsgenie-go-sdk-v2/incident"
	"github.com/opsgenie/opsgenie-go-sdk-v2/og"
	"github.com/opsgenie/opsgenie-go-sdk-v2/service"
)

func TestService(t *testing.T) {
	services := must(service.NewClient(opsgenie(t)))(t)
	owner := crew(t, "Servers")
	made := must(
		services.Create(
			ctx, &service.CreateRequest{
				Name: "z-weather", TeamId: owner, Description: "x", Visibility: service.TeamMembers,
				Tags: []string{"a", "b"},
			},
		),
	)(
		t,
	)
	read := must(services.Get(ctx, &service.GetRequest{Id: made.Id}))(t).Service
	same(
		t, "service", read, service.Service{
			Id: made.Id, Name: "z-weather", Description: "x", Visibility: service.TeamMembers, TeamId: owner,
			Tags: []string{"a", "b"},
		},
	)
	must(services.Update(ctx, &service.UpdateRequest{Id: made.Id, Name: "z-tides", Description: "y"}))(t)

	// opsgenie_service_incident_rule: found in the list of the service's rules.
	rule := must(services.CreateIncidentRule(ctx, &service.CreateIncidentRuleRequest{
		ServiceId: made.Id, ConditionMatchType: og.MatchAllConditions, Conditions: []og.Condition{condition("message", "contains", "db")},
		IncidentProperties: incidentProperties("down"),
	}))(t)
	listed := must(services.GetIncidentRules(ctx, &service.GetIncidentRulesRequest{ServiceId: made.Id}))(t).IncidentRule
	same(t, "incident rules", len(listed), 1)
	same(
		t, "incident rule", []any{listed[0].Id, listed[0].ConditionMatchType, listed[0].IncidentProperties},
		[]any{rule.Id, "match-all-conditions", incidentProperties("down")},
	)
	same(
		t, "condition", []any{
			listed[0].Conditions[0].Field, listed[0].Conditions[0].Operation, listed[0].Conditions[0].ExpectedValue,
			listed[0].Conditions[0].IsNot,
		},
		[]any{"message", "contains", "db", false},
	)
	must(services.UpdateIncidentRule(ctx, &service.UpdateIncidentRuleRequest{
		ServiceId: made.Id, IncidentRuleId: rule.Id, ConditionMatchType: og.MatchAll, IncidentProperties: incidentProperties("gone"),
	}))(t)
	listed = must(services.GetIncidentRules(ctx, &service.GetIncidentRulesRequest{ServiceId: made.Id}))(t).IncidentRule
	same(
		t, "edited",
		[]any{listed[0].ConditionMatchType, listed[0].IncidentProperties.Message, len(listed[0].Conditions)},
		[]any{"match-all", "gone", 0},
	)
	must(
		services.DeleteIncidentRule(
			ctx, &service.DeleteIncidentRuleRequest{ServiceId: made.Id, IncidentRuleId: rule.Id},
		),
	)(
		t,
	)
	same(
		t, "deleted",
		len(must(services.GetIncidentRules(ctx, &service.GetIncidentRulesRequest{ServiceId: made.Id}))(t).IncidentRule),
		0,
	)

	// The data source walks the pages: it takes the offset from the third part of the next page's address.
	for index := range 101 {
		must(services.Create(ctx, &service.CreateRequest{Name: "many-" + strconv.Itoa(index), TeamId: owner}))(t)
	}
	offset, found, pages := 0, false, 0
	for !found {
		page := must(services.List(ctx, &service.ListRequest{Limit: 100, Offset: offset}))(t)
		pages++
		for _, one := range page.Services {
			found = found || one.Name == "z-tides" && one.TeamId == owner && one.Description == "y"
		}
		if page.Paging.Next == "" || found {
			break
		}
		parts := strings.Split(page.Paging.Next, "&")
		if len(parts) < 3 || !strings.HasPrefix(parts[2], "offset=") {
			t.Fatalf("the provider can't take %s apart", page.Paging.Next)
		}
		offset = must(strconv.Atoi(strings.Split(parts[2], "=")[1]))(t)
	}
	same(t, "data source", []any{found, pages}, []any{true, 2})
	must(services.Delete(ctx, &service.DeleteRequest{Id: made.Id}))(t)
	again, err := services.Get(ctx, &service.GetRequest{Id: made.Id})
	gone(t, "service", again, err)
}

func incidentProperties(message string) service.IncidentProperties {
	return service.IncidentProperties{
		Message: message, Tags: []string{"t"}, Details: map[string]string{"0": "d"}, Description: "x", Priority: alert.P1,
		StakeholderProperties: service.StakeholderProperties{Enable: yes(), Message: "told", Description: "y"},
	}
}

func TestIncidentTemplate(t *testing.T) {
	templates := must(incident.NewClient(opsgenie(t)))(t)
	services := must(service.NewClient(opsgenie(t)))(t)
	owner := crew(t, "Templates")
	target := must(services.Create(ctx, &service.CreateRequest{Name: "impacted", TeamId: owner}))(t)
	properties := incident.StakeholderProperties{Enable: yes(), Message: "told", Description: "y"}
	made := must(templates.CreateIncidentTemplate(ctx, &incident.CreateIncidentTemplateRequest{
		Name: "outage", Message: "down", Description: "x", Tags: []string{"t"}, Details: map[string]string{"k": "v"}, Priority: incident.P2,
		ImpactedServices: []string{target.Id}, StakeholderProperties: properties,
	}))(t)
	find := func() *incident.TemplateIncident {
		t.Helper()
		read := must(templates.GetIncidentTemplate(ctx, &incident.GetIncidentTemplateRequest{}))(t)
		for _, one := range read.IncidentTemplates["incidentTemplates"] {
			if one.IncidentTemplateId == made.IncidentTemplateId {
				return &one
			}
		}
		return nil
	}
	read := find()
	if read == nil {
		t.Fatal("the template is not in the list")
	}
	same(t, "template", read, incident.TemplateIncident{
		Name: "outage", IncidentTemplateId: made.IncidentTemplateId, Message: "down", Description: "x", Tags: []string{"t"}, Details: map[string]string{"k": "v"},
		Priority: incident.P2, ImpactedServices: []string{target.Id}, StakeholderProperties: properties,
	})
	must(templates.UpdateIncidentTemplate(ctx, &incident.UpdateIncidentTemplateRequest{
		IncidentTemplateId: made.IncidentTemplateId, Name: "outage 2", Message: "still", Priority: incident.P3, StakeholderProperties: properties,
	}))(t)
	read = find()
	same(t, "edited", []any{read.Name, read.Message, read.Priority}, []any{"outage 2", "still", "P3"})
	must(
		templates.DeleteIncidentTemplate(
			ctx, &incident.DeleteIncidentTemplateRequest{IncidentTemplateId: made.IncidentTemplateId},
		),
	)(
		t,
	)
	same(t, "deleted", find() == nil, true)
}

func TestRetries(t *testing.T) {
	services := must(service.NewClient(opsgenie(t)))(t)
	owner := crew(t, "Retried")
	order(
		t, "/sandbox/faults",
		`{"faults": [{"vendor": "opsgenie", "method": "POST", "path": "/v1/services", "action": {"status": 429, "retry_after": 0}},
		{"vendor": "opsgenie", "method": "GET", "path": "/v1/services", "action": {"status": 503}}]}`,
	)
	made := must(services.Create(ctx, &service.CreateRequest{Name: "retried", TeamId: owner}))(t)
	same(t, "read", must(services.Get(ctx, &service.GetRequest{Id: made.Id}))(t).Service.Name, "retried")
	order(t, "/sandbox/faults", `{"faults": [{"vendor": "opsgenie", "method": "GET", "path": "/v1/services", "action": {"drop": true}}]}`)
	same(t, "read", must(services.Get(ctx, &service.GetRequest{Id: made.Id}))(t).Service.Name, "retried")
	before := time.Now()
	_, err := services.Create(ctx, &service.CreateRequest{Name: "retried", TeamId: owner})
	if err == nil || time.Since(before) > time.Second ||
		!strings.Contains(err.Error(), strconv.Itoa(http.StatusConflict)) {
		t.Errorf("a taken name: %v", err)
	}
	must(services.Delete(ctx, &service.DeleteRequest{Id: made.Id}))(t)
}
